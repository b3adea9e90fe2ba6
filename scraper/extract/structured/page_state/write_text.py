"""Plain text, Markdown and HTML as pieces of one HTML text."""

import html
import re
from typing import Final

_MARKUP: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>]{0,2000})?/?>")
_ESCAPED_MARKUP: Final = re.compile(r"&lt;/?(?:p|br|h[1-6]|ul|ol|li|div|strong|em|a|b|i)\b")
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_BLOCK_MARKUP: Final = re.compile(
    r"<(?:p|div|h[1-6]|ul|ol|li|blockquote|table|section)[\s>/]", re.I
)
_MARKDOWN_HEADING: Final = re.compile(r"(#{1,6})\s+(\S.*?)\s*#*\Z")
_MARKDOWN_QUOTE: Final = re.compile(r">\s*(\S.*)\Z")
_MARKDOWN_ITEM: Final = re.compile(r"(?:[-*+•]|(\d{1,3})[.)])\s+(\S.*)\Z", re.DOTALL)
_MARKDOWN_LINK: Final = re.compile(r"\[([^\[\]]{1,300})\]\((https?://[^\s()]{1,1000})\)")
_MARKDOWN_BOLD: Final = re.compile(r"(\*\*|__)(?=\S)([^*_]{1,500}?)(?<=\S)\1")


def undo_escapes(text: str) -> str:
    """HTML that was escaped once too often, as it was meant."""
    if "<" not in text and _ESCAPED_MARKUP.search(text):
        text = html.unescape(text)
    return text


def inline_text(text: str) -> str:
    """Words of a line as HTML: those that are HTML already stay so."""
    text = undo_escapes(text)
    if _MARKUP.search(text) or _ENTITY.search(text):
        return text
    text = html.escape(text, quote=False)
    text = _MARKDOWN_LINK.sub(r'<a href="\2">\1</a>', text)
    return _MARKDOWN_BOLD.sub(r"<strong>\2</strong>", text)


def write_lines(text: str) -> list[str]:
    """Plain text or Markdown as blocks: headings by #, items by their marks, else a line each."""
    written: list[str] = []
    is_open = ""
    for raw in text.split("\n"):
        line = raw.strip()
        if not line:
            continue
        item = _MARKDOWN_ITEM.match(line)
        tag = ("ol" if item[1] else "ul") if item else ""
        if tag != is_open:
            written.append((f"</{is_open}>" if is_open else "") + (f"<{tag}>" if tag else ""))
            is_open = tag
        heading, quote = _MARKDOWN_HEADING.match(line), _MARKDOWN_QUOTE.match(line)
        if item:
            written.append(f"<li>{inline_text(item[2])}</li>")
        elif heading:
            level = len(heading[1])
            written.append(f"<h{level}>{inline_text(heading[2])}</h{level}>")
        elif quote:
            written.append(f"<blockquote><p>{inline_text(quote[1])}</p></blockquote>")
        else:
            written.append(f"<p>{inline_text(line)}</p>")
    return [*written, f"</{is_open}>"] if is_open else written


def has_markup(text: str) -> bool:
    """Whether there is a tag of HTML in a text."""
    return _MARKUP.search(text) is not None


def has_blocks(text: str) -> bool:
    """Whether a text is HTML with blocks of its own."""
    return _BLOCK_MARKUP.search(text) is not None


def item_text(line: str) -> str:
    """The text of an item without the mark it is written with."""
    found = _MARKDOWN_ITEM.match(line)
    return found[2] if found else line
