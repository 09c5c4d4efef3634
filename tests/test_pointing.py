"""Which articles of the archive point at which."""

from __future__ import annotations

from crawler.article import Citation, Pointer, Translation
from storage.pointing import Link
from tests.storing import Desk, article
from tests.storing import desk as desk


def test_links_are_seen_from_both_ends(desk: Desk) -> None:
    target = article("target", headline="Target", language="es", published="2020-01-02")
    desk.save(target)
    desk.save(
        article(
            "source",
            headline="Source",
            see_also=(Pointer(target.url, "there"), Pointer("https://elsewhere.example/", "no")),
            citations=(Citation("these words", f"{target.url}#part", internal=True),),
            translations=(Translation("es", target.url),),
        )
    )
    first, second = (desk.archive.article(article(name).url) for name in ("target", "source"))
    assert first is not None
    assert second is not None
    there = desk.archive.links_from(second.id)
    assert [(link.role, link.id, link.headline, link.language) for link in there] == [
        (role, first.id, "Target", "es") for role in ("citation", "see_also", "translation")
    ]
    back = desk.archive.links_to(first.id)
    assert {(link.role, link.id, link.headline) for link in back} == {
        (role, second.id, "Source") for role in ("citation", "see_also", "translation")
    }
    assert desk.archive.links_from(first.id) == []
    assert [type(link) for link in desk.archive.links_to(first.id, limit=1)] == [Link]


def test_the_newest_articles_that_point_come_first_and_an_article_is_not_its_own(
    desk: Desk,
) -> None:
    target = article("target", see_also=(Pointer(article("target").url, "myself"),))
    desk.save(target)
    for day in ("2020-01-01", "2022-01-01", "2021-01-01"):
        desk.save(article(day, published=day, see_also=(Pointer(target.url, "there"),)))
    found = desk.archive.links_to(1)
    assert [str(link.published_on) for link in found] == ["2022-01-01", "2021-01-01", "2020-01-01"]
