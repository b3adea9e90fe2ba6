"""Where pages on disk came from: a list, what they say themselves, the folders of a mirror."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote

import orjson

from pipelines.errors import IngestError
from pipelines.ingest.inputs import Input

# The folders of a mirror (wget -r, HTTrack) are named by host.
_HOST: Final = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?$")


def find_file_url(file: Input, stated: str, urls: Mapping[str, str]) -> str | None:
    """Where a page on disk came from: the list, its own words, or a mirror's folders; else None.

    Args:
        file: Which one.
        stated: The URL that the page itself names; empty when it names none.
        urls: Addresses by file name, from `load_url_list`.
    """
    relative = _relative(file)
    for key in (file.name, relative, PurePosixPath(relative).name):
        if key in urls:
            return urls[key]
    if stated:
        return stated
    host, _, path = relative.partition("/")
    if path and _HOST.match(host):
        path = path.removesuffix("index.html")
        return f"https://{host}/{quote(path, safe='/-._~!$&+,;=:@()*%')}"
    return None


def load_url_list(path: Path) -> dict[str, str]:
    """Addresses by file name, from a list beside a folder of pages.

    One file a line: its name and its URL, in either order, with a tab or comma between; or a JSON
    object with one key that holds the URL (``url``) and one that names the file (``file``,
    ``path``, ``filename`` or ``id``). Lines without a URL, a header for one, are passed over.

    Raises:
        IngestError: The list cannot be read, or has no such line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise IngestError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise IngestError(f"{path}: this is no text in UTF-8") from error
    urls = dict(filter(None, map(_parse_line, text.splitlines())))
    if not urls:
        raise IngestError(f"{path}: no line of it has a file name and a URL")
    return urls


def _parse_line(line: str) -> tuple[str, str] | None:
    if line.lstrip().startswith("{"):
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            return None
        names = (record.get(key) for key in ("file", "path", "filename", "id"))
        name = next((str(n) for n in names if n), None)
        return (name, str(record["url"])) if name and record.get("url") else None
    cells = [cell.strip().strip('"') for cell in re.split(r"\t|,", line, maxsplit=1)]
    if len(cells) != 2:
        return None
    first, second = cells
    if _is_url(first):
        first, second = second, first
    return (first, second) if _is_url(second) and first else None


def _is_url(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def _relative(file: Input) -> str:
    path = PurePosixPath(file.name)
    if file.root is not None:
        root = PurePosixPath(file.root)
        if path.is_relative_to(root):
            return str(path.relative_to(root))
    return str(path)
