"""Links through the whole extraction: joined pages, dropped copies, control characters."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from scraper import extract_article
from scraper.article import Article
from scraper.blocks import Heading, Link, ListBlock, ListItem, Paragraph, Quote
from scraper.extract.controls import without_controls
from scraper.extract.joining import join_pages
from scraper.linked_text import LinkedText, make_table
from scraper.render.markdown import render_markdown
from scraper.render.text import place_links, render_text

_URL = "https://news.example/flood"


def _linked(text: str, words: str, url: str) -> Paragraph:
    return Paragraph(text, (Link(words, url, None, text.index(words)),))


def _page(*paragraphs: Paragraph) -> Article:
    return Article(
        title="Flood",
        blocks=paragraphs,
        text=render_text(paragraphs),
        markdown=render_markdown(paragraphs),
    )


def test_article_has_the_links_of_its_text_and_no_others(
    article_page: Callable[..., str], paragraphs: tuple[str, ...]
) -> None:
    body = "".join(f"<p>{text}</p>" for text in paragraphs).replace(
        "new pumps", '<a href="/pumps" rel="nofollow">new pumps</a>', 1
    )
    article = extract_article(article_page(body=body), url=_URL)
    (link,) = article.links
    assert (link.text, link.url, link.rel) == (
        "new pumps",
        "https://news.example/pumps",
        "nofollow",
    )
    assert "[new pumps](https://news.example/pumps)" in article.markdown
    assert article.text == extract_article(article_page(), url=_URL).text


def test_dropped_copy_takes_its_links_along(
    article_page: Callable[..., str], paragraphs: tuple[str, ...]
) -> None:
    texts = [f"<p>{text}</p>" for text in paragraphs]
    texts[1] = texts[1].replace("council", '<a href="/first">council</a>', 1)
    body = "".join(texts)
    twice = body + body.replace("/first", "/second")
    article = extract_article(article_page(body=twice), url=_URL)
    assert [link.url for link in article.links] == ["https://news.example/first"]
    assert article.text == extract_article(article_page(body=body), url=_URL).text


def test_what_stands_on_every_page_is_kept_once_with_the_links_of_the_first() -> None:
    first = _page(_linked("A series in two parts.", "two", f"{_URL}/2"), Paragraph("It rained."))
    second = _page(
        _linked("A series in two parts.", "series", f"{_URL}/1"),
        _linked("It stopped here.", "here", f"{_URL}/map"),
    )
    whole = join_pages([first, second])
    assert whole.text == "A series in two parts.\nIt rained.\nIt stopped here."
    assert [link.url for link in whole.links] == [f"{_URL}/2", f"{_URL}/map"]
    assert f"It stopped [here]({_URL}/map)." in whole.markdown
    placed = [(place.link.text, place.text_offset) for place in place_links(whole.blocks)]
    assert placed == [("two", whole.text.index("two")), ("here", whole.text.index("here"))]


def test_blocks_of_all_kinds_that_differ_in_links_alone_are_kept_once() -> None:
    def page(url: str) -> Article:
        link = (Link("a", url, None, 0),)
        blocks = (
            Heading(2, "a", link),
            Quote("a", link),
            ListBlock(False, (ListItem("a", (Paragraph("a", link),), link),)),
            make_table([[LinkedText("a", link)]], LinkedText("a", link)),
        )
        return Article(blocks=blocks)

    first = page("https://a.example/")
    assert join_pages([first, page("https://b.example/")]).blocks == first.blocks


@given(st.lists(st.sampled_from(["a", " ", "\x1b[31m", "\x9b0m", "\x07", "\x1b]0;t", "b", "\x85"])))
@settings(max_examples=200, deadline=None)
def test_controls_leave_links_on_their_words(pieces: list[str]) -> None:
    inside = "".join(pieces)
    text = f"x{inside}see{inside}y"
    link = Link(f"see{inside}", _URL, None, 1 + len(inside))
    cleaned = without_controls(_page(Paragraph(text, (link,))))
    (block,) = cleaned.blocks
    assert isinstance(block, Paragraph)
    for kept in block.links:
        assert block.text.startswith(kept.text, kept.offset)
    if "see" in block.text:
        assert [kept.offset for kept in block.links] == [block.text.index("see")]
    assert cleaned.markdown == render_markdown(cleaned.blocks)
