"""A body that a page holds twice, once for each width of screen, is read once."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from scraper import extract_article
from scraper.extract.classify.copies import find_copies
from scraper.extract.dom import parse_html
from scraper.extract.extractor import ExtractOptions
from scraper.extract.segment import segment_tree
from scraper.sites.rules import SiteRules

MakePage = Callable[..., str]


def _story(paragraphs: tuple[str, ...]) -> str:
    return "<h2>The night</h2>" + "".join(f"<p>{text}</p>" for text in paragraphs)


def test_the_second_of_two_bodies_is_dropped(
    article_page: MakePage, paragraphs: tuple[str, ...]
) -> None:
    story = _story(paragraphs)
    body = f'<div class="desktop">{story}</div><div class="mobile">{story}</div>'
    article = extract_article(article_page(body=body))
    assert [line for line in article.text.splitlines() if line in paragraphs] == list(paragraphs)


def test_copies_that_differ_in_a_label_are_still_dropped(
    article_page: MakePage, paragraphs: tuple[str, ...]
) -> None:
    story = _story(paragraphs)
    other = "<p>Listen to this story on your way home, told by its author." + story
    article = extract_article(article_page(body=f"<div>{story}</div><div>{other}</div>"))
    assert article.text.count(paragraphs[3]) == 1


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(lambda texts: texts[:2], id="two paragraphs"),
        pytest.param(lambda texts: (texts[1],) * 5, id="one paragraph many times"),
        pytest.param(lambda texts: tuple(text[:90] for text in texts), id="short lines"),
        pytest.param(lambda texts: texts[::-2], id="another order"),
    ],
)
def test_what_is_said_again_on_purpose_stays(
    article_page: MakePage,
    paragraphs: tuple[str, ...],
    again: Callable[[tuple[str, ...]], tuple[str, ...]],
) -> None:
    told = (*paragraphs, *again(paragraphs))
    page = segment_tree(parse_html(article_page(body=_story(told))))
    assert find_copies(page, [True] * len(page.segments)) == []


def test_a_site_rule_for_the_body_keeps_both(
    article_page: MakePage, paragraphs: tuple[str, ...]
) -> None:
    options = ExtractOptions(rules=SiteRules(body=".story-body"))
    article = extract_article(article_page(body=_story(paragraphs) * 2), options=options)
    assert article.text.count(paragraphs[0]) == 2


@given(st.lists(st.integers(0, 5), max_size=60), st.lists(st.booleans(), min_size=60, max_size=60))
def test_no_text_is_lost_and_only_kept_ones_are_dropped(
    numbers: list[int], wanted: list[bool]
) -> None:
    texts = [f"Sentence {number} of the report on the pumps. " * 8 for number in numbers]
    root = html.fromstring("<div>" + "".join(f"<p>{text}</p>" for text in texts) + "</div>")
    page = segment_tree(root)
    kept = wanted[: len(page.segments)]
    copies = find_copies(page, kept)
    assert copies == sorted(set(copies))
    assert all(kept[index] for index in copies)
    left = {page.segments[i].text for i, keep in enumerate(kept) if keep and i not in copies}
    assert left == {page.segments[i].text for i, keep in enumerate(kept) if keep}
