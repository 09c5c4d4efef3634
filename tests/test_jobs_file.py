"""The jobs file: what it may say, and what it is told when it says something else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import BadInput
from scripts.jobs.jobs_file import plan_at
from scripts.jobs.times import parsed

FULL = """
archive = "news archive.db"
contact = "desk@daily.example"
log = "hemeroteca.log"
health = "127.0.0.1:9000"

[alerts]
to = ["json://localhost:8080/", "mailto://${MAIL_USER}:${MAIL_WORD}@daily.example"]
tries = 2
pause = 0.5

[jobs.nightly]
sites = ["insightcrime", "https://www.example.org/"]
schedule = "17 3 * * *"

[jobs.recheck]
sites = "insightcrime"
schedule = "@weekly"
mode = "recheck"
since = "90 days"
until = "2w"
limit = 500
requests = 800
minutes = 50
delay = 4
tolerance = 10
settings = { most_lists = 50 }
"""


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HEMEROTECA_CONTACT", raising=False)
    monkeypatch.setenv("MAIL_USER", "desk")
    monkeypatch.setenv("MAIL_WORD", "open sesame")


def refused(text: str) -> str:
    """What a jobs file is told, without the path of its folder."""
    Path("hemeroteca.toml").write_text(text)
    with pytest.raises(BadInput) as refusal:
        plan_at(None)
    return str(refusal.value).replace(f"{Path.cwd()}/", "")


def job_with(line: str) -> str:
    """A jobs file whose sixth line is this one."""
    return (
        'contact = "me@daily.example"\n\n[jobs.nightly]\nsites = ["insightcrime"]\n'
        f'schedule = "17 3 * * *"\n{line}\n'
    )


def test_a_jobs_file_says_what_is_crawled_when_and_how(tmp_path: Path) -> None:
    Path("hemeroteca.toml").write_text(FULL)
    plan = plan_at(None)
    nightly, recheck = plan.jobs["nightly"], plan.jobs["recheck"]
    assert nightly.sites == ("insightcrime", "https://www.example.org/")
    assert nightly.site_names() == ["insightcrime", "example.org"]
    assert nightly.archive == recheck.archive == str(tmp_path / "news archive.db")
    assert (nightly.mode, recheck.mode, recheck.since) == ("due", "recheck", "90 days")
    assert plan.health == ("127.0.0.1", 9000)
    assert plan.log == str(tmp_path / "hemeroteca.log")
    assert plan.alerts.to[1] == "mailto://desk:open sesame@daily.example"
    assert recheck.command(Path("r.json")) == [
        "--archive", str(tmp_path / "news archive.db"), "--quiet", "crawl", "--no-progress",
        "--mode=recheck", "--limit=500", "--requests=800", "--minutes=50", "--since=90 days",
        "--until=2w", "--delay=4", "--tolerance=10",
        "--contact=desk@daily.example", "--job=recheck", "--report=r.json", "--set=most_lists=50",
        "--", "insightcrime",
    ]  # fmt: skip


def test_a_day_may_stand_there_as_one() -> None:
    Path("hemeroteca.toml").write_text(job_with("since = 2016-07-11"))
    job = plan_at(None).jobs["nightly"]
    assert job.since == date(2016, 7, 11)
    assert "--since=2016-07-11" in job.command(Path("r.json"))


def test_paths_are_meant_from_where_the_file_stands(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "jobs.toml").write_text(job_with('archive = "x.db"'))
    assert plan_at("there/jobs.toml").jobs["nightly"].archive == str(tmp_path / "there" / "x.db")


def test_no_secret_shows_in_what_is_printed_of_a_plan() -> None:
    Path("hemeroteca.toml").write_text(FULL)
    assert "sesame" not in repr(plan_at(None))


def test_variables_may_stand_in_a_file_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_WORD")
    Path("mail.env").write_text("# for the alerts\nMAIL_WORD='from the file'\n")
    Path("hemeroteca.toml").write_text('secrets = "mail.env"\n' + FULL)
    plan = plan_at(None)
    assert plan.alerts.to[1] == "mailto://desk:from the file@daily.example"
    assert plan.borrowed == {"MAIL_USER"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            job_with('shedule = "1 1 * * *"'),
            "line 6: jobs.nightly.shedule is no key of the jobs file: did you mean 'schedule'",
        ),
        ('contect = "x"', "line 1: contect is no key of the jobs file: did you mean 'contact'"),
        (job_with("limit = '50'"), "line 6: jobs.nightly.limit is '50'; it should be a whole"),
        (job_with("limit = true"), "line 6: jobs.nightly.limit is True; it should be a whole"),
        (job_with("limit = 0"), "line 6: jobs.nightly.limit is 0; it should be 1 or more"),
        (job_with("tolerance = 101"), "line 6: jobs.nightly.tolerance is 101; it should be betw"),
        (job_with('mode = "lates"'), "line 6: jobs.nightly.mode is 'lates': did you mean 'lates"),
        (job_with("settings = {most_list = 5}"), "line 6: jobs.nightly.settings.most_list 'most_"),
        (job_with("sites = ['x']"), "line 6: a key stands there twice"),
        (job_with("delay = "), "line 6, column 9: invalid value"),
        (job_with("[jobs.nightly]"), "line 6: jobs.nightly stands there twice"),
        (
            job_with("[jobs.other]\nsites = 'insightcrime'\nschedule = '17  3 * * *'"),
            "line 6: jobs.other does the same as jobs.nightly: remove one of them",
        ),
        (job_with("[jobs.Über]"), "can't be read as TOML"),
        (job_with('[jobs."two words"]'), "line 6: jobs.two words is no name for a job"),
        (job_with("[jobs.bare]"), "line 6: jobs.bare has no 'sites': name what to crawl"),
        (job_with("[jobs.b]\nsites = 'faro'"), "line 6: jobs.b has no 'schedule': say when"),
        (job_with("[alerts]\nto = 'me@daily.example'"), "line 7: alerts.to holds no address"),
        (job_with("[alerts]\nto = []"), "line 7: alerts.to should be a list of texts"),
        (job_with("[alerts]\nto = '${NOWHERE}'"), "line 7: alerts.to asks for the environment va"),
        ('contact = "x"', "line 1: jobs is missing: a job is a table such as [jobs.nightly]"),
        ("", "line 1: jobs is missing"),
        ("[jobs]\nnightly = 5", "line 2: jobs.nightly is no table"),
        ('health = "8753"\n' + job_with(""), "line 1: health is '8753'; it should be HOST:PORT"),
        ('secrets = "no.env"\n' + job_with(""), "line 1: secrets can't be read: There is no f"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_key(text: str, told: str) -> None:
    assert told in refused(text)


def test_a_site_that_is_not_known_is_told() -> None:
    told = refused('contact = "x@y.z"\n[jobs.a]\nschedule = "@daily"\nsites = ["insigthcrime"]')
    assert "line 4: jobs.a.sites can't be crawled: No site is named 'insigthcrime'" in told


def test_somebody_elses_site_is_not_crawled_without_a_contact() -> None:
    told = refused('[jobs.a]\nschedule = "@daily"\nsites = "insightcrime"')
    assert "line 1: jobs.a has no contact" in told
    Path("hemeroteca.toml").write_text(
        '[jobs.a]\nschedule = "@daily"\nsites = "http://127.0.0.1:8000/"'
    )
    assert plan_at(None).job("a").contact is None


def test_without_a_jobs_file_it_is_said_how_to_name_one() -> None:
    with pytest.raises(BadInput, match=r"There is no hemeroteca\.toml here: .* --jobs FILE"):
        plan_at(None)
    with pytest.raises(BadInput, match="There is no file"):
        plan_at("other.toml")


def test_an_unknown_job_is_a_sentence() -> None:
    Path("hemeroteca.toml").write_text(FULL)
    with pytest.raises(BadInput, match="has no job 'nigthly': did you mean 'nightly'"):
        plan_at(None).job("nigthly")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("17 3 * *", "it has 4 fields, not five"),
        ("60 3 * * *", "its minute '60' is not between 0 and 59"),
        ("0 24 * * *", "its hour '24' is not between 0 and 23"),
        ("0 0 0 * *", "its day of the month '0' is not between 1 and 31"),
        ("0 0 * * mod", "its day of the week 'mod' is not between 0 and 7"),
        ("5-1 * * * *", "its minute '5-1' ends before it begins"),
        ("*/0 * * * *", "its minute '*/0' goes on in steps of 0"),
        ("1,,2 * * * *", "its minute '' can't be understood"),
        ("0 0 31 2,4 *", "none of its months has such a day"),
        ("@nightly", "it is none of @hourly, @daily"),
    ],
)
def test_a_schedule_that_is_none_is_told_why(text: str, told: str) -> None:
    toml = f'contact = "x"\n[jobs.a]\nsites = "faro"\nschedule = "{text}"'
    assert f"line 4: jobs.a.schedule is '{text}': {told}" in refused(toml)


MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ("17 * * * *", ["23 12:17", "23 13:17"]),
        ("*/20 6-7 * * *", ["24 06:00", "24 06:20", "24 06:40", "24 07:00"]),
        ("0 0 * * 0", ["29 00:00"]),
        ("0 0 * * 7", ["29 00:00"]),
        ("0 0 * * sun-tue", ["24 00:00", "29 00:00", "30 00:00"]),
        ("0 5 25 * fri", ["25 05:00", "27 05:00"]),
        ("@daily", ["24 00:00", "25 00:00"]),
    ],
)
def test_times_are_those_of_crontab(
    text: str, following: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    times, moment = parsed(text), MONDAY
    for expected in following:
        moment = times.next_after(moment)
        assert f"{moment:%d %H:%M}" == expected


fields = st.tuples(st.integers(0, 59), st.integers(0, 23), st.integers(1, 28), st.integers(1, 12))


@given(fields, st.integers(0, 10 * 366 * 24 * 60))
def test_the_next_time_is_later_and_is_one_that_was_named(
    numbers: tuple[int, int, int, int], minutes_later: int
) -> None:
    minute, hour, day, month = numbers
    now = MONDAY + timedelta(minutes=minutes_later)
    found = parsed(f"{minute} {hour} {day} {month} *").next_after(now)
    assert now < found <= now + timedelta(days=367)
    assert (found.minute, found.hour, found.day, found.month) == (minute, hour, day, month)


def test_a_job_may_ask_a_web_archive() -> None:
    Path("hemeroteca.toml").write_text(
        FULL + '[jobs.lost]\nsites = "insightcrime"\nschedule = "@monthly"\nsource = "wayback"\n'
    )
    job = plan_at(None).jobs["lost"]
    assert job.told_mode == "wayback"
    assert "--source=wayback" in job.command(Path("report.json"))
    assert "source" not in " ".join(plan_at(None).jobs["nightly"].command(Path("report.json")))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('source = "waybak"', "'waybak'"),
        ('source = "wayback"\nmode = "latest"', "a web archive takes due or backfill"),
    ],
)
def test_a_source_that_is_none_is_refused_with_its_line(line: str, words: str) -> None:
    said = refused(job_with(line))
    assert words in said
    assert "line 6" in said or "line 7" in said
