"""The word above an advertisement is no part of the article around it."""

from collections.abc import Callable

import pytest

from scraper import extract_article
from scraper.extract.extractor import explain_page
from scraper.page import Page


def _with_label(paragraphs: tuple[str, ...], label: str) -> str:
    inner = f"<div><span>{label}</span></div>"
    return inner.join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


@pytest.mark.parametrize("label", ["Advertisement", "ANZEIGE", "- Publicité -", "広告"])
def test_a_label_between_paragraphs_is_dropped(
    article_page: Callable[..., str], paragraphs: tuple[str, ...], label: str
) -> None:
    page = article_page(body=_with_label(paragraphs, label))
    assert extract_article(page).text.splitlines() == list(paragraphs)


def test_a_sentence_about_advertising_stays(
    article_page: Callable[..., str], paragraphs: tuple[str, ...]
) -> None:
    sentence = "Advertisement boards along the river were washed away and found in the next town."
    page = article_page(body=_with_label(paragraphs, sentence))
    assert sentence in extract_article(page).text


def test_the_reason_is_told(article_page: Callable[..., str], paragraphs: tuple[str, ...]) -> None:
    html = article_page(body=_with_label(paragraphs, "Anzeige"))
    page = Page(url="https://herald.example/a", body=html.encode())
    labels = [s for s in explain_page(page).segments if s.text == "Anzeige"]
    assert labels
    assert all(not s.kept for s in labels)
