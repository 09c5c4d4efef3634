"""Counts that the database keeps itself, and facts in indexes: what large archives are asked."""
# ruff: noqa: S608 -- names of columns, and nothing that anybody gives

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

#: What articles are filtered, counted and put in order by.
FACTS = (
    "id",
    "site",
    "language",
    "published_on",
    "category_folded",
    "category",
    "kicker_folded",
    "kicker",
    "words",
    "has_analysis",
)

#: What parts one cell of `tallies` from another; a day counts under its month.
LABELS = ("language", "category_folded", "category", "kicker_folded", "kicker")
CELL = ("site", "month", *LABELS)


def upgrade() -> None:
    """Add the column, the indexes and the counts, and make the views that read them anew."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for view in ("v_facts", *VIEWS):
        op.execute(f"DROP VIEW {view}")
    kept = "VIRTUAL" if is_sqlite else "STORED"
    op.execute(
        "ALTER TABLE articles ADD COLUMN has_analysis BOOLEAN "
        f"GENERATED ALWAYS AS (analysis IS NOT NULL) {kept}"
    )
    create_indexes()
    # SQLite would look a row up among the articles' texts, and read a page of them for each fact.
    held = "articles INDEXED BY ix_articles_facts" if is_sqlite else "articles"
    op.execute(f"CREATE VIEW v_facts AS SELECT {', '.join(FACTS)} FROM {held}")
    op.execute(f"CREATE VIEW tallies_anew AS {TALLIED}")
    op.execute(f"CREATE VIEW ledger_anew AS {LISTED}")
    if is_sqlite:
        keep_tallies()
        keep_ledger()
    else:
        # A server counts on all its cores, and its triggers would make savings wait in line.
        op.execute("CREATE VIEW tallies AS SELECT * FROM tallies_anew")
        op.execute("CREATE VIEW ledger AS SELECT * FROM ledger_anew")
    sha256 = "lower(hex(b.sha256))" if is_sqlite else "encode(b.sha256, 'hex')"
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query.format(sha256=sha256)}")


def create_indexes() -> None:
    """Facts with all that is counted; labels with the day, in whose order their articles stand."""
    op.drop_index("ix_articles_facts", "articles")
    op.create_index("ix_articles_facts", "articles", list(FACTS))
    for name in ("category_folded", "kicker_folded"):
        op.drop_index(f"ix_articles_{name}", "articles")
        op.create_index(f"ix_articles_{name}_published_on", "articles", [name, "published_on"])
    op.create_index("ix_articles_language_published_on", "articles", ["language", "published_on"])


# --- articles by their labels


def label(name: str, row: str = "a") -> str:
    """A label as a cell has it: what is unknown is empty."""
    return f"coalesce({row}.{name}, '')"


def month(row: str = "a") -> str:
    """The month of an article's day as a cell has it."""
    return f"coalesce(substr(CAST({row}.published_on AS text), 1, 7), '')"


def cell(row: str) -> str:
    """The values that name the cell of an article, in the order of ``CELL``."""
    return ", ".join((f"{row}.site", month(row), *(label(name, row) for name in LABELS)))


TALLIED = f"""
    SELECT a.site, {month()} AS month, {", ".join(f"{label(name)} AS {name}" for name in LABELS)},
           count(*) AS articles, sum(a.words) AS words,
           sum(CASE WHEN a.has_analysis THEN 1 ELSE 0 END) AS analyses
    FROM v_facts a GROUP BY {cell("a")}
"""


def keep_tallies() -> None:
    """The table, what it holds of the articles that are there, and the triggers that keep it."""
    op.create_table(
        "tallies",
        *(sa.Column(name, sa.Text(), nullable=False) for name in CELL),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTED),
        sa.PrimaryKeyConstraint(*CELL, name="pk_tallies"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO tallies SELECT * FROM tallies_anew")
    columns = ("site", "published_on", *LABELS, "words", "analysis")
    changed = " OR ".join(
        f"old.{name} IS NOT new.{name}" for name in (*columns[:-1], "has_analysis")
    )
    add, take = tally("new"), untally("old")
    for name, when, act in (
        ("tallied", "INSERT ON articles", add),
        ("untallied", "DELETE ON articles", take),
        ("retallied", f"UPDATE OF {', '.join(columns)} ON articles WHEN {changed}", take + add),
    ):
        op.execute(f"CREATE TRIGGER articles_{name} AFTER {when} BEGIN {act} END")


COUNTED = ("articles", "words", "analyses")


def tally(row: str) -> str:
    """Count an article in its cell."""
    more = ", ".join(f"{name} = {name} + excluded.{name}" for name in COUNTED)
    return (
        f"INSERT INTO tallies VALUES ({cell(row)}, 1, {row}.words, {row}.analysis IS NOT NULL) "
        f"ON CONFLICT ({', '.join(CELL)}) DO UPDATE SET {more}; "
    )


def untally(row: str) -> str:
    """Take an article out of its cell; a cell of none is no cell."""
    here = f"({', '.join(CELL)}) = ({cell(row)})"
    return (
        f"UPDATE tallies SET articles = articles - 1, words = words - {row}.words, "
        f"analyses = analyses - ({row}.analysis IS NOT NULL) WHERE {here}; "
        f"DELETE FROM tallies WHERE {here} AND articles = 0; "
    )


# --- addresses by month and state


def listed_in(row: str, day: str) -> str:
    """The month of an address as a cell has it: its article's, else what lists say of it."""
    days = (day, f"{row}.stated_on", f"{row}.lastmod_at")
    return f"coalesce({', '.join(f'substr(CAST({each} AS text), 1, 7)' for each in days)}, '')"


LISTED = f"""
    SELECT f.site, {listed_in("f", "a.published_on")} AS month, f.state,
           count(*) AS listed, count(f.article_id) AS stored
    FROM frontier f LEFT JOIN v_facts a ON a.id = f.article_id
    GROUP BY f.site, {listed_in("f", "a.published_on")}, f.state
"""


def keep_ledger() -> None:
    """The table, what it holds of the addresses that are there, and the triggers that keep it."""
    op.create_table(
        "ledger",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("site", "month", "state")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("listed", "stored")),
        sa.PrimaryKeyConstraint("site", "month", "state", name="pk_ledger"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO ledger SELECT * FROM ledger_anew")
    columns = ("site", "state", "stated_on", "lastmod_at", "article_id")
    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in columns)
    add, take = enter("new"), strike("old")
    for name, when, act in (
        ("entered", "INSERT ON frontier", add),
        ("struck", "DELETE ON frontier", take),
        ("reentered", f"UPDATE OF {', '.join(columns)} ON frontier WHEN {changed}", take + add),
    ):
        op.execute(f"CREATE TRIGGER frontier_{name} AFTER {when} BEGIN {act} END")
    op.execute(
        "CREATE TRIGGER articles_redated AFTER UPDATE OF published_on ON articles "
        f"WHEN old.published_on IS NOT new.published_on BEGIN {REDATED} END"
    )


def entry(row: str) -> str:
    """The values that name the cell of an address."""
    day = f"(SELECT published_on FROM articles WHERE id = {row}.article_id)"
    return f"{row}.site, {listed_in(row, day)}, {row}.state"


def enter(row: str) -> str:
    """Count an address in its cell."""
    return (
        f"INSERT INTO ledger VALUES ({entry(row)}, 1, {row}.article_id IS NOT NULL) "
        "ON CONFLICT (site, month, state) DO UPDATE "
        "SET listed = listed + 1, stored = stored + excluded.stored; "
    )


def strike(row: str) -> str:
    """Take an address out of its cell; a cell of none is no cell."""
    here = f"(site, month, state) = ({entry(row)})"
    return (
        f"UPDATE ledger SET listed = listed - 1, stored = stored - ({row}.article_id IS NOT NULL) "
        f"WHERE {here}; DELETE FROM ledger WHERE {here} AND listed = 0; "
    )


def of_article(row: str) -> str:
    """The cells of an article's addresses, with how many are in each, by its day old or new."""
    return (
        f"SELECT f.site, {listed_in('f', f'{row}.published_on')} AS month, f.state, "
        f"count(*) AS listed FROM frontier f WHERE f.article_id = {row}.id GROUP BY 1, 2, 3"
    )


REDATED = f"""
    UPDATE ledger SET listed = ledger.listed - were.listed, stored = ledger.stored - were.listed
    FROM ({of_article("old")}) AS were
    WHERE (ledger.site, ledger.month, ledger.state) = (were.site, were.month, were.state);
    DELETE FROM ledger WHERE listed = 0;
    INSERT INTO ledger SELECT site, month, state, listed, listed FROM ({of_article("new")})
    WHERE true ON CONFLICT (site, month, state) DO UPDATE
    SET listed = listed + excluded.listed, stored = stored + excluded.stored;
"""


# --- views

VIEWS = {
    "v_authors": """
        SELECT u.name AS author, count(*) AS articles, count(DISTINCT a.site) AS sites,
               min(a.published_on) AS first_on, max(a.published_on) AS last_on,
               sum(a.words) AS words
        FROM authors u
        JOIN article_authors s ON s.author_id = u.id
        JOIN v_facts a ON a.id = s.article_id
        GROUP BY u.id, u.name
    """,
    "v_coverage": """
        SELECT site, nullif(month, '') AS month,
               CAST(sum(listed) AS bigint) AS listed, CAST(sum(stored) AS bigint) AS stored,
               CAST(sum(CASE WHEN state = 'waiting' THEN listed ELSE 0 END) AS bigint) AS waiting,
               CAST(sum(CASE WHEN state = 'not_article' THEN listed ELSE 0 END) AS bigint)
                   AS not_articles,
               CAST(sum(CASE WHEN state = 'gone' THEN listed ELSE 0 END) AS bigint) AS gone,
               CAST(sum(CASE WHEN state = 'refused' THEN listed ELSE 0 END) AS bigint) AS refused,
               CAST(sum(CASE WHEN state IN ('failed', 'unreadable') THEN listed ELSE 0 END)
                    AS bigint) AS failed
        FROM ledger
        GROUP BY ledger.site, ledger.month
    """,
    "v_revisions": """
        SELECT r.id, r.article_id, a.site, a.headline, a.url,
               (SELECT count(*) FROM revisions e WHERE e.article_id = r.article_id
                AND (e.captured_at, e.id) <= (r.captured_at, r.id)) AS number,
               r.captured_at, r.capture_id, {sha256} AS sha256, b.bytes, d.parser
        FROM revisions r
        JOIN articles a ON a.id = r.article_id
        JOIN captures c ON c.id = r.capture_id
        JOIN bodies b ON b.id = c.body_id
        LEFT JOIN readings d ON d.revision_id = r.id AND d.replaced_at IS NULL
    """,
}
