"""Kinds of headlines that hold more than the headline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.dom import parse_html
from scraper.extract.metadata import Metadata, find_metadata
from scraper.extract.metadata.clean import clean_text
from scraper.extract.metadata.title.title_parts import without_likely_site, without_stamps
from scraper.extract.structured.structured_data import parse_structured_data

HEADLINE = "A ferry runs onto the bank"
STATED = f"""<title>{HEADLINE} | Varnholter Bote</title>
<meta property="og:site_name" content="Varnholter Bote">"""
PROSE = "<p>" + "The ferry ran aground on a bank that was on no chart, and nobody was hurt. " * 4


def read(html: str) -> Metadata:
    root = parse_html(html)
    return find_metadata(root, url=None, structured=parse_structured_data(root))


@pytest.mark.parametrize(
    "heading",
    [
        f"<div class='label'>Original Article</div><span>{HEADLINE}</span>",
        f"<span class='head__topline'>Shipping on the Kell</span> <span>{HEADLINE}</span>",
        f"<span class='kicker'>Shipping |</span> {HEADLINE}",
        f"<small class='article-eyebrow'>Shipping</small>{HEADLINE}",
        f"<span class='Dachzeile'>Schifffahrt:</span>{HEADLINE}",
        f"<span class='antetitulo'>Puerto</span>{HEADLINE}",
        f"{HEADLINE}<a class='fn' href='#fn1'><sup>☆</sup></a>",
        f"{HEADLINE}<sup><a href='#note-1'>1</a></sup>",
        f"{HEADLINE}*",
        f"{HEADLINE}<sup>1</sup>",
        f"<span class='tag'>Shipping</span><span class='text'>{HEADLINE}</span>",
        f"{HEADLINE}☆",
        f"{HEADLINE}<a class='headerlink' href='#ferry'>¶</a>",
        f"{HEADLINE} <span class='badge'>Plus</span>",
    ],
)
def test_labels_and_note_marks_are_no_words_of_the_headline(heading: str) -> None:
    assert read(STATED + f"<h1>{heading}</h1>" + PROSE).title == HEADLINE


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<span class='label'>The ferry on the bank</span>", "The ferry on the bank"),
        ("E = mc<sup>2</sup> on the bank", "E = mc2 on the bank"),
        ("The code: <code>ferry</code> and then the bank", "The code: ferry and then the bank"),
        ("夜の雪<ruby>渡<rt>わた</rt></ruby>し船", "夜の雪渡し船"),
        ("First line<br>second line", "First line second line"),
    ],
)
def test_words_of_the_headline_stay(heading: str, title: str) -> None:
    assert read(f"<h1>{heading}</h1>" + PROSE).title == title


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("The &lt;details&gt; element", "The <details> element"),
        ("C++ &lt;vector&gt; and you", "C++ <vector> and you"),
        ("When to use &lt;b&gt; and when &lt;strong&gt;", "When to use <b> and when <strong>"),
        ("The &lt;br&gt; tag", "The <br> tag"),
        ("How &lt;p&gt; works", "How <p> works"),
        ("A &lt;em&gt;new&lt;/em&gt; ferry", "A new ferry"),
        ("A ferry&lt;br&gt;on the bank", "A ferryon the bank"),
        ("&lt;span class='x'&gt;A ferry&lt;/span&gt;", "A ferry"),
    ],
)
def test_tags_that_a_text_speaks_of_are_words(written: str, read_as: str) -> None:
    assert clean_text(written) == read_as
    assert read(f"<title>{written}</title>").title == read_as


@given(st.text(alphabet="<>/ab =\"'pbr", max_size=400))
def test_no_tags_are_too_strange(text: str) -> None:
    assert len(clean_text(text)) <= len(text)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (f"{HEADLINE} - Kell Sport", "<header><a href='/'>Kell Sport</a></header>"),
        (f"Kell Weekly: {HEADLINE}", "<img src='logo.gif' alt='Kell Weekly'>"),
        (f"kell weekly – {HEADLINE}", "<p>Copyright 1997 Kell Weekly. All rights reserved.</p>"),
        (f"{HEADLINE} | Kell", "<footer>© 2031 Kell</footer>"),
        (f"{HEADLINE} - Kell Herald", ""),
        (f"{HEADLINE} | kell.example", ""),
        (f"{HEADLINE} | Kell Sport | All the news", "<a href='/'>Kell Sport</a>"),
        (f"Kell Herald | {HEADLINE}", ""),
        (f"2031.05.03: {HEADLINE}", ""),
        (f"{HEADLINE} - Print version", ""),
        (f"Druckversion: {HEADLINE}", ""),
        (f"{HEADLINE} (Version imprimable)", ""),
    ],
)
def test_what_stands_beside_the_headline_in_the_only_title_goes(title: str, body: str) -> None:
    assert read(f"<title>{title}</title>{body}{PROSE}").title == HEADLINE


@pytest.mark.parametrize(
    "title",
    [
        "The rain has come to the hills - Part Two",
        "The rain has come to the hills - and stays",
        "Rain - Hills",
        "Rain and more rain – what the hills expect today",
        "The rain has come: A diary",
    ],
)
def test_what_may_be_of_the_headline_stays(title: str) -> None:
    assert without_likely_site(without_stamps(title)) == title


@pytest.mark.parametrize(
    "line",
    [
        "<font size=5><b>A ferry runs onto the bank off Kell</b></font>",
        "<div class='article-title'>A ferry runs onto the bank off Kell</div>",
    ],
)
def test_a_line_set_as_a_headline_is_one_where_there_are_no_headings(line: str) -> None:
    page = (
        "<title>Kell Weekly: A ferry runs onto the bank</title><img src=logo.gif alt='Kell Weekly'>"
    )
    found = read(f"{page}<center>{line}</center><i>By Ida Lund<br>3 May 1997</i>{PROSE}")
    assert (found.title, found.authors) == ("A ferry runs onto the bank off Kell", ("Ida Lund",))


def test_a_heading_that_says_print_is_not_the_headline() -> None:
    assert read(STATED + "<h1>Print version</h1>" + f"<h2>{HEADLINE}</h2>").title == HEADLINE
