"""One article out of the pages it is spread over."""

from collections.abc import Sequence
from dataclasses import replace

from scraper.article import Article
from scraper.blocks import Block, Heading, without_links
from scraper.render.markdown import render_markdown
from scraper.render.text import render_text


def join_pages(pages: Sequence[Article]) -> Article:
    r"""The whole article: the body of all pages, with the fields of the first.

    A standfirst, a series heading or a note that stands on every page is kept once, and so is the
    title where later pages repeat it. `next_page_url` is the last page's: set, it says that the
    article goes on where nobody followed.

    Args:
        pages: As they were extracted, in reading order; at least one.

    Example:
        >>> from scraper.blocks import Paragraph
        >>> first, second = (Article(blocks=(Paragraph(t),)) for t in ("It rained.", "It stopped."))
        >>> join_pages([first, second]).text
        'It rained.\nIt stopped.'
    """
    first, *later = pages
    if not later:
        return first
    blocks = list(first.blocks)
    # Links are no part of what is said: a standfirst may lead to another place on each page.
    seen = {without_links(block) for block in blocks}
    for page in later:
        fresh = [
            block
            for block in page.blocks
            if without_links(block) not in seen and not _is_title(block, first.title)
        ]
        blocks.extend(fresh)
        seen.update(map(without_links, fresh))
    faq = tuple(dict.fromkeys(entry for page in pages for entry in page.faq))
    return replace(
        first,
        blocks=tuple(blocks),
        text=render_text(blocks),
        markdown=render_markdown(blocks),
        faq=faq,
        comments=tuple(dict.fromkeys(entry for page in pages for entry in page.comments)),
        entries=tuple(dict.fromkeys(entry for page in pages for entry in page.entries)),
        next_page_url=pages[-1].next_page_url,
        confidence=min(page.confidence for page in pages),
        evidence={**first.evidence, "text": f"{len(pages)} pages joined"},
    )


def _is_title(block: Block, title: str | None) -> bool:
    return isinstance(block, Heading) and bool(title) and block.text == title
