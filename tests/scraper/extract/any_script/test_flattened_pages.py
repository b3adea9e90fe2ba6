"""Pages that were flattened to text keep their paragraphs, headings and lists in any script."""

import pytest

from scraper import extract_plain_text
from tests.scraper.extract.any_script.made_pages import LANGUAGES, make_flat, paragraphs_of


@pytest.mark.parametrize("kind", ["text", "list"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_flattened_page_keeps_its_text_and_drops_what_follows(code: str, kind: str) -> None:
    page = make_flat(code, kind)
    text = extract_plain_text(page.flat).text
    assert [part for part in page.wanted if part not in text] == []
    assert [part for part in page.unwanted if part in text] == []


@pytest.mark.parametrize("code", ["en", "ar", "he", "th", "zh", "ja", "ko"])
def test_headings_are_told_from_short_paragraphs(code: str) -> None:
    article = extract_plain_text(make_flat(code, "headings").flat)
    assert [heading.text for heading in article.headings] == LANGUAGES[code]["headings"][:2]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize("count", [4, 12])
@pytest.mark.parametrize("code", ["th", "zh", "ja"])
def test_paragraphs_of_one_sentence_are_kept_in_scripts_without_spaces(
    code: str, count: int, between: str
) -> None:
    words = LANGUAGES[code]
    sentences = words["sentences"][:count]
    text = extract_plain_text(between.join([words["title"], *sentences])).text
    assert text.splitlines() == sentences


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_paragraph_is_taken_for_a_heading(code: str) -> None:
    words = LANGUAGES[code]
    flat = "\n\n".join([words["title"], *paragraphs_of(code)])
    assert extract_plain_text(flat).headings == []
