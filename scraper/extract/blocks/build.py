"""Blocks from the page's own tree: every kept segment lands in exactly one block, in order."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from scraper.blocks import Block, Heading, ListItem, Paragraph
from scraper.extract.blocks.choose import choose_block_segments, find_slides, find_standfirst
from scraper.extract.blocks.code import build_code
from scraper.extract.blocks.complete import complete_parts
from scraper.extract.blocks.figures import ArticleImage, declared_base, find_article_images
from scraper.extract.blocks.headings import (
    UNMARKED_LEVEL,
    find_unmarked_headings,
    heading_level,
    heading_text,
)
from scraper.extract.blocks.lists.line_lists import build_lines, join_bullets
from scraper.extract.blocks.lists.lists import build_item, build_list, is_ordered, lays_out
from scraper.extract.blocks.lists.notes import is_of_notes, without_way_back
from scraper.extract.blocks.quotes import build_quote, join_speakers
from scraper.extract.blocks.structure import Chain, Kind, Structure, find_wrappers
from scraper.extract.blocks.tables import build_table
from scraper.extract.segment import Segmentation
from scraper.extract.segment_links import SegmentTexts
from scraper.linked_text import LinkedText, join_texts


@dataclass(frozen=True, slots=True)
class _Entry:
    """A kept segment or an image, and the structure around it."""

    chain: Chain
    segment: int = -1
    image: ArticleImage | None = None
    acts_as_heading: bool = False
    reads_as_text: bool = False


def build_blocks(
    segmentation: Segmentation,
    kept: Sequence[bool],
    *,
    barred: Collection[int] = (),
    base_url: str | None = None,
    title: str | None = None,
) -> tuple[Block, ...]:
    """The article's blocks in document order, with the links in them.

    Args:
        segmentation: The page.
        kept: For each segment whether it is main content. Headings are decided again by what
            follows them: one above kept text is kept, one above dropped text is dropped. So are
            the cells of a table of data and the items of a list: many bring the others along.
        barred: Segments that nothing brings back: a site rule removes them, or they are labels.
        base_url: Where the page is, which addresses are relative to; without it those of images
            are left as written, and of links those are kept that are absolute.
        title: The headline, which is not repeated among the blocks.

    Example:
        >>> from scraper.extract.dom import parse_html
        >>> from scraper.extract.segment import segment_tree
        >>> page = segment_tree(parse_html("<h2>Rain</h2><ol><li>wet<li>cold</ol>"))
        >>> [type(block).__name__ for block in build_blocks(page, [True] * 3)]
        ['Heading', 'ListBlock']
    """
    completed = complete_parts(segmentation, kept, barred)
    chosen = choose_block_segments(segmentation, completed, title, barred)
    structure = Structure(segmentation, find_wrappers(segmentation, chosen))
    page_url, base_url = base_url, declared_base(segmentation, base_url)
    texts = SegmentTexts(segmentation, base_url, page_url)
    images = find_article_images(structure, texts, chosen, base_url, barred)
    return tuple(_build(texts, list(_entries(structure, chosen, images)), 0))


def _entries(
    structure: Structure, chosen: Sequence[int], images: Sequence[ArticleImage]
) -> Iterator[_Entry]:
    """Kept segments and images in document order, captions left to their images."""
    segmentation = structure.segmentation
    captions = {index for image in images for index in image.captions}
    unmarked = find_unmarked_headings(structure, chosen)
    only_marked = find_standfirst(segmentation, chosen) | find_slides(segmentation, chosen)
    waiting = list(reversed(images))
    for index in chosen:
        while waiting and waiting[-1].position <= index:
            image = waiting.pop()
            yield _Entry(structure.chain(image.node), image=image)
        if index not in captions:
            chain = structure.chain(segmentation.segments[index].node)
            yield _Entry(
                chain,
                index,
                acts_as_heading=index in unmarked,
                reads_as_text=index in only_marked,
            )
    while waiting:
        image = waiting.pop()
        yield _Entry(structure.chain(image.node), image=image)


def _build(texts: SegmentTexts, entries: Sequence[_Entry], depth: int) -> list[Block]:
    """The blocks of entries whose chains agree up to `depth`."""
    blocks: list[Block] = []

    def step_of(entry: _Entry) -> object:
        return entry.chain[depth] if len(entry.chain) > depth else None

    for step, group in groupby(entries, key=step_of):
        members = list(group)
        if step is None:
            blocks.extend(join_bullets(list(_flow(texts, members))))
        else:
            blocks.extend(_build_structure(texts, members, depth))
    return list(join_speakers(blocks))


def _build_structure(texts: SegmentTexts, entries: Sequence[_Entry], depth: int) -> list[Block]:
    """The blocks of entries that share the structural element at `depth` of their chains."""
    step = entries[0].chain[depth]
    if step.kind in {Kind.LIST, Kind.ITEM}:
        return _list(texts, entries, depth)
    figures: list[Block] = [entry.image.figure for entry in entries if entry.image]
    segments = [entry.segment for entry in entries if entry.segment >= 0]
    if not segments:
        return figures
    built: Block | None
    if step.kind is Kind.QUOTE:
        built = build_quote(texts, step.node, segments)
    elif step.kind is Kind.CODE:
        built = build_code(texts.segmentation, step.node, segments)
    elif step.kind is Kind.TABLE:
        built = build_table(texts, step.node, segments)
    elif step.kind is Kind.HEADING:
        whole = join_texts(" ", [texts.of(index) for index in segments])
        if entries[0].reads_as_text:
            built = Paragraph(whole.text, whole.links)
        else:
            level, whole = heading_level(texts.segmentation.nodes[step.node]), heading_text(whole)
            built = Heading(level, whole.text, whole.links)
    else:
        parts = (texts.of(index) for index in segments)
        return figures + [Paragraph(part.text, part.links) for part in parts]
    return ([built] if built else []) + figures


def _list(texts: SegmentTexts, entries: Sequence[_Entry], depth: int) -> list[Block]:
    """One list; what stands in it outside any item becomes an item of its own.

    A list whose items are pictures or sections lays out the page, and is read as what is in it;
    footnotes are prose that is numbered because the text refers to it.
    """
    segmentation, step = texts.segmentation, entries[0].chain[depth]
    items: list[ListItem] = []
    flow: list[Block] = []
    layout = 0

    def item_of(entry: _Entry) -> object:
        return entry.chain[depth + 1] if len(entry.chain) > depth + 1 else None

    for inner, group in groupby(entries, key=item_of):
        members = list(group)
        is_item = inner is not None and members[0].chain[depth + 1].kind is Kind.ITEM
        parts = _build(texts, members, depth + 2 if is_item else depth + 1)
        tag = segmentation.nodes[members[0].chain[depth + 1].node].tag if is_item else ""
        flow += parts
        layout += lays_out(parts) or members[0].reads_as_text
        if items and parts and (tag == "dd" or not is_item):
            last = items.pop()  # a definition belongs to its term, a stray list to the item above
            items.append(ListItem(last.text, (*last.blocks, *parts), last.links))
        elif parts:
            items.append(build_item(parts))
    if 2 * layout > len(items):
        return flow
    if is_of_notes(segmentation, step.node, members[0].chain[depth + 1 :]):
        return [without_way_back(block) for block in flow]
    built = build_list(ordered=is_ordered(segmentation.nodes[step.node]), items=items)
    return [built] if built else []


def _flow(texts: SegmentTexts, entries: Sequence[_Entry]) -> Iterator[Block]:
    """Paragraphs, figures, and headings that only look like one."""
    for entry in entries:
        if entry.image:
            yield entry.image.figure
            continue
        segment = texts.segmentation.segments[entry.segment]
        links = texts.links_of(entry.segment)
        if entry.acts_as_heading:
            yield Heading(UNMARKED_LEVEL, segment.text, links)
        elif segment.lines is not None:
            yield from build_lines(LinkedText(segment.text, links), segment.lines)
        else:
            yield Paragraph(segment.text, links)
