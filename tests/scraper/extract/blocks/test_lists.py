"""Lists that are lists, and markup of lists that holds something else."""

from scraper.blocks import Block, Code, Figure, Heading, ListBlock, ListItem, Paragraph, Quote
from scraper.extract.blocks import build_blocks
from scraper.extract.dom import parse_html
from scraper.extract.segment import segment_tree


def _blocks(html: str) -> tuple[Block, ...]:
    page = segment_tree(parse_html(html))
    return build_blocks(page, [True] * len(page.segments), base_url="https://news.example/")


def test_item_that_begins_with_a_picture_has_its_text() -> None:
    (block,) = _blocks("<ul><li><img src=/a.jpg alt=Tent>A tent<p>Two poles.</p><li>A rope</ul>")
    picture = Figure("https://news.example/a.jpg", "Tent")
    first = ListItem("A tent", (picture, Paragraph("Two poles.")))
    assert block == ListBlock(ordered=False, items=(first, ListItem("A rope")))


def test_sections_in_items_are_sections() -> None:
    item = "<li><h3>{0}</h3><p>All about {0}.</p>"
    blocks = _blocks(f"<p>Intro.</p><ol>{item.format('Rope')}{item.format('Tent')}</ol>")
    assert blocks[1:3] == (Heading(3, "Rope"), Paragraph("All about Rope."))
    assert not any(isinstance(block, ListBlock) for block in blocks)


def test_pictures_in_items_are_pictures() -> None:
    blocks = _blocks("<p>One.</p><ul><li><img src=/a.jpg><li><img src=/b.jpg></ul><p>Two.</p>")
    assert [type(block) for block in blocks] == [Paragraph, Figure, Figure, Paragraph]


def test_footnotes_are_prose_without_the_way_back() -> None:
    notes = "<ol><li id=fn:1>Measured at noon. <a href=#r1>↩</a><li id=fn:2>In metres. ↩︎</ol>"
    blocks = _blocks(f"<p>It rose.<sup id=r1><a href=#fn:1>1</a></sup></p>{notes}")
    assert blocks[1:] == (Paragraph("Measured at noon."), Paragraph("In metres."))


def test_notes_are_known_by_the_name_of_their_section() -> None:
    blocks = _blocks("<p>It rose.</p><section class=footnotes><ol><li>At noon.</ol></section>")
    assert blocks[1:] == (Paragraph("At noon."),)


def test_note_in_the_margin_is_prose() -> None:
    blocks = _blocks("<p>It rose.</p><aside><ol start=3><li>At noon.</ol></aside><p>Then fell.</p>")
    assert blocks[1] == Paragraph("At noon.")


def test_works_cited_are_a_list() -> None:
    works = (
        "<ol class=references><li id=cite_note-1>Lund, Tides.<li id=cite_note-2>Brunn, Mud.</ol>"
    )
    assert isinstance(_blocks(f"<p>It rose.</p>{works}")[1], ListBlock)


def test_block_quote_around_a_list_or_code_only_indents_it() -> None:
    blocks = _blocks("<blockquote><ul><li>a<li>b</ul></blockquote><blockquote><pre>x</pre>")
    assert [type(block) for block in blocks] == [ListBlock, Code]


def test_block_quote_with_words_and_a_list_is_a_quote() -> None:
    (block,) = _blocks("<blockquote>She said:<ul><li>a<li>b</ul></blockquote>")
    assert block == Quote("She said:\na\nb")


def test_formula_shown_as_a_picture_is_read_in_its_place() -> None:
    (block,) = _blocks(
        "<ul><li>Since <img class=latex alt='a^2' src=/l.php> is even, so is a.</ul>"
    )
    assert block == ListBlock(ordered=False, items=(ListItem("Since $a^2$ is even, so is a."),))
