"""The words above an advertisement or a teaser are no part of the article around it."""

from collections.abc import Callable

import pytest

from scraper import extract_article
from scraper.blocks import Table
from scraper.extract.extractor import explain_page
from scraper.page import Page


def _with_label(paragraphs: tuple[str, ...], label: str) -> str:
    inner = f"<div><span>{label}</span></div>"
    return inner.join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


@pytest.mark.parametrize(
    "label",
    [
        "Advertisement",
        "ANZEIGE",
        "- Publicité -",
        "広告",
        "Read also:",
        "» Mehr zum Thema «",
        "Czytaj też…",
        "SHARE THIS STORY",
    ],
)
def test_a_label_between_paragraphs_is_dropped(
    article_page: Callable[..., str], paragraphs: tuple[str, ...], label: str
) -> None:
    page = article_page(body=_with_label(paragraphs, label))
    assert extract_article(page).text.splitlines() == list(paragraphs)


@pytest.mark.parametrize("tag", ["h2", "h4", "strong"])
def test_a_label_that_is_marked_as_a_heading_is_none(
    article_page: Callable[..., str], paragraphs: tuple[str, ...], tag: str
) -> None:
    inner = f"<{tag}>Mehr zum Thema</{tag}>"
    page = article_page(body=inner.join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
    assert extract_article(page).text.splitlines() == list(paragraphs)


def test_the_head_of_a_column_is_no_label(
    article_page: Callable[..., str], paragraphs: tuple[str, ...]
) -> None:
    table = (
        "<table><tr><th>What the river took</th><th>Share</th></tr><tr><td>Fences, posts and gates"
        "</td><td>58 percent</td></tr><tr><td>Boats</td><td>24 percent</td></tr></table>"
    )
    page = article_page(body=table.join(f"<p>{text}</p>" for text in paragraphs[:2]))
    (found,) = (block for block in extract_article(page).blocks if isinstance(block, Table))
    assert found.rows[0] == ("What the river took", "Share")


@pytest.mark.parametrize(
    "sentence",
    [
        "Advertisement boards along the river were washed away and found in the next town.",
        "Read more about the pumps in the report that the council will print on Thursday.",
        "Share prices of the builders of pumps rose by a third on the day after the flood.",
    ],
)
def test_a_sentence_that_starts_like_a_label_stays(
    article_page: Callable[..., str], paragraphs: tuple[str, ...], sentence: str
) -> None:
    page = article_page(body=_with_label(paragraphs, sentence))
    assert sentence in extract_article(page).text


@pytest.mark.parametrize(
    ("label", "reason"), [("Anzeige", "advertising label"), ("Read more", "teaser label")]
)
def test_the_reason_is_told(
    article_page: Callable[..., str], paragraphs: tuple[str, ...], label: str, reason: str
) -> None:
    inner = f"<p><strong>{label}</strong></p>"
    html = article_page(body=inner.join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
    page = Page(url="https://herald.example/a", body=html.encode())
    labels = [segment for segment in explain_page(page).segments if segment.text == label]
    assert labels
    assert not any(segment.kept for segment in labels)
    assert reason in {segment.reason for segment in labels}
