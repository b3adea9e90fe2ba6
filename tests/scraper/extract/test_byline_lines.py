"""A line that says who wrote a story is a field of it and no part of its text."""

from collections.abc import Callable

import pytest

from scraper import extract_article
from scraper.extract.extractor import ExtractOptions
from scraper.sites.rules import SiteRules

MakePage = Callable[..., str]


def _body(paragraphs: tuple[str, ...], first: str) -> str:
    return "".join(f"<p>{text}</p>" for text in (first, *paragraphs))


@pytest.mark.parametrize(
    "line",
    [
        "By Ida Lund",
        "Posted by Ida Lund on Sunday, 4 October 2026 in Weather",
        "Written by Ida Lund, our correspondent on the river",
    ],
)
def test_a_byline_above_the_text_is_dropped(
    article_page: MakePage, paragraphs: tuple[str, ...], line: str
) -> None:
    article = extract_article(article_page(body=_body(paragraphs, line)))
    assert article.authors == ("Ida Lund",)
    assert article.text.splitlines() == list(paragraphs)


@pytest.mark.parametrize(
    "sentence",
    [
        "By noon the water stood at the doors of the school, and Ida Lund carried the clock out. "
        "The caretaker followed with the keys, the cat and the book of all the floods before.",
        "By Thursday nothing was left of the lower bridge but two pillars and a bent railing.",
    ],
)
def test_a_sentence_that_starts_like_a_byline_stays(
    article_page: MakePage, paragraphs: tuple[str, ...], sentence: str
) -> None:
    article = extract_article(article_page(body=_body(paragraphs, sentence)))
    assert article.text.splitlines() == [sentence, *paragraphs]


def test_a_site_rule_for_the_body_is_the_last_word(
    article_page: MakePage, paragraphs: tuple[str, ...]
) -> None:
    page = article_page(body=_body(paragraphs, "By Ida Lund"))
    options = ExtractOptions(rules=SiteRules(body=".story-body"))
    article = extract_article(page, options=options)
    assert article.text.splitlines() == ["By Ida Lund", *paragraphs]
