"""What a file or standard input holds: a page in HTML, text that was saved from one, or neither."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from scraper.errors import ExtractionError
from scraper.extract.encoding import decode_html
from scraper.media_types import UNSAID_TYPES, find_binary, media_type_of

MAX_BYTES: Final = 50_000_000
"""Larger files are refused: a page of a news site has a hundredth of it."""

# Of these one at the start makes a page (WHATWG MIME Sniffing, section 7.1, has most of them).
_TAG: Final = re.compile(
    rb"<(?:html|head|body|title|meta|link|base|script|style|noscript|iframe|div|span|header|nav|main"
    rb"|article|section|p|h[1-6]|ul|ol|table|center|font|form|img|br|a|b)\b|<(?:!--|!doctype|\?xml)",
    re.IGNORECASE,
)
_HTML_DOCUMENT: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*)*+<(?:!doctype\s+)?html\b",
    re.IGNORECASE | re.DOTALL,
)
_TEXT_SUFFIXES: Final = frozenset({".txt", ".text", ".md"})
HTML_SUFFIXES: Final = frozenset({".html", ".htm", ".xhtml", ".mhtml", ".php", ".asp", ".aspx"})
"""Suffixes of files that are HTML, whatever is in them."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document: bytes are HTML, str is text.

    Attributes:
        name: What to call it in messages.
    """

    content: bytes | str
    name: str


def read_document(file: Path | BinaryIO) -> Document:
    """A document from a file, or from a stream until it ends.

    A file is HTML or text by its suffix; without one, and from a stream, by what is in it.

    Raises:
        ExtractionError: It is empty, larger than `MAX_BYTES`, or a PDF, an image, binary data …
        OSError: It cannot be read.
    """
    if isinstance(file, Path):
        with file.open("rb") as opened:
            body = opened.read(MAX_BYTES + 1)
        return classify_document(body, str(file), suffix=file.suffix.lower())
    return classify_document(file.read(MAX_BYTES + 1), "standard input")


def classify_document(
    body: bytes, name: str, *, suffix: str = "", content_type: str = ""
) -> Document:
    """A document from bytes, with what is known about them.

    Raises:
        ExtractionError: As for `read_document`.

    Example:
        >>> classify_document(b"<p>Rain.</p>", "a").content
        b'<p>Rain.</p>'
        >>> classify_document(b"Rain.", "b").content
        'Rain.'
    """
    if not body.strip():
        raise ExtractionError(f"{name}: there is nothing in it")
    if len(body) > MAX_BYTES:
        raise ExtractionError(f"{name}: larger than {MAX_BYTES // 1_000_000} MB, which is no page")
    try:
        refuse_binary(body, content_type)
    except ExtractionError as error:
        raise ExtractionError(f"{name}: {error}") from None
    if is_saved_text(body, suffix=suffix, content_type=content_type):
        text, _ = decode_html(body, "text/plain")
        return Document(text, name)
    return Document(body, name)


def is_saved_text(body: bytes, *, suffix: str = "", content_type: str | None = None) -> bool:
    """Whether a body is text that was saved from a page, and not HTML; False when it is empty.

    What it is said to be counts, by the suffix of its file or by its media type, except that a
    whole HTML document is one even where it is called text. Of what nothing is said, what is in it
    decides.

    Example:
        >>> is_saved_text(b"Rain."), is_saved_text(b"Rain.", content_type="text/html")
        (True, False)
    """
    if suffix in HTML_SUFFIXES or not body.strip():
        return False
    media_type = media_type_of(content_type)
    if suffix in _TEXT_SUFFIXES or media_type == "text/plain":
        return _HTML_DOCUMENT.match(_head_of(body)) is None
    return media_type in UNSAID_TYPES and not looks_like_html(body)


def refuse_binary(body: bytes, content_type: str = "") -> None:
    """Nothing, for a body with text in it.

    Raises:
        ExtractionError: It is a PDF, an image, binary data …
    """
    wrong = find_binary(body, content_type)
    if wrong is not None:
        raise ExtractionError(f"this is {wrong}, not a page; winnow reads HTML and text")


def looks_like_html(body: bytes) -> bool:
    """Whether the bytes start as a page does, or have several of its tags early on."""
    head = _head_of(body)
    return len(_TAG.findall(head)) >= (1 if head.lstrip().startswith(b"<") else 3)


def _head_of(body: bytes) -> bytes:
    """The first bytes, without the mark of their encoding; those of UTF-16 as ASCII."""
    head = body[:4096]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head[2:].replace(b"\x00", b"")
    return head.removeprefix(b"\xef\xbb\xbf")
