r"""Control characters and terminal escapes, which no text of a page needs and a terminal obeys.

HTML may hold none of them but white space (WHATWG, 13.2.3.5); written as references they get
through every parser. What sets the direction of text stays: it is part of how a name is written.
"""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from scraper.article import Article
from scraper.blocks import Block
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
    has_controls = _CONTROL.search(article.markdown) or any(
        _CONTROL.search(entry.question) or _CONTROL.search(entry.answer) for entry in article.faq
    )
    if not has_controls:
        return article
    blocks: tuple[Block, ...] = _cleaned(article.blocks)
    return replace(
        article,
        blocks=blocks,
        text=render_text(blocks),
        markdown=render_markdown(blocks),
        faq=_cleaned(article.faq),
    )


def drop_controls(text: str) -> str:
    r"""A plain text without controls but those that end a line.

    Example:
        >>> drop_controls("It \x1b[31mrained\x1b[0m.\fIt stopped.")
        'It rained.\x0cIt stopped.'
    """
    return _UNWANTED_IN_LINES.sub("", text) if _CONTROL.search(text) else text


def _cleaned(value: Any) -> Any:
    """The same value with every string in it cleaned, however deep."""
    if isinstance(value, str):
        return _UNWANTED.sub("", value)
    if isinstance(value, tuple):
        return tuple(_cleaned(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _cleaned(getattr(value, f.name)) for f in fields(value)})
    return value
