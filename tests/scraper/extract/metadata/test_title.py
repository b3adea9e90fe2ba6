"""The headline that readers see, wherever templates put it."""

import pytest

from scraper.extract.dom import parse_html
from scraper.extract.metadata import Metadata, find_metadata
from scraper.extract.structured.structured_data import parse_structured_data

URL = "https://www.bote.example/news/ferry-on-the-bank"
STATED = """<title>A ferry runs onto the bank | Varnholter Bote</title>
<meta property="og:site_name" content="Varnholter Bote">"""


def read(html: str) -> Metadata:
    root = parse_html(html)
    return find_metadata(root, url=URL, structured=parse_structured_data(root))


@pytest.mark.parametrize(
    "body",
    [
        "<h1>News on the ferry</h1><h2>A ferry runs onto the bank</h2>",
        "<h2><span>Shipping</span> <span>A ferry runs onto the bank</span></h2>",
        "<nav class='breadcrumb'><h1>The bank and the ferry</h1></nav>"
        "<h2>A ferry runs onto the bank</h2>",
        "<h1><a href='/news/other'>Another ferry runs onto the bank</a></h1>"
        "<h3>A ferry runs onto the bank</h3>",
        "<h1 class='widget__title'>Where a ferry ran aground in May</h1>"
        "<h3>A ferry runs onto the bank</h3>",
        "<a href='/news/other'><h1>Another ferry runs onto the bank</h1></a>",
    ],
)
def test_a_lower_heading_may_be_the_headline(body: str) -> None:
    assert read(STATED + body).title == "A ferry runs onto the bank"


def test_a_headline_is_known_before_the_name_of_the_site_is() -> None:
    page = "<title>A ferry runs onto the bank | Tide</title><h1>Ferries</h1>"
    assert read(page + "<h2>A ferry runs onto the bank</h2>").title == "A ferry runs onto the bank"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Ferry runs onto the bank off Kell</h1><h2>A ferry</h2>",
        "<h1><a href='/news/ferry-on-the-bank'>Ferry runs onto the bank off Kell</a></h1>",
    ],
)
def test_a_heading_of_first_rank_stays_the_headline(body: str) -> None:
    assert read(STATED + body).title == "Ferry runs onto the bank off Kell"


def test_a_kicker_in_the_stated_headline_is_not_the_name_of_the_site() -> None:
    head = """<title>After the storm: A ferry runs onto the bank</title>
    <meta property="og:title" content="A ferry runs onto the bank">
    <script type="application/ld+json">{"@type": "NewsArticle",
     "headline": "After the storm: A ferry runs onto the bank"}</script>"""
    assert read(head).title == "After the storm: A ferry runs onto the bank"


def test_the_date_beside_a_headline_of_lower_rank_is_found() -> None:
    page = (
        STATED
        + """<h1><a href="/">Varnholter Bote</a></h1><p>12 May 2031</p><div>
    <h2>A ferry runs onto the bank</h2><p>3 May 2031</p><p>Nobody was hurt.</p></div>"""
    )
    assert read(page).published_at == "2031-05-03"


def test_the_section_behind_the_headline_is_known_from_the_address() -> None:
    page = "<title>A ferry runs onto the bank | shipping</title>"
    root = parse_html(page)
    structured = parse_structured_data(root)
    for path, title in (
        ("shipping/4711", "A ferry runs onto the bank"),
        ("news/4711", "A ferry runs onto the bank | shipping"),
    ):
        metadata = find_metadata(root, url=f"https://b.example/{path}", structured=structured)
        assert metadata.title == title


@pytest.mark.parametrize("host", ["hafenküste.example:8443", "www.xn--hafenkste-v9a.example"])
def test_the_site_is_known_by_its_domain_however_that_is_written(host: str) -> None:
    root = parse_html("<title>A ferry runs onto the bank | Hafenküste</title>")
    url = f"https://{host}/news/1"
    found = find_metadata(root, url=url, structured=parse_structured_data(root))
    assert found.title == "A ferry runs onto the bank"
