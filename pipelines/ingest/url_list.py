"""Lists of addresses beside pages: which file came from where."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import orjson

from pipelines.errors import IngestError
from pipelines.ingest.items import readable_name

_URL_NAMES: Final = frozenset(
    "url urls address link uri href location source_url page_url original_url".split()
)
_FILE_NAMES: Final = (
    "file filename file_name path filepath file_path local saved document page name id".split()
)
_LIKE_A_FILE: Final = re.compile(r".*\.[A-Za-z]\w{0,6}", re.DOTALL)
_DELIMITERS: Final = ("\t", ",", ";")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_MOST_FIELD_CHARS: Final = 1_000_000


def load_url_list(path: Path) -> dict[str, str]:
    """Addresses by file name, from a list beside a folder of pages.

    CSV or TSV in UTF-8 or UTF-16, with a header or without: the column of URLs and, before or
    behind it, that of file names; further columns are passed over. Or JSON lines with one key that
    holds the URL (``url``) and one that names the file (``file``, ``path``, ``filename`` or
    ``id``).

    Raises:
        IngestError: The list cannot be read, has no such line, or says two things of one file.
    """
    text = _read_text(path)
    pairs = _parse_json(text) if text.lstrip().startswith("{") else _parse_table(text, path)
    urls: dict[str, str] = {}
    for name, url in pairs:
        key = key_of(name)
        if urls.setdefault(key, url) != url:
            raise IngestError(f"{path}: it has two addresses for {name}: {urls[key]} and {url}")
    if not urls:
        raise IngestError(f"{path}: no line of it has a file name and a URL")
    return urls


def key_of(name: str) -> str:
    r"""A file's name as lists are searched by: whoever wrote it, on whichever system.

    Example:
        >>> key_of(".\\saved\\a.html"), key_of("./saved//a.html")
        ('saved/a.html', 'saved/a.html')
    """
    parts = unicodedata.normalize("NFC", readable_name(name).strip().replace("\\", "/")).split("/")
    kept = [part for index, part in enumerate(parts) if part not in {"", "."} or not index]
    return "/".join(kept[1:] if kept[:1] == ["."] else kept)


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IngestError(f"{path}: {error.strerror or error}") from error
    try:
        return data.decode(_encoding_of(data))
    except UnicodeDecodeError as error:
        raise IngestError(f"{path}: this is no text in UTF-8 or UTF-16") from error


def _encoding_of(data: bytes) -> str:
    if data.startswith(_UTF_16):
        return "utf-16"
    # Text in ASCII letters, as UTF-16 without its mark, is every other byte zero.
    sample = data[:200]
    if len(sample) > 3 and sample[1::2].count(0) > len(sample) // 3:
        return "utf-16-le"
    if len(sample) > 3 and sample[::2].count(0) > len(sample) // 3:
        return "utf-16-be"
    return "utf-8-sig"


def _parse_json(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        if isinstance(record, dict):
            names = (record.get(key) for key in ("file", "path", "filename", "id"))
            name = next((str(n) for n in names if n), None)
            if name and record.get("url"):
                yield name, str(record["url"])


def _parse_table(text: str, path: Path) -> list[tuple[str, str]]:
    """The pairs of a table, divided by what gives the most of them."""
    csv.field_size_limit(_MOST_FIELD_CHARS)
    found: list[tuple[str, str]] = []
    problem: IngestError | None = None
    for delimiter in _DELIMITERS:
        try:
            pairs = list(_pairs_of(text, delimiter, path))
        except IngestError as error:
            problem = problem or error
            continue
        if len(pairs) > len(found):
            found = pairs
    if not found and problem is not None:
        raise problem
    return found


def _pairs_of(text: str, delimiter: str, path: Path) -> Iterator[tuple[str, str]]:
    rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    columns: tuple[int, int] | None = None
    width = 0
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if columns is None:
                columns, is_header = _find_columns(cells)
                width = len(cells) if columns else 0
                if is_header:
                    continue
            if columns is not None and len(cells) > width:
                raise IngestError(
                    f"{path}, line {rows.line_num}: more cells than in the lines before; a cell "
                    f"with {delimiter!r} in it has to be in quotes"
                )
            if columns is not None and len(cells) > max(columns):
                name, url = cells[columns[0]], cells[columns[1]]
                if name and _is_url(url):
                    yield name, url
    except csv.Error as error:
        raise IngestError(f"{path}, line {rows.line_num}: {error}") from error


def _find_columns(cells: Sequence[str]) -> tuple[tuple[int, int] | None, bool]:
    """Which cells have the file and the URL, None where that is not said, and if it is a header."""
    if len(cells) < 2:
        return None, False
    url_at = next((at for at, cell in enumerate(cells) if _is_url(cell)), None)
    if url_at is not None:
        others = [at for at, cell in enumerate(cells) if at != url_at and cell]
        like_files = (at for at in others if _LIKE_A_FILE.fullmatch(cells[at]))
        file_at = next(like_files, others[0] if others else None)
        return (None if file_at is None else (file_at, url_at)), False
    names = [cell.lower().replace(" ", "_") for cell in cells]
    url_at = next((at for at, name in enumerate(names) if name in _URL_NAMES), None)
    if url_at is None:
        return None, False
    named = (names.index(name) for name in _FILE_NAMES if name in names)
    return (next((at for at in named if at != url_at), 0 if url_at else 1), url_at), True


def _is_url(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))
