"""What of a folder is to be read: folders on disk and in archives alike.

Programs that save pages put other things beside them: what pages are made of, frames, lists, logs,
second copies. Those are left out, and counted; everything else is read, and what then turns out not
to be readable is a failure.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from pipelines.ingest.formats import is_known_name

COMPANION: Final = "beside pages"
FRAME: Final = "frame"
COPY: Final = "second copy"

MOST_INDEX_BYTES: Final = 1_000_000
"""Of what ArchiveBox writes about a page."""

_COMPANION: Final = re.compile(
    r"\.(?:cdxj?|idx|db|sqlite3?|parquet|csv|tsv|toml|ya?ml|md|py|map|wat|css|m?js|json|xml|rss|"
    r"atom|jpe?g|png|gif|webp|svgz?|avif|ico|bmp|tiff?|mp3|m4a|wav|ogg|mp4|m4v|mov|avi|webm|mkv|"
    r"woff2?|ttf|otf|eot|ics|vcf|log|conf|ini|lock|webmanifest|swf|tmp)(?:\.gz)?$",
    re.IGNORECASE,
)
_QUERY: Final = re.compile(r"\?|@(?=[\w.-]{1,80}=)")
_HTML: Final = re.compile(r"\.(?:x?html?|mht(?:ml)?|php|aspx?)$", re.IGNORECASE)
# What browsers call the folder beside a page, in the languages that they speak.
_BESIDE: Final = re.compile(
    r"(?P<page>.+)(?:[_.]files?|-filer|-Dateien|_fichiers|_archivos|_ficheiros|_arquivos|_pliki|"
    r"_bestanden|_soubory|_s(?:ou|ú)bory|_tiedostot|_dosyalar|_elemei|_datoteke|_fitxers|_failid|"
    r"_fails|_fajlovi|_bylos|_fitxategiak|_file)"
)
_SAVED_FRAME: Final = re.compile(r"saved_resource(?:\(\d+\))?\.html?")
_HTTRACK_OWN: Final = re.compile(r"hts-[\w.-]+|index\.html?|cookies\.txt|(?:back|fore)blue\.gif")
_ARCHIVEBOX_ORDER: Final = (
    "singlefile.html", "output.html", "dom/output.html", "singlefile/singlefile.html",
)  # fmt: skip
_ARCHIVEBOX_LAST: Final = ("readability/content.html", "mercury/content.html")


@dataclass(frozen=True, slots=True)
class Planned:
    """A file of a folder.

    Attributes:
        name: Its path in the folder, with ``/``.
        left_out: Why it is not read, in a word or two; empty when it is.
        url: Where its page came from, when something beside it says so.
    """

    name: str
    left_out: str = ""
    url: str = ""


def plan_folder(names: Sequence[str], read: Callable[[str], bytes]) -> Iterator[Planned]:
    """Each file of a folder, in order, and whether it is to be read.

    Args:
        names: Of all files in it, all the way down.
        read: The first bytes of one of them.

    Example:
        >>> names = ["a.html", "a_files/ad.html", "a_files/a.css"]
        >>> [(file.name, file.left_out) for file in plan_folder(names, lambda name: b"")]
        [('a.html', ''), ('a_files/ad.html', 'frame'), ('a_files/a.css', 'beside pages')]
    """
    known = frozenset(names)
    if _is_wacz(known):
        yield from (Planned(name, "" if _is_wacz_archive(name) else COMPANION) for name in names)
        return
    own = _find_own(names)
    snapshots = _Snapshots(names, read)
    for name in names:
        reason = COMPANION if name in own else _why_left_out(name, known)
        snapshot = snapshots.of(name)
        if snapshot is None or reason:
            yield Planned(name, reason)
        elif name == snapshot.page or (not snapshot.page and name.endswith((".warc.gz", ".warc"))):
            yield Planned(name, "", snapshot.url)
        else:
            yield Planned(name, COPY)


def _why_left_out(name: str, known: frozenset[str]) -> str:
    *folders, file = name.split("/")
    if file.startswith(".") or "__MACOSX" in folders or file.lower() == "robots.txt":
        return COMPANION
    if file.endswith(".orig") and name.removesuffix(".orig") in known:
        return COPY  # what wget had before it changed the links
    plain = _QUERY.split(file, maxsplit=1)[0]
    if not is_known_name(plain) and _COMPANION.search(plain):
        return COMPANION
    if _HTML.search(plain) and _is_frame(folders, file, known):
        return FRAME
    return ""


def _is_frame(folders: Sequence[str], file: str, known: frozenset[str]) -> bool:
    """Whether a page is a part of the one that it was saved with."""
    for depth, folder in enumerate(folders):
        match = _BESIDE.fullmatch(folder)
        if match is None:
            continue
        if _SAVED_FRAME.fullmatch(file):
            return True
        page = "/".join((*folders[:depth], match["page"]))
        if any(f"{page}{suffix}" in known for suffix in (".html", ".htm", ".xhtml", ".php", "")):
            return True
    return False


def _is_wacz(known: frozenset[str]) -> bool:
    return "datapackage.json" in known and any(map(_is_wacz_archive, known))


def _is_wacz_archive(name: str) -> bool:
    return name.startswith("archive/") and name.endswith((".warc", ".warc.gz"))


def _find_own(names: Sequence[str]) -> frozenset[str]:
    """What programs that mirror sites write for themselves: lists, logs, caches."""
    own: set[str] = set()
    projects = {_parent(name) for name in names if name.endswith("hts-log.txt")}
    projects |= {n[: n.index("hts-cache/")] for n in names if f"/{n}".find("/hts-cache/") >= 0}
    for name in names:
        inside = next((folder for folder in _folders_of(name) if folder in projects), None)
        if inside is not None and _is_httracks(name[len(inside) :]):
            own.add(name)
    if "ArchiveBox.conf" in names or "index.sqlite3" in names:
        own.update(name for name in names if not name.startswith(("archive/", "users/")))
    return frozenset(own)


def _is_httracks(name: str) -> bool:
    return name.startswith("hts-cache/") or _HTTRACK_OWN.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """A page that ArchiveBox has kept in several ways.

    Attributes:
        url: Where it came from.
        page: The file to read; empty where there is only an archive.
    """

    url: str
    page: str


class _Snapshots:
    """The folders of ArchiveBox among the files of a folder."""

    def __init__(self, names: Sequence[str], read: Callable[[str], bytes]) -> None:
        records: dict[str, dict[str, object]] = {}
        for name in names:
            if name == "index.json" or name.endswith("/index.json"):
                record = parse_snapshot(read(name)[:MOST_INDEX_BYTES])
                if record is not None:
                    records[_parent(name)] = record
        inside: dict[str, list[str]] = {folder: [] for folder in records}
        for name in names if records else ():
            folder = next((folder for folder in _folders_of(name) if folder in records), None)
            if folder is not None:
                inside[folder].append(name)
        self._found = {
            folder: _Snapshot(str(record["url"]), _choose(folder, inside[folder], record))
            for folder, record in records.items()
        }

    def of(self, name: str) -> _Snapshot | None:
        """The snapshot that a file is a part of; None for most."""
        if not self._found:
            return None
        return next((self._found[f] for f in _folders_of(name) if f in self._found), None)


def parse_snapshot(data: bytes) -> dict[str, object] | None:
    """What ArchiveBox wrote about a page; None for what is something else."""
    try:
        record = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(record, dict) or not {"timestamp", "archive_path", "history"} & record.keys():
        return None
    url = record.get("url")
    return record if isinstance(url, str) and url.startswith(("http://", "https://")) else None


def _choose(folder: str, inside: Iterable[str], record: dict[str, object]) -> str:
    """The best copy of a page: as a browser had it, then as it was sent, then what was cut out."""
    have = frozenset(inside)
    canonical = record.get("canonical")
    mirrored = canonical.get("wget_path") if isinstance(canonical, dict) else None
    wanted = [*_ARCHIVEBOX_ORDER, *([mirrored] if isinstance(mirrored, str) else [])]
    for name in wanted:
        if folder + name in have and _HTML.search(name):
            return folder + name
    host = str(record["url"]).partition("://")[2].partition("/")[0]
    start = f"{folder}{host}/"
    pages = sorted((n for n in have if n.startswith(start) and _HTML.search(n)), key=len)
    if pages:
        return pages[0]
    if any(name.endswith((".warc", ".warc.gz")) for name in have):
        return ""
    return next((folder + name for name in _ARCHIVEBOX_LAST if folder + name in have), "")


def _folders_of(name: str) -> Iterator[str]:
    """The folders that a file is in, from the nearest to the top, which is empty, with ``/``."""
    at = len(name)
    while (at := name.rfind("/", 0, at)) >= 0:
        yield name[: at + 1]
    yield ""


def _parent(name: str) -> str:
    """The folder of a file, with its ``/``; empty at the top."""
    return name[: name.rfind("/") + 1]
