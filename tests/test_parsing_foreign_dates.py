"""Dates in words of languages that have no table here: the last resort, and what it is not."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.article import Article
from crawler.parsing import foreign_dates, parse_article
from crawler.parsing.foreign_dates import MOST_ASKED, asked_date

CAPTURED = datetime(2024, 5, 4, 12, 0, tzinfo=UTC)
TEXTS = {
    "hi": "नगर परिषद ने बुधवार को नए पुल के निर्माण का निर्णय लिया और कहा कि काम शरद ऋतु में "
    "शुरू होगा। परिषद के अध्यक्ष ने बताया कि इस पर दो करोड़ रुपये खर्च होंगे और यह काम एक साल में पूरा होगा।",
    "bn": "নগর পরিষদ বুধবার নতুন সেতু নির্মাণের সিদ্ধান্ত নিয়েছে এবং বলেছে যে কাজ শরৎকালে শুরু হবে। "
    "পরিষদের সভাপতি জানান যে এতে দুই কোটি টাকা খরচ হবে এবং এক বছরের মধ্যে কাজ শেষ হবে।",
    "ka": "საქალაქო საბჭომ ოთხშაბათს გადაწყვიტა ახალი ხიდის აშენება და განაცხადა, რომ სამუშაო "
    "შემოდგომაზე დაიწყება. საბჭოს თავმჯდომარემ თქვა, "
    "რომ ეს ორი მილიონი დაჯდება და ერთ წელიწადში დასრულდება.",
    "th": "สภาเมืองมีมติเมื่อวันพุธให้สร้างสะพานใหม่และกล่าวว่างานจะเริ่มในฤดูใบไม้ร่วง "
    "ประธานสภากล่าวว่าจะใช้เงินสองล้านและงานจะเสร็จภายในหนึ่งปีข้างหน้า โดยชาวเมืองต่างยินดีกับข่าวนี้",
    "am": "የከተማው ምክር ቤት ረቡዕ ዕለት አዲስ ድልድይ እንዲሠራ ወሰነ፤ ሥራው በመኸር ወቅት እንደሚጀመርም አስታወቀ። "
    "የምክር ቤቱ ሊቀመንበር ሥራው ሁለት ሚሊዮን እንደሚፈጅና በአንድ ዓመት ውስጥ እንደሚጠናቀቅ ተናግረዋል።",
    "vi": "Hội đồng thành phố hôm thứ Tư đã quyết định xây một cây cầu mới và cho biết công việc "
    "sẽ bắt đầu vào mùa thu. Chủ tịch hội đồng nói rằng việc này sẽ tốn hai triệu "
    "và được hoàn thành trong một năm.",
}


def article(language: str, line: str, *, fetched_at: datetime | None = CAPTURED) -> Article:
    text = TEXTS[language]
    page = (
        f'<html lang="{language}"><body><article><h1>{text[:30]}</h1>{line}'
        f"<p>{text}</p><p>{text[::-1]}</p><p>{text}</p></article></body></html>"
    )
    return parse_article(page.encode(), url="https://lume.example/news/one", fetched_at=fetched_at)


@pytest.mark.parametrize(
    ("language", "line", "published"),
    [
        ("hi", '<span class="date">3 मई 2024</span>', "2024-05-03"),
        ("hi", "<time>शुक्रवार, ३ मई २०२४</time>", "2024-05-03"),
        ("hi", "<p>3 मई 2024, 14:20 IST</p>", "2024-05-03T14:20:00"),
        ("bn", '<p class="date">প্রকাশ: ০৩ মে ২০২৪, ১৪:২০</p>', "2024-05-03T14:20:00"),
        ("ka", '<div class="post-date">3 მაისი, 2024</div>', "2024-05-03"),
        ("th", '<span class="date">3 พ.ค. 2567 | 14:20 น.</span>', "2024-05-03"),
        ("am", '<span class="date">ሜይ 3, 2024</span>', "2024-05-03"),
        ("vi", '<span class="date">Thứ Ba, 5 Tháng Ba 2024</span>', "2024-03-05"),
    ],
)
def test_a_date_in_words_without_a_table_is_asked_for(
    language: str, line: str, published: str
) -> None:
    record = article(language, line)
    assert record.language == language
    assert record.published == published
    assert record.provenance["published"].source in ("class:date", "line:date")


def test_a_date_in_words_in_the_head_goes_before_lines() -> None:
    found = article("ka", '<meta name="date" content="2 მაისი 2024"><p>3 მაისი 2024</p>')
    assert (found.published, found.provenance["published"].source) == ("2024-05-02", "meta:date")


def test_hours_ago_are_counted_back_from_the_capture_and_unknown_without_it() -> None:
    line = '<span class="date">3 घंटे पहले</span>'
    assert article("hi", line).published == "2024-05-04T09:00:00+00:00"
    assert article("hi", line, fetched_at=None).published is None


@pytest.mark.parametrize(
    "line",
    [
        '<span class="date">मई 2024</span>',  # no day
        '<span class="date">3 मई</span>',  # no year
        '<span class="date">2 महीने पहले</span>',  # no day either
        '<span class="date">3 मई 2031</span>',  # after the capture
        '<div class="comments"><span class="date">3 मई 2024</span></div>',
        "<p>2024 में 3 पुल बनाए गए और 14 सड़कें</p>",
    ],
)
def test_what_names_no_day_of_the_article_is_no_date(line: str) -> None:
    assert article("hi", line).published is None


def test_letters_of_a_month_are_no_unit_of_time() -> None:
    """Left alone, dateparser takes this line for "three months ago"."""
    found = asked_date([("line", "3 મે 2024")], "gu", "DMY", CAPTURED)
    assert found is not None
    assert found[1].value == "2024-05-03"


def test_an_answer_whose_numbers_are_not_printed_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for believed, answer in ((True, (2024, 5, 3)), (False, (2023, 5, 3)), (False, (2024, 5, 7))):
        when = datetime(*answer)  # noqa: DTZ001
        monkeypatch.setattr(foreign_dates, "_answer", lambda *_, when=when: when)
        foreign_dates._asked.cache_clear()
        assert bool(asked_date([("line", "3 mwezi 2024")], "gu", "DMY", None)) is believed


def test_no_more_lines_are_asked_than_a_few() -> None:
    lines = [("line", f"{number} कुछ 2024") for number in range(1, MOST_ASKED + 1)]
    assert asked_date([*lines, ("line", "3 मई 2024")], "hi", "DMY", None) is None
    assert asked_date([*lines[1:], ("line", "3 मई 2024")], "hi", "DMY", None) is not None


@given(st.text(max_size=80), st.sampled_from(["hi", "th", "qq", "", "zh-tw"]))
@settings(max_examples=60)
def test_any_line_is_answered_without_an_exception(line: str, language: str) -> None:
    found = asked_date([("line", f"{line} 3 2024")], language, "DMY", CAPTURED)
    assert found is None or len(found[1].day) == 10


@pytest.mark.parametrize("line", ["<p>May 3, 2024</p>", "<p>12 comments</p>", "<p>5 min read</p>"])
def test_an_ordinary_page_loads_no_library_of_dates(line: str) -> None:
    program = (
        "import sys; from crawler.parsing import parse_article; "
        "text = 'The council of the town decided on Wednesday to build a new bridge. ' * 3; "
        f"html = '<html lang=en><body><h1>A bridge is built</h1>{line}' + f'<p>{{text}}</p>' * 4; "
        "record = parse_article(html.encode(), url='https://lume.example/a'); "
        "print(record.language, 'dateparser' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == ["en", "False"]
