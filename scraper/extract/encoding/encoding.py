"""Bytes to text as browsers do it: byte order mark, Content-Type header, meta element, a guess.

Follows the HTML standard's "determining the character encoding" (section 13.2.3.2) and the Encoding
Standard's labels. It parts from them in one way, for the reader's sake: a declaration that the
bytes themselves refute is not obeyed. Bytes that read as UTF-8 from end to end are UTF-8, whatever
an old template says, and a page that calls itself UTF-8 while most of its non-ASCII text is not is
taken for undeclared. A browser would show both as mojibake. So it would UTF-8 that was taken for
Latin-1 on its way and encoded a second time; that is undone as well.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Final

from scraper.extract.encoding.encoding_guess import guess_legacy_encoding
from scraper.extract.encoding.encoding_labels import ENCODINGS

_SPACE: Final = b"\t\n\x0c\r "
_SKIPPED: Final = re.compile(
    rb"<!--.*?-->|<script\b.*?</script|<style\b.*?</style|(?P<meta><meta[\s/][^>]*)", re.I | re.S
)
_ATTRIBUTE: Final = re.compile(
    rb"""([^\s"'<>/=]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""", re.S
)
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';,]+)""", re.I)
_XML_DECLARATION: Final = re.compile(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_LANGUAGE: Final = re.compile(rb"""<html\b[^>]*?\slang\s*=\s*["']?([A-Za-z]{2,3})""", re.I)

# The standard scans 1,024 bytes, then lets the parser find a later element; this covers both. Of
# 3,800 pages one in nine declares itself later than there, 21 later than here, all of them UTF-8.
_PRESCAN_BYTES: Final = 65_536
# A dozen characters do not form valid UTF-8 by chance in a two-byte legacy encoding.
_ENOUGH_CONTINUATION_BYTES: Final = 24
_NOT_ASCII_COMPATIBLE: Final = frozenset({"utf-16le", "utf-16be", "iso-2022-jp"})
# A quotation mark or a dash encoded twice: "â" before a control character, which no text holds.
_TWICE_SIGN: Final = b"\xc3\xa2\xc2\x80"
_TWICE: Final = re.compile(
    rb"\xc3[\x82-\x9f]\xc2[\x80-\xbf]|\xc3[\xa0-\xaf](?:\xc2[\x80-\xbf]){2}"
    rb"|\xc3[\xb0-\xb4](?:\xc2[\x80-\xbf]){3}"
)
_TWO_BYTE_ENCODINGS: Final = frozenset({"gb18030", "big5hkscs", "euc-jp", "cp932", "cp949"})


def find_encoding(body: bytes, content_type: str | None = None) -> str:
    r"""The encoding to read a page with: a name Python knows; never fails.

    libxml2 knows every one of these names too, except `mac-cyrillic`.

    Args:
        body: The page as received, content decoding undone.
        content_type: The Content-Type header as sent.

    Example:
        >>> find_encoding(b"<p>caf\xe9", "text/html; charset=ISO-8859-1")
        'windows-1252'
        >>> find_encoding("<meta charset=latin1><p>café".encode())
        'utf-8'
    """
    marked = _encoding_of_mark(body)
    if marked:
        return marked
    continuation_bytes = _count_continuation_bytes(body)
    if continuation_bytes is not None:  # valid UTF-8, which outweighs most declarations
        return _weigh_utf8(body, content_type, continuation_bytes)
    declared = _encoding_of_header(content_type) or _encoding_of_meta(body)
    if declared in {None, "utf-8", "utf-16le", "utf-16be"}:
        return _without_declaration(body, declared)
    return declared or "utf-8"


def decode_html(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """A page's text and the encoding it was read with; bytes that are not valid become U+FFFD."""
    encoding = find_encoding(body, content_type)
    return body.decode(encoding, "replace").removeprefix("\ufeff"), encoding


def recode_html(body: bytes, content_type: str | None = None) -> tuple[bytes, str]:
    """A page as valid UTF-8 and the encoding it was in; what already is UTF-8 is not copied.

    Example:
        >>> recode_html("Ida’s".encode().decode("latin-1").encode())[0].decode()
        'Ida’s'
    """
    encoding = find_encoding(body, content_type)
    if body.isascii() and encoding not in _NOT_ASCII_COMPATIBLE:
        return body, encoding
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        text = body.decode(encoding, "replace")
    else:
        if encoding == "utf-8":
            return _undo_second_encoding(body.removeprefix(codecs.BOM_UTF8)), encoding
    return text.removeprefix("\ufeff").encode("utf-8", "replace"), encoding


def _undo_second_encoding(body: bytes) -> bytes:
    """UTF-8 read as Latin-1 and encoded again, as it was; sound text beside it stays."""
    return _TWICE.sub(_decode_once, body) if _TWICE_SIGN in body else body


def _decode_once(match: re.Match[bytes]) -> bytes:
    once = match[0].decode("utf-8").encode("latin-1")
    try:
        once.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
    return once


def _encoding_of_mark(body: bytes) -> str | None:
    if body.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if body.startswith(codecs.BOM_UTF16_LE):
        return "utf-16le"
    if body.startswith(codecs.BOM_UTF16_BE):
        return "utf-16be"
    return None


def _encoding_of_header(content_type: str | None) -> str | None:
    match = _CHARSET.search(content_type or "")
    return _resolve_label(match[1]) if match else None


def _resolve_label(label: str) -> str | None:
    return ENCODINGS.get(label.strip().lower())


def _encoding_of_meta(body: bytes) -> str | None:
    head = body[:_PRESCAN_BYTES]
    found = head.lower().find(b"charset")
    if found >= 0:
        for tag in _SKIPPED.finditer(head):
            encoding = _encoding_of_tag(tag["meta"]) if tag["meta"] else None
            if encoding:
                # Whoever could read this element was not reading two bytes a letter.
                return "utf-8" if encoding.startswith("utf-16") else encoding
    xml = _XML_DECLARATION.match(head)
    return _resolve_label(xml[1].decode("ascii")) if xml else None


def _encoding_of_tag(tag: bytes) -> str | None:
    attributes = dict(_attributes(tag[5:]))
    charset = attributes.get("charset")
    if charset:
        return _resolve_label(charset)
    if attributes.get("http-equiv", "").lower() == "content-type":
        return _encoding_of_header(attributes.get("content"))
    return None


def _attributes(tag: bytes) -> Iterator[tuple[str, str]]:
    for match in _ATTRIBUTE.finditer(tag):
        value = match[2] or match[3] or match[4] or b""
        yield match[1].decode("latin-1").lower(), value.decode("latin-1").strip()


def _count_continuation_bytes(body: bytes) -> int | None:
    """How many bytes go on with a character in UTF-8; None when it is not UTF-8.

    A character cut off at the very end is forgiven.
    """
    if body.isascii():
        return 0
    try:
        return len(body) - len(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        # In a few bytes one that is not valid at the end may well be a letter of Latin-1.
        if error.reason == "unexpected end of data" and error.start > 64:
            return error.start - len(body[: error.start].decode("utf-8"))
    return None


def _weigh_utf8(body: bytes, content_type: str | None, continuation_bytes: int) -> str:
    """The encoding of bytes that are valid UTF-8: that, or one in which they are valid as well.

    Few bytes beyond ASCII may be two-byte characters of an encoding that is declared; ASCII alone
    may be UTF-16 without a mark or, with escapes, ISO-2022-JP.
    """
    if continuation_bytes >= _ENOUGH_CONTINUATION_BYTES:
        return "utf-8"
    if continuation_bytes == 0 and b"\x1b" not in body:
        return _encoding_of_wide(body) or "utf-8"
    declared = _encoding_of_header(content_type) or _encoding_of_meta(body)
    if declared in _TWO_BYTE_ENCODINGS or declared == "iso-2022-jp":
        return declared or "utf-8"
    if b"\x1b$" in body and (b"\x1b(B" in body or b"\x1b(J" in body):
        return "iso-2022-jp"
    return "utf-8"


def _encoding_of_wide(body: bytes) -> str | None:
    """UTF-16 without a mark, known by zero bytes at every other place; None for all else.

    Those are the upper halves of ASCII: markup alone makes them a quarter and more of a page.
    """
    sample = body[:2048]
    if sample.count(0) * 4 < len(sample):
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even * 10 < odd:
        return "utf-16le"
    if odd * 10 < even:
        return "utf-16be"
    return None


def _without_declaration(body: bytes, declared: str | None) -> str:
    """The encoding of bytes that refute what is declared, or come without a declaration."""
    wide = _encoding_of_wide(body)
    if wide:
        return wide
    if declared and declared.startswith("utf-16"):
        return declared
    if _is_mostly_utf8(body):
        return "utf-8"
    second = _encoding_of_meta(body)  # the header was wrong; the page itself may know better
    if second and second != "utf-8":
        return second
    language = _LANGUAGE.search(body[:_PRESCAN_BYTES])
    return guess_legacy_encoding(body, language[1].decode("ascii").lower() if language else None)


def _is_mostly_utf8(body: bytes) -> bool:
    """Whether the non-ASCII bytes are UTF-8 with damage here and there."""
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    sound = sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))
    return sound > 2 * damaged
