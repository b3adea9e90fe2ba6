"""Blocks as an HTML fragment, every text escaped."""

from markupsafe import Markup, escape

from scraper.blocks import Block, Code, Figure, Heading, ListBlock, Paragraph, Quote, Table

_SAFE_SCHEMES = ("https://", "http://")


def render_html(blocks: tuple[Block, ...]) -> Markup:
    """The blocks as elements of their kind; safe to put into a page as it is.

    Example:
        >>> render_html((Heading(2, "Rain & wind"),))
        Markup('<h2>Rain &amp; wind</h2>')
    """
    return Markup("\n").join(_render(block) for block in blocks)


def _render(block: Block) -> Markup:  # noqa: PLR0911 - one return a kind
    match block:
        case Heading(level, text):
            return Markup("<h{0}>{1}</h{0}>").format(level, text)
        case Paragraph(text):
            return Markup("<p>{}</p>").format(text)
        case ListBlock(ordered, items):
            rows = Markup("").join(
                Markup("<li>{}{}</li>").format(item.text, render_html(item.blocks))
                for item in items
            )
            return Markup("<{0}>{1}</{0}>").format("ol" if ordered else "ul", rows)
        case Quote(text):
            lines = Markup("").join(Markup("<p>{}</p>").format(line) for line in text.split("\n"))
            return Markup("<blockquote>{}</blockquote>").format(lines)
        case Code(text, language):
            return Markup('<pre><code class="language-{}">{}</code></pre>').format(
                language or "none", text
            )
        case Table():
            return _render_table(block)
        case Figure():
            return _render_figure(block)


def _render_table(table: Table) -> Markup:
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row)
        )
        for row in table.rows
    )
    caption = Markup("<caption>{}</caption>").format(table.caption) if table.caption else Markup("")
    return Markup("<table>{}{}</table>").format(caption, rows)


def _render_figure(figure: Figure) -> Markup:
    """A link to the image, not the image: reading a stored article asks nothing of its site."""
    label = figure.alt or figure.caption or "image"
    name = escape(label)
    if figure.image_url.startswith(_SAFE_SCHEMES):
        name = Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(
            figure.image_url, label
        )
    caption = figure.caption if figure.caption and figure.caption != label else ""
    return Markup("<figure>{}<figcaption>{}</figcaption></figure>").format(name, caption)
