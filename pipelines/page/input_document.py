"""What a file or standard input holds: a page in HTML, text that was saved from one, or neither."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from scraper.errors import ExtractionError
from scraper.extract.encoding import decode_html
from scraper.media_types import find_binary

MAX_BYTES: Final = 50_000_000
"""Larger files are refused: a page of a news site has a hundredth of it."""

_TAG: Final = re.compile(
    rb"<(?:!doctype|!--|\?xml|html|head|body|title|meta|div|p|article|section|main|h[1-6]|table|br|a)\b"
    rb"|<(?:!--|!doctype)",
    re.IGNORECASE,
)
_TEXT_SUFFIXES: Final = frozenset({".txt", ".text", ".md"})
_HTML_SUFFIXES: Final = frozenset({".html", ".htm", ".xhtml", ".mhtml", ".php", ".asp", ".aspx"})


@dataclass(frozen=True, slots=True)
class Document:
    """A document: bytes are HTML, str is text.

    Attributes:
        name: What to call it in messages.
    """

    content: bytes | str
    name: str


def read_document(source: Path | BinaryIO) -> Document:
    """A document from a file, or from a stream until it ends.

    A file is HTML or text by its suffix; without one, and from a stream, by what is in it.

    Raises:
        ExtractionError: It is empty, larger than `MAX_BYTES`, or a PDF, an image, binary data …
        OSError: It cannot be read.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
        return classify_document(body, str(source), suffix=source.suffix.lower())
    return classify_document(source.read(MAX_BYTES + 1), "standard input")


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
        refuse_binary(body)
    except ExtractionError as error:
        raise ExtractionError(f"{name}: {error}") from None
    is_text = suffix in _TEXT_SUFFIXES or content_type == "text/plain"
    if is_text or (suffix not in _HTML_SUFFIXES and not looks_like_html(body)):
        text, _ = decode_html(body, "text/plain")
        return Document(text, name)
    return Document(body, name)


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
    head = body[:4096]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # UTF-16
        head = head[2:].replace(b"\x00", b"")
    found = _TAG.findall(head)
    starts_with_tag = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return len(found) >= (1 if starts_with_tag else 3)
