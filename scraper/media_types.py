"""What a body is: something with text in it, or a PDF, an image, an archive."""

_READABLE_TYPES = frozenset(
    "application/xhtml+xml application/xml application/json application/ld+json "
    "application/rss+xml application/atom+xml application/feed+json application/rdf+xml "
    "application/x-rss+xml application/gzip application/x-gzip application/javascript".split()
)
UNSAID_TYPES = frozenset(
    ("", "application/octet-stream", "binary/octet-stream", "application/unknown",
     "unknown/unknown", "content/unknown", "*/*", "application/force-download",
     "application/x-force-download", "application/download", "application/x-download",
     "application/html", "application/xhtml", "application/x-html", "application/x-httpd-php",
     "application/php", "application/text", "application/x-unknown", "www/unknown",
     "application/x-www-form-urlencoded", "application/rss", "application/atom",
     "application/x-xml")
)  # fmt: skip
"""Of servers that do not know, or do not say, what they send, or have their own name for it."""

# First bytes of what is no page, whatever the header says (WHATWG MIME Sniffing, section 6 ff.).
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"fLaC", "a FLAC file"),
    (b"\x1aE\xdf\xa3", "a WebM or Matroska video"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"%!PS", "a PostScript file"),
    (b"{\\rtf", "an RTF document"),
)
_NAMES = {"application/pdf": "a PDF", "application/zip": "a ZIP archive"}
_FAMILIES = {"image": "an image", "video": "a video", "audio": "a sound file", "font": "a font"}

# The bytes that no text holds (MIME Sniffing, section 3: binary data byte).
_MOST_BINARY = 0.03  # of the first bytes of a text
_BINARY_BYTES = bytes([*range(9), 0x0B, *range(0x0E, 0x1A), *range(0x1C, 0x20)])


def media_type_of(content_type: str | None) -> str:
    """The media type that a Content-Type names, lower case; empty when it names none.

    Example:
        >>> media_type_of("Text/HTML; charset=utf-8"), media_type_of("html"), media_type_of(None)
        ('text/html', '', '')
    """
    name = (content_type or "").partition(";")[0].strip().lower()
    return name if "/" in name else ""


def find_wrong_type(content_type: str) -> str | None:
    """What a Content-Type says the body is when that is no page; None when it may be one.

    Example:
        >>> find_wrong_type("application/pdf"), find_wrong_type("text/html; charset=utf-8")
        ('a PDF', None)
    """
    name = media_type_of(content_type)
    if name.startswith("text/") or name in _READABLE_TYPES or name in UNSAID_TYPES:
        return None
    if name.endswith(("+xml", "+json")) and not name.startswith("image/"):
        return None
    family = name.partition("/")[0]
    if family in _FAMILIES:
        return f"{_FAMILIES[family]} ({name})"
    return _NAMES.get(name) or name


def find_binary(body: bytes, content_type: str) -> str | None:
    """What the first bytes show the body to be when that is no page; None when it may be one.

    A known signature counts whatever the header says: a PDF served as text/html is still a PDF.
    Where the header names no type, bytes that no text holds count too.
    """
    head = body[:1024]
    for signature, name in _SIGNATURES:
        if head.startswith(signature) and (len(signature) > 3 or _has_binary(head)):
            return name
    if head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return "an image or a sound file"
    if head[4:8] == b"ftyp":
        return "a video or an AVIF image"
    has_text_bom = head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b"))  # UTF-16, or gzip
    is_unsaid = media_type_of(content_type) in UNSAID_TYPES
    return "binary data" if is_unsaid and not has_text_bom and _has_binary(head) else None


def _has_binary(head: bytes) -> bool:
    """Whether there are more of the bytes that no text holds than slip into a text by mistake.

    Of what is compressed a tenth are such, of programs and pictures more.
    """
    binary_bytes = len(head) - len(head.translate(None, _BINARY_BYTES))
    return binary_bytes > max(1, len(head) * _MOST_BINARY)
