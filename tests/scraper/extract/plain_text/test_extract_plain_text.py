"""Articles from flattened pages: each text in `pages/` beside what a reader would keep of it."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.article import Article
from scraper.blocks import ListBlock, ListItem, Paragraph, Table
from scraper.extract.controls import drop_controls
from scraper.extract.plain_text import extract_plain_text
from scraper.extract.plain_text.line_blocks import build_line_blocks
from scraper.extract.plain_text.lines import parse_lines

_PAGES = sorted((Path(__file__).parent / "pages").glob("*.txt"))
_SHARED_SEED = Path(__file__).parents[5] / "shared" / "seed"


@pytest.mark.parametrize("page", _PAGES, ids=lambda path: path.stem)
def test_page_gives_its_article(page: Path) -> None:
    expected = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    article = extract_plain_text(page.read_text(encoding="utf-8"))
    assert article.title == expected["title"]
    assert list(article.authors) == expected["authors"]
    assert article.published_at == expected["published_at"]
    assert article.section == expected["section"]
    assert article.language == expected["language"]
    assert [heading.text for heading in article.headings] == expected["headings"]
    assert [item.text for item in article.list_items] == expected["list_items"]
    assert [[e.question, e.answer] for e in article.faq] == expected["faq"]
    assert [t for t in expected["within"] if t not in article.text] == []
    assert [t for t in expected["without"] if t in article.text] == []
    assert expected["title"] not in article.text.split("\n")


def test_the_page_this_began_from() -> None:
    if not (_SHARED_SEED / "expected.json").exists():
        pytest.skip(f"needs {_SHARED_SEED}")
    expected = json.loads((_SHARED_SEED / "expected.json").read_text(encoding="utf-8"))
    text = next(_SHARED_SEED.glob("*.txt")).read_text(encoding="utf-8")
    article = extract_plain_text(text)
    for field in ("title", "published_at", "section", "text"):
        assert getattr(article, field) == expected[field]
    assert list(article.authors) == expected["authors"]
    assert [heading.text for heading in article.headings] == expected["headings"]
    assert [item.text for item in article.list_items] == expected["list_items"]
    faq = [{"question": e.question, "answer": e.answer} for e in article.faq]
    assert faq == expected["faq"]
    assert [t for t in expected["dropped"] if t in article.text] == []


def test_nested_items_and_paragraphs_follow_the_indentation() -> None:
    page = ["  * one", "      + one a", "      + one b", "  * two", "", "    About two.", "After."]
    lines = parse_lines(page)
    blocks = build_line_blocks(lines, range(len(lines)), frozenset())
    inner = ListBlock(False, (ListItem("one a"), ListItem("one b")))
    items = (ListItem("one", (inner,)), ListItem("two", (Paragraph("About two."),)))
    assert blocks == (ListBlock(False, items), Paragraph("After."))


def test_columns_become_a_table() -> None:
    page = (_PAGES[0].parent / "table-french.txt").read_text(encoding="utf-8")
    tables = [b for b in extract_plain_text(page).blocks if isinstance(b, Table)]
    assert [table.rows[1] for table in tables] == [("Acier", "210 000", "305 000")]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\0", "•\n•\n", "x", "Menu\nHome\nContact"])
def test_pages_without_an_article(text: str) -> None:
    article = extract_plain_text(text)
    assert article.text in {"", "x"}
    assert article.faq == ()


_LINES = st.sampled_from(
    [
        "    • an item",
        "  2. a numbered item",
        "o",
        "FAQ",
        "What is it?",
        "By Ida Brunn, 3 May 2031",
        "Home»Harbour»Rain",
        "The rain fell on the harbour for the whole of the night, and nobody minded it at all.",
        "a    b    c",
        "Share Facebook Twitter",
        "\t\tdeep",
        "Related Posts",
    ]
)


@given(st.lists(_LINES | st.text(max_size=60), max_size=40), st.none() | st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_gives_a_record(lines: list[str], url: str | None) -> None:
    article = extract_plain_text("\n".join(lines), url=url)
    assert Article.from_dict(article.to_dict()) == article
    source = "".join(drop_controls("\n".join(lines)).split())
    for line in article.text.split("\n"):
        assert "".join(line.split()) in source
