"""Pages on which the net finds nothing are read by another extractor; the others never are."""

import sys
from dataclasses import replace
from typing import Any

import pytest

from scraper.extract.classify.network import load_model
from scraper.extract.dom import parse_html
from scraper.extract.extractor import ExtractOptions, extract_article
from scraper.extract.fallback import CONFIDENCE, ask_fallback
from scraper.extract.segment import segment_page
from scraper.sites.rules import SiteRules

STORY = "".join(
    f"<p>On day {day} the ferry carried {day * 90} people across the strait, and the captain, who "
    "had not slept, wrote every one of their names into the book that lies on the bridge.</p>"
    for day in range(2, 9)
)
PAGE = (
    "<html><body><nav><a href=/>Home</a> <a href=/sea>Sea</a></nav>"
    f"<article><h1>Ferry</h1>{STORY}</article><footer>Imprint of the Strait</footer></body></html>"
)


def blind_options() -> ExtractOptions:
    """A net that keeps nothing of any page."""
    model = load_model()
    bias = model.arrays["last.bias"] - 50
    return ExtractOptions(model=replace(model, arrays={**model.arrays, "last.bias": bias}))


def test_what_the_net_misses_is_found_and_says_by_whom() -> None:
    article = extract_article(PAGE, options=blind_options())
    assert [line[:8] for line in article.text.splitlines()] == [f"On day {i}" for i in range(2, 9)]
    assert article.evidence["text"] == "trafilatura"
    assert article.confidence == CONFIDENCE


def test_what_a_site_rule_takes_out_stays_out() -> None:
    page = PAGE.replace("<p>On day 4", '<p class="promo">On day 4')
    options = replace(blind_options(), rules=SiteRules(remove=(".promo",)))
    article = extract_article(page, options=options)
    assert article.evidence["text"] == "trafilatura"
    assert [line[:8] for line in article.text.splitlines()] == [
        f"On day {i}" for i in range(2, 9) if i != 4
    ]


def test_a_page_the_net_reads_is_not_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    unloaded: Any = None
    monkeypatch.setitem(sys.modules, "trafilatura", unloaded)  # importing it would fail
    assert extract_article(PAGE).evidence["text"] == "model"


def test_little_text_is_nothing_to_believe() -> None:
    root = parse_html("<p>Rain fell on the hills.</p>" * 3)
    assert ask_fallback(root, segment_page(root)) is None


def test_the_tree_stays_as_it_was() -> None:
    root = parse_html(PAGE)
    before = segment_page(root)
    assert ask_fallback(root, before) is not None
    assert [s.text for s in segment_page(root).segments] == [s.text for s in before.segments]
