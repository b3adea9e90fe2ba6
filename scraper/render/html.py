"""Blocks as an HTML fragment, every text escaped."""

from collections.abc import Sequence
from typing import Final, assert_never

from markupsafe import Markup, escape

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
from scraper.linked_text import LinkedText, fit_links, split_table

_SAFE_SCHEMES: Final = ("https://", "http://")
# What a link leads to learns neither which database it was read in nor gets hold of its page.
_LINK: Final = Markup('<a href="{}" rel="noreferrer noopener">{}</a>')


def render_html(blocks: tuple[Block, ...]) -> Markup:
    """The blocks as elements of their kind; safe to put into a page as it is.

    Example:
        >>> render_html((Heading(2, "Rain & wind"),))
        Markup('<h2>Rain &amp; wind</h2>')
    """
    return Markup("\n").join(_render(block) for block in blocks)


def _render(block: Block) -> Markup:  # noqa: PLR0911 - one return a kind
    match block:
        case Heading(level, text, links):
            return Markup("<h{0}>{1}</h{0}>").format(level, _link(text, links))
        case Paragraph(text, links):
            return Markup("<p>{}</p>").format(_link(text, links))
        case ListBlock(ordered, items):
            rows = Markup("").join(_render_item(item) for item in items)
            return Markup("<{0}>{1}</{0}>").format("ol" if ordered else "ul", rows)
        case Quote(text, links):
            lines = (Markup("<p>{}</p>").format(_write(x)) for x in fit_links(text, links).lines())
            return Markup("<blockquote>{}</blockquote>").format(Markup("").join(lines))
        case Code(text, language):
            return Markup('<pre><code class="language-{}">{}</code></pre>').format(
                language or "none", text
            )
        case Table():
            return _render_table(block)
        case Figure():
            return _render_figure(block)
        case _:
            assert_never(block)


def _link(text: str, links: Sequence[Link]) -> Markup:
    return _write(fit_links(text, links))


def _write(whole: LinkedText) -> Markup:
    return Markup("").join(
        _LINK.format(link.url, text) if link else text for text, link in whole.runs()
    )


def _render_item(item: ListItem) -> Markup:
    return Markup("<li>{}{}</li>").format(_link(item.text, item.links), render_html(item.blocks))


def _render_table(table: Table) -> Markup:
    caption, rows = split_table(table)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td>{}</td>").format(_write(cell)) for cell in row)
        )
        for row in rows
    )
    above = Markup("<caption>{}</caption>").format(_write(caption)) if caption.text else Markup("")
    return Markup("<table>{}{}</table>").format(above, body)


def _render_figure(figure: Figure) -> Markup:
    """A link to the image, not the image: reading a stored article asks nothing of its site."""
    label = figure.alt or figure.caption or "image"
    name = escape(label)
    if figure.image_url.startswith(_SAFE_SCHEMES):
        name = _LINK.format(figure.image_url, label)
    caption = Markup("")
    if figure.caption and (figure.caption != label or figure.links):
        caption = _link(figure.caption, figure.links)
    return Markup("<figure>{}<figcaption>{}</figcaption></figure>").format(name, caption)
