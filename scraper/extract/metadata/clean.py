"""Strings as a record may hold them: entities read, white space collapsed, no controls, capped."""

import html
import re
from itertools import islice
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

# Control characters, terminal escapes, zero-width marks, bidi overrides, lone surrogates.
_UNWANTED: Final = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
    r"|[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
    r"|[\ud800-\udfff]"
)
_NOT_ALNUM: Final = re.compile(r"[\W_]+")
_TAG: Final = re.compile(r"</?(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<rest>\s[^<>]*|/)?>")
_CLOSING: Final = re.compile(r"</([a-zA-Z][a-zA-Z0-9]*)")
_BREAKS: Final = frozenset({"p", "br", "wbr", "hr", "img"})
_SPOKEN_OF: Final = re.compile(
    r"[\s-]+(?:(?:tag|element|attribut|balise|etiqueta|тег)|(?:and|or|und|oder|et|ou|y|o|vs\.?)\s+<)",
    re.IGNORECASE,
)
_SILENT: Final = frozenset({"script", "style", "noscript", "template"})
# An element of a line or two has fewer; one that holds half a page is not worth the walk.
_MAX_SMALL_NODES: Final = 300
MAX_URL_CHARS: Final = 2048  # links that are longer, on 8 of 3,800 pages, share, mail or advertise


def clean_text(value: Any, *, max_chars: int = 1000) -> str:
    r"""`value` as one clean line of at most `max_chars`; "" when it is no text.

    Example:
        >>> clean_text("  Caf&eacute; &amp;amp; <b>bar</b>\n now ")
        'Café & bar now'
    """
    if not isinstance(value, str):
        return ""
    text = value[: 4 * max_chars]  # tags and references may be three quarters of it
    if "&" in text:
        text = html.unescape(text)
        if "&" in text:
            text = html.unescape(text)  # publishers escape twice
    if "<" in text:
        text = _without_markup(text)
    text = " ".join(_UNWANTED.sub("", text).split())
    return text if len(text) <= max_chars else text[: max_chars - 1].rstrip() + "…"


def _without_markup(text: str) -> str:
    """`text` without tags that are markup: paired, with attributes, or for a line or paragraph.

    Tags that a text speaks of are words of it: "The <details> element", "C++ <vector>".
    """
    closed = {name.lower() for name in _CLOSING.findall(text)}

    def replace(tag: re.Match[str]) -> str:
        name = tag["name"].lower()
        is_alone = (
            name != "br" and text[tag.start() - 1 : tag.start()] == text[tag.end() :][:1] == " "
        )
        is_word = is_alone or _SPOKEN_OF.match(text, tag.end()) is not None
        is_markup = tag["rest"] or name in closed or (name in _BREAKS and not is_word)
        return "" if is_markup else tag[0]

    return _TAG.sub(replace, text)


def clean_url(value: Any, base_url: str | None) -> str | None:
    """`value` as an absolute http(s) address; None when it is not one."""
    if not isinstance(value, str):
        return None
    text = _UNWANTED.sub("", value).strip()
    if "&" in text:
        text = html.unescape(text).strip()
    if not text or len(text) > MAX_URL_CHARS or len(text.split(None, 1)) > 1:
        return None
    try:
        is_whole = text.startswith(("https://", "http://")) and "/." not in text
        absolute = text if is_whole else urljoin(base_url or "", text)
        parts = urlsplit(absolute)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return absolute


def fold(text: str) -> str:
    """`text` for comparison: letters and digits alone, lower case.

    Example:
        >>> fold("Rain – over  VARNHOLT!")
        'rainovervarnholt'
    """
    return _NOT_ALNUM.sub("", text.lower())


def text_within(element: etree._Element, max_chars: int) -> str:
    """The text of a small element, white space collapsed; "" when it is longer than `max_chars`."""
    parts: list[str] = []
    size = 0
    for node in islice(element.iter(), _MAX_SMALL_NODES):
        texts = (node.text, node.tail) if node is not element else (node.text,)
        for text in texts:
            if text and not (text is node.text and node.tag in _SILENT):
                size += len(text.strip())
                if size > max_chars:
                    return ""
                parts.append(text)
    return " ".join(" ".join(parts).split())


def path_of(url: str | None) -> str:
    """The path of an address; "" when there is none."""
    try:
        return urlsplit(url or "").path
    except ValueError:
        return ""
