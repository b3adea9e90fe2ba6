"""Metadata of whole pages: which source wins, and that nothing breaks it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import ExtractionError
from scraper.extract.dom import parse_html
from scraper.extract.metadata import Metadata, detect_language, find_metadata
from scraper.extract.structured.structured_data import parse_structured_data

URL = "https://www.varnholter-bote.example/lokales/bruecke-eroeffnet"

BROADSHEET = """<!doctype html><html lang="de-DE"><head>
<title>Neue Brücke eröffnet: Stadt feiert | Lokales | Varnholter Bote</title>
<link rel="canonical" href="/lokales/bruecke-eroeffnet">
<meta property="og:title" content="Neue Br&uuml;cke er&ouml;ffnet &amp;ndash; Stadt feiert">
<meta property="og:site_name" content="Varnholter Bote">
<meta property="og:image" content="/bilder/bruecke.jpg">
<meta name="description" content="Tausende \x1b[31mkamen.\x1b[0m">
<meta name="robots" content="INDEX, follow, max-image-preview:large">
<meta name="keywords" content="Brücke, Stadtfest, brücke">
<script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [
 {"@type": "Organization", "@id": "#bote", "name": "Varnholter Bote"},
 {"@type": "Person", "@id": "#ida", "name": "Ida Brunn"},
 {"@type": "NewsArticle", "headline": "Neue Brücke eröffnet – Stadt feiert",
  "author": [{"@id": "#ida"}, {"@type": "Person", "name": "Jon Öst"}],
  "publisher": {"@id": "#bote"}, "articleSection": "Lokales",
  "datePublished": "2031-04-05T22:30:00Z", "dateModified": "2031-04-06",
  "isAccessibleForFree": "False"}]}
</script></head><body><header><h1>Varnholter Bote</h1></header>
<article><h1 class="headline">Neue Brücke eröffnet – Stadt feiert</h1>
<time datetime="2031-04-06T00:30:00+02:00">6. April 2031</time><p>Gestern.</p></article>
</body></html>"""


def read(html: str, url: str | None = URL) -> Metadata:
    root = parse_html(html)
    return find_metadata(root, url=url, structured=parse_structured_data(root))


def test_a_page_that_states_everything() -> None:
    metadata = read(BROADSHEET)
    assert metadata.title == "Neue Brücke eröffnet – Stadt feiert"
    assert metadata.authors == ("Ida Brunn", "Jon Öst")
    assert metadata.site_name == "Varnholter Bote"
    assert metadata.canonical_url == URL
    assert metadata.image_url == "https://www.varnholter-bote.example/bilder/bruecke.jpg"
    assert metadata.section == "Lokales"
    assert metadata.tags == ("Brücke", "Stadtfest")
    assert metadata.language == "de-DE"
    assert metadata.access == "paywalled"
    assert metadata.robots == ("index", "follow", "max-image-preview:large")
    assert metadata.description == "Tausende kamen."
    assert metadata.modified_at == "2031-04-06"


def test_evidence_names_the_source_of_every_field_that_has_a_value() -> None:
    metadata = read(BROADSHEET)
    assert metadata.evidence["title"] == "h1.headline"
    assert metadata.evidence["authors"] == "json-ld author"
    assert metadata.evidence["site_name"] == "meta og:site_name"
    empty = {"next_page_url"}
    fields = set(Metadata.__dataclass_fields__) - {"evidence"}
    assert set(metadata.evidence) == fields - empty


def test_an_evening_story_is_dated_in_the_newsrooms_own_time() -> None:
    assert read(BROADSHEET).published_at == "2031-04-06T00:30:00+02:00"


def test_a_page_that_states_nothing() -> None:
    metadata = read("<p>Rain.</p>", url=None)
    assert metadata == Metadata()


def test_the_language_of_a_text() -> None:
    assert detect_language("Gestern wurde in der Stadt eine neue Brücke eröffnet.") == "de"
    assert detect_language("Hier, un nouveau pont a été inauguré dans la ville.") == "fr"
    assert detect_language("昨日、町に新しい橋が開通し、住民が初めて歩いて渡りました。") == "ja"
    assert detect_language("Rain") is None


@pytest.mark.parametrize(
    "html",
    [
        "<div class='author date'>" * 2000 + "x",
        "<p class='byline'></p><time></time>" * 20_000,
        "<h1><b>" * 20_000,
        '<meta name="author" content="By ' + "a, " * 50_000 + '">',
        "<h1>" + "x - | " * 50_000 + "</h1>",
    ],
    ids=["deep", "wide", "unclosed", "many authors", "long title"],
)
def test_a_monstrous_page_gives_a_bounded_record(html: str) -> None:
    metadata = read(html)
    assert len(repr(metadata)) < 20_000


TAGS = st.sampled_from(
    ["meta", "h1", "title", "time", "a", "link", "div", "span", "script", "base", "html"]
)
NAMES = st.sampled_from(
    ["class", "rel", "href", "content", "property", "name", "datetime", "itemprop", "itemscope",
     "lang", "type", "itemtype"]
)  # fmt: skip
WORDS = st.sampled_from(
    ["author", "byline", "og:title", "canonical", "next", "og:image", "article:published_time",
     "2031-04-05", "99.99.9999", "by ", "http://[", "//x", "application/ld+json", "tag", "date"]
)  # fmt: skip


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(TAGS, st.dictionaries(NAMES, WORDS | st.text(max_size=20)), st.text(max_size=40)),
        max_size=8,
    ),
    st.none() | WORDS | st.text(max_size=20),
)
def test_no_page_and_no_address_is_too_strange(
    elements: list[tuple[str, dict[str, str], str]], url: str | None
) -> None:
    html = "".join(
        f"<{tag} " + " ".join(f'{k}="{v}"' for k, v in attributes.items()) + f">{text}</{tag}>"
        for tag, attributes, text in elements
    )
    try:
        root = parse_html(html)
    except ExtractionError:
        return
    metadata = find_metadata(root, url=url, structured=parse_structured_data(root))
    repr(metadata).encode()
    for text in (metadata.title, metadata.site_name, *metadata.authors, *metadata.tags):
        assert text is None or (text == text.strip() and "\x1b" not in text)


@pytest.mark.parametrize("url", [URL, "http://[", None])
def test_a_link_that_is_no_address_breaks_nothing(url: str | None) -> None:
    head = """<base href="http://["><link rel="canonical" href="http://["><link rel="next"
    href="//["><meta property="og:image" content="//["><script type="application/ld+json">
    {"@type": "Article", "url": "http://[", "author": "http://[", "image": "//["}</script>"""
    body = """<a href="//[/shipping">Shipping</a><h1><a href="http://[">A ferry</a></h1>
    <a href="//[/author/ida">Ida Lund</a>"""
    root = parse_html(head + "<title>A ferry</title>" + body)
    metadata = find_metadata(root, url=url, structured=parse_structured_data(root))
    assert (metadata.title, metadata.canonical_url, metadata.image_url) == ("A ferry", None, None)


def test_a_canonical_address_stands_beside_an_address_that_is_none() -> None:
    root = parse_html('<link rel="canonical" href="https://bote.example/ferry">')
    metadata = find_metadata(root, url="http://[", structured=parse_structured_data(root))
    assert metadata.canonical_url == "https://bote.example/ferry"
