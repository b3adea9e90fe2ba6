"""The whole extraction: bytes in, an article out, whatever the bytes are."""

import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper import extract_article
from scraper.errors import ExtractionError, ScraperError
from scraper.extract.extractor import (
    explain_page,
    extract_page,
    learn_known_blocks,
)
from scraper.page import Page
from scraper.sites.rules import SiteRules

MakePage = Callable[..., str]
URL = "https://herald.example/news/river"


def test_an_article_is_parted_from_its_page(
    article_page: MakePage, paragraphs: tuple[str, ...]
) -> None:
    article = extract_article(article_page(), url=URL)
    assert article.text.splitlines() == list(paragraphs)
    assert article.title == "River floods the valley"
    assert article.url == URL
    assert article.evidence["text"] == "model"
    assert article.confidence > 0.7


def test_bytes_and_text_give_the_same_article(article_page: MakePage) -> None:
    page = article_page(body="<p>" + "Größe, naïveté und Čeština sind Wörter. " * 20 + "</p>")
    assert extract_article(page) == extract_article(page.encode())


def test_the_header_says_how_bytes_are_read(article_page: MakePage) -> None:
    page = article_page(body="<p>" + "Łódź leży w środku kraju, mówią ludzie. " * 20 + "</p>")
    article = extract_article(page.encode("iso-8859-2"), content_type="text/html; charset=latin2")
    assert "Łódź leży w środku kraju" in article.text


@pytest.mark.parametrize(
    "page",
    [
        "<html></html>",
        "<html><head><title>x</title></head></html>",
        "<script>document.write('all of it')</script>",
        "<frameset cols='50%,50%'><frame src=a><frame src=b></frameset>",
        "<!-- nothing -->",
        "<p></p>",
        "<svg><text>x</text></svg>",
        "\0\0\0<p>\0</p>",
    ],
)
def test_pages_without_an_article_give_an_empty_text_or_say_so(page: str) -> None:
    try:
        article = extract_article(page.encode())
    except ExtractionError:
        return
    assert article.text == ""
    assert article.confidence == 0


def test_a_page_drawn_by_scripts_is_read_from_what_it_states(paragraphs: tuple[str, ...]) -> None:
    stated = json.dumps({"@type": "NewsArticle", "articleBody": "\n\n".join(paragraphs)})
    article = extract_article(
        f"<title>River</title><script type=application/ld+json>{stated}</script><div id=app></div>"
    )
    assert article.text.splitlines() == list(paragraphs)
    assert article.evidence["text"] == "json-ld articleBody"


@pytest.mark.parametrize("html", ["", b"", b"   "])
def test_nothing_is_no_document(html: bytes | str) -> None:
    with pytest.raises(ExtractionError) as raised:
        extract_article(html, url=URL)
    assert raised.value.url == URL


def test_nul_bytes_do_not_end_a_page(article_page: MakePage, paragraphs: tuple[str, ...]) -> None:
    page = article_page().replace("<p>", "<p>\0").encode()
    assert extract_article(page).text.splitlines() == list(paragraphs)


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_an_article_or_an_extraction_error(body: bytes) -> None:
    try:
        article = extract_article(body)
    except ScraperError:
        return
    assert 0 <= article.confidence <= 1


CUT = st.tuples(st.integers(0, 3000), st.integers(0, 60), st.binary(max_size=12))


@given(cuts=st.lists(CUT, min_size=1, max_size=12))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_page_with_pieces_torn_out_never_breaks_extraction(
    article_page: MakePage, cuts: list[tuple[int, int, bytes]]
) -> None:
    body = article_page().encode()
    for start, size, put in cuts:
        body = body[:start] + put + body[start + size :]
    try:
        article = extract_article(body, url=URL)
    except ExtractionError:
        return
    assert 0 <= article.confidence <= 1
    assert "\0" not in article.text


def test_two_thousand_levels_and_a_hundred_thousand_nodes_are_read(article_page: MakePage) -> None:
    story = article_page()
    deep = extract_article("<div>" * 1900 + story + "</div>" * 1900)
    assert "River" in (deep.title or "")
    wide = extract_article(article_page(after="<ul>" + "<li><a href=x>y</a>" * 50_000 + "</ul>"))
    assert wide.title == "River floods the valley"


def test_rules_decide_what_the_body_is(article_page: MakePage) -> None:
    page = Page(
        url=URL,
        body=article_page(
            after="<section class=notes><p>Corrected on Friday: the bridge reopened.</p></section>"
        ).encode(),
    )
    rules = SiteRules(
        title=".byline", body="section.notes", authors=".byline a", remove=(".story-body",)
    )
    article = extract_page(page, rules=rules)
    assert article.text == "Corrected on Friday: the bridge reopened."
    assert article.title == "By Ida Lund"
    assert article.authors == ("Ida Lund",)
    assert article.evidence["text"] == "rule body"


def test_a_body_rule_that_finds_nothing_leaves_the_page_to_the_model(
    article_page: MakePage, paragraphs: tuple[str, ...]
) -> None:
    page = Page(url=URL, body=article_page().encode())
    article = extract_page(page, rules=SiteRules(body="div.gone"))
    assert article.text.splitlines() == list(paragraphs)


def test_removed_elements_are_gone_also_inline_ones(article_page: MakePage) -> None:
    body = "".join(
        f"<p>{'The pumps ran all night and the water fell by a metre. ' * 4}</p>" for _ in range(4)
    )
    ad = "<p><span class=ad>Buy our boots, they keep your feet dry in every flood.</span></p>"
    page = Page(url=URL, body=article_page(body=body + ad + body).encode())
    article = extract_page(page, rules=SiteRules(remove=("span.ad",)))
    assert "boots" not in article.text
    assert "pumps" in article.text


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ("<h3 class=kicker>Our service</h3>", ".kicker"),
        (
            "<table><tr><th>Day<th>Level<th class=kicker>Our service<tr><td>Monday, all day"
            "<td>4.1 metres at the lower bridge<td>no ferry<tr><td>Tuesday, all day"
            "<td>3.2 metres at the lower bridge<td>no ferry</table>",
            "th.kicker",
        ),
        (
            "<figure><img src=/quay.jpg width=900 height=600><figcaption>The quay at noon."
            "<div class=kicker>Our service</div></figcaption></figure>",
            ".kicker",
        ),
        (
            "<div class=kicker><img src=/boots.jpg alt='Our service' width=900 height=600></div>",
            ".kicker",
        ),
    ],
    ids=["heading", "cell", "caption", "picture"],
)
def test_nothing_brings_removed_elements_back(
    article_page: MakePage, paragraphs: tuple[str, ...], markup: str, rule: str
) -> None:
    html = article_page(body=markup.join(f"<p>{text}</p>" for text in paragraphs))
    page = Page(url=URL, body=html.encode())
    assert "Our service" in json.dumps(extract_page(page).to_dict())
    article = extract_page(page, rules=SiteRules(remove=(rule,)))
    assert "Our service" not in json.dumps(article.to_dict())
    assert paragraphs[2] in article.text


def test_a_rule_that_is_no_selector_is_named(article_page: MakePage) -> None:
    page = Page(url=URL, body=article_page().encode())
    with pytest.raises(ExtractionError, match=re.escape("'p[['")):
        extract_page(page, rules=SiteRules(body="p[["))


def test_every_segment_is_explained(article_page: MakePage, paragraphs: tuple[str, ...]) -> None:
    page = Page(url=URL, body=article_page().encode())
    explanation = explain_page(page, rules=SiteRules(remove=("footer",)))
    by_text = {segment.text: segment for segment in explanation.segments}
    first = by_text[paragraphs[0]]
    assert (first.kept, first.kind, first.reason) == (True, "paragraph", "model")
    assert first.path.endswith("main > article > div > p")
    assert by_text["Politics"].kind == "navigation"
    footer = by_text["Terms of use"]
    assert (footer.kept, footer.reason) == (False, "rule remove")
    assert all(0 <= segment.probability <= 1 for segment in explanation.segments)
    assert explanation.article == extract_page(page, rules=SiteRules(remove=("footer",)))


def test_what_a_site_repeats_is_dropped_and_what_it_tells_is_not(article_page: MakePage) -> None:
    box = "<p>Our reporters live where the river runs. Write to them and tell them your story.</p>"
    words = ["water", "pumps", "mayor", "bridge", "fields", "cattle", "engineers", "council"]

    def page(number: int) -> Page:
        rng = np.random.default_rng(number)
        told = [
            " ".join(f"The {a} was seen near the {b}." for a, b in rng.choice(words, (9, 2)))
            for _ in range(5)
        ]
        body = "".join(f"<p>{text}</p>" for text in told) + box
        return Page(url=f"{URL}/{number}", body=article_page(body=body).encode())

    pages = [page(number) for number in range(12)]
    known = learn_known_blocks(pages)
    told = extract_page(pages[0], known=known)
    assert told.text.count("was seen near") == 45
    explained = {s.text: s for s in explain_page(pages[0], known=known).segments}
    repeated = next(s for text, s in explained.items() if text.startswith("Our reporters"))
    assert repeated.kept == (repeated.probability > 0.8)
    assert repeated.reason in {"known boilerplate", "model"}


def test_a_page_of_far_too_many_pieces_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.extract.classify.main_content._MAX_SEGMENTS", 500)
    extract_article("<p>x" * 500)
    with pytest.raises(ExtractionError, match="501 pieces of text; more than 500 are not read"):
        extract_article("<p>x" * 501, url="https://long.example/")
