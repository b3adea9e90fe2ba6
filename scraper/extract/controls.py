r"""Control characters and terminal escapes, which no text of a page needs and a terminal obeys.

HTML may hold none of them but white space (WHATWG, 13.2.3.5); written as references they get
through every parser. What sets the direction of text stays: it is part of how a name is written.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, assert_never

from scraper.article import Article, FaqEntry
from scraper.blocks import (
    Block,
    Code,
    Figure,
    Heading,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
)
from scraper.linked_text import fit_links, make_table, split_table
from scraper.render.markdown import render_markdown
from scraper.render.text import render_text

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ESCAPES: Final = (
    r"(?:\x1b\[|\x9b)[0-9;?]*[ -/]*[@-~]|"  # CSI: colours, cursor
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]{0,200}(?:\x07|\x1b\\|\x9c)|"  # OSC: titles, links
)
_UNWANTED: Final = re.compile(_ESCAPES + _CONTROL.pattern)
# What ends a line in a text that was saved from a screen or a page goes on doing so.
_UNWANTED_IN_LINES: Final = re.compile(_ESCAPES + r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]")


def without_controls(article: Article) -> Article:
    r"""The article without controls in its body; one that has none comes back as it is.

    Example:
        >>> from scraper.blocks import Paragraph
        >>> blocks = (Paragraph("It \x1b[31mrained\x1b[0m."),)
        >>> hostile = Article(blocks=blocks, markdown=render_markdown(blocks))
        >>> without_controls(hostile).text
        'It rained.'
    """
    said = [part for e in article.faq for part in (e.question, e.answer)]
    said += [part or "" for c in article.comments for part in (c.text, c.author)]
    said += [part or "" for e in article.entries for part in (e.text, e.heading, e.author)]
    has_controls = _CONTROL.search(article.markdown) or any(map(_CONTROL.search, said))
    if not has_controls:
        return article
    blocks = _clean_blocks(article.blocks)
    faq = (FaqEntry(_clean(e.question), _clean(e.answer), e.source) for e in article.faq)
    return replace(
        article,
        blocks=blocks,
        text=render_text(blocks),
        markdown=render_markdown(blocks),
        faq=tuple(faq),
        comments=tuple(
            replace(c, text=_clean(c.text), author=_clean_or_none(c.author))
            for c in article.comments
        ),
        entries=tuple(
            replace(
                e,
                text=_clean(e.text),
                heading=_clean_or_none(e.heading),
                author=_clean_or_none(e.author),
            )
            for e in article.entries
        ),
    )


def drop_controls(text: str) -> str:
    r"""A plain text without controls but those that end a line.

    Example:
        >>> drop_controls("It \x1b[31mrained\x1b[0m.\fIt stopped.")
        'It rained.\x0cIt stopped.'
    """
    return _UNWANTED_IN_LINES.sub("", text) if _CONTROL.search(text) else text


def _clean(text: str) -> str:
    return _UNWANTED.sub("", text)


def _clean_or_none(text: str | None) -> str | None:
    return _clean(text) if text is not None else None


def _clean_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(_clean_block(block) for block in blocks)


def _clean_block(block: Block) -> Block:  # noqa: PLR0911 - one return a kind
    match block:
        case Heading(level, text, links):
            return Heading(level, *_clean_text(text, links))
        case Paragraph(text, links):
            return Paragraph(*_clean_text(text, links))
        case ListBlock(ordered, items):
            return ListBlock(ordered, tuple(_clean_item(item) for item in items))
        case Quote(text, links):
            return Quote(*_clean_text(text, links))
        case Code(text, language):
            return Code(_clean(text), _clean_or_none(language))
        case Table():
            return _clean_table(block)
        case Figure(image_url, alt, caption, links):
            words, links = _clean_text(caption or "", links)
            return Figure(
                _clean(image_url),
                _clean_or_none(alt),
                words if caption is not None else None,
                links,
            )
        case _:
            assert_never(block)


def _clean_item(item: ListItem) -> ListItem:
    text, links = _clean_text(item.text, item.links)
    return ListItem(text, _clean_blocks(item.blocks), links)


def _clean_table(table: Table) -> Table:
    caption, rows = split_table(table)
    return make_table(
        [[cell.without(_UNWANTED) for cell in row] for row in rows],
        caption.without(_UNWANTED) if table.caption is not None else None,
    )


def _clean_text(text: str, links: Sequence[Link]) -> tuple[str, tuple[Link, ...]]:
    cleaned = fit_links(text, links).without(_UNWANTED)
    return cleaned.text, cleaned.links
