"""How many crawls end right although they are killed: ``python benchmarks/kills.py [--kills 200]``.

Crawls the bundled newsroom, kills the crawl (SIGKILL) at a random moment, starts it again, kills it
again, until it comes to its end; then compares the archive, row for row but for times and numbers,
with that of a crawl that nobody disturbed. Goes on with a new archive until so many kills are done.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from crawler.sites import site_named
from scripts.newsroom import Newsroom
from tests.crawling import content_of, crawled, damage_in, start


def main() -> int:
    """Print a table; exit code 1 if any archive differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2016)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with Newsroom() as room, tempfile.TemporaryDirectory() as folder:
        site = site_named("faro").at(room.url)
        undisturbed = Path(folder) / "undisturbed.db"
        crawled(undisturbed, site)
        begun = time.monotonic()
        crawled(Path(folder) / "timed.db", site)
        whole = time.monotonic() - begun
        truth = content_of(undisturbed)
        if len(truth["articles"]) < len(room.articles) - 1:  # robots.txt closes one
            raise SystemExit("The undisturbed crawl did not keep the newsroom's articles.")
        tally: Counter[str] = Counter()
        moments: list[int] = []
        while tally["kills"] < options.kills:
            archive = Path(folder) / f"killed-{tally['crawls']}.db"
            while tally["kills"] < options.kills and is_killed(archive, site, chance, whole):
                tally["kills"] += 1
                moments.append(len(content_of(archive)["articles"]) if archive.exists() else 0)
            crawled(archive, site)
            tally["crawls"] += 1
            tally["equal"] += content_of(archive) == truth
            tally["damaged"] += bool(damage_in(archive))
    report(tally, moments, len(truth["articles"]), sum(map(len, truth.values())), whole)
    return int(tally["equal"] != tally["crawls"] or tally["damaged"] > 0)


def is_killed(archive: Path, site: object, chance: random.Random, whole: float) -> bool:
    """Start a crawl and kill it at a random moment; False when it had ended before."""
    running = start(archive, site)  # type: ignore[arg-type]
    running.process.join(chance.uniform(0, whole))
    if running.process.exitcode is not None:
        return False
    running.kill()
    return True


def report(tally: Counter[str], moments: list[int], articles: int, rows: int, whole: float) -> None:
    """The figures, as a table."""
    quarters = Counter(min(4 * moment // max(articles, 1), 3) for moment in moments)
    print(f"| an undisturbed crawl          | {articles} articles, {rows} rows, {whole:.2f} s |")
    print("|---|---|")
    print(f"| kill -9 at random moments     | {tally['kills']} |")
    for quarter, words in enumerate(
        ("none to a quarter", "to a half", "to three quarters", "more")
    ):
        print(f"| … with {words} stored | {quarters[quarter]} |")
    print(f"| crawls brought to their end   | {tally['crawls']} |")
    print(f"| archives equal row for row    | {tally['equal']} |")
    print(f"| archives damaged              | {tally['damaged']} |")


if __name__ == "__main__":
    raise SystemExit(main())
