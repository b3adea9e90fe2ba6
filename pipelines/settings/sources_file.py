"""Reading a sources.toml from disk, and adding a source to one without losing its comments."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from pipelines.errors import SettingsError
from pipelines.settings.parse_settings import parse_settings
from pipelines.settings.values import Settings
from scraper.urls.public_suffixes import find_public_suffix
from scraper.urls.web_urls import host_of, hostname_of, written_hostname_of

_HEADER = "What winnow crawls; every key is described in data/README.md."


def load_settings(path: str | Path, *, has_secrets: bool = True) -> Settings:
    """Read and check a sources.toml.

    Args:
        path: The file.
        has_secrets: Whether variables must be in the environment; those who send no request need
            none.

    Raises:
        SettingsError: It cannot be read or is no TOML, has a key that does not exist, a value that
            cannot be, or names a variable that there is not; the message names file, line and key.
    """
    text = read_sources_text(Path(path))
    return parse_settings(text, path=str(path), has_secrets=has_secrets)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """A [[source]] to be written.

    Attributes:
        name: What to call it; a number is added when the name is taken.
        url: Its front page, section, feed or sitemap.
        comment: Written above the entry, a line for each of its lines.
        keys: Further keys of a source.
    """

    name: str
    url: str
    comment: str = ""
    keys: Mapping[str, Any] = field(default_factory=dict)


def append_source(
    path: str | Path,
    *,
    name: str,
    url: str,
    comment: str | None = None,
    **keys: Any,
) -> str:
    """Add a [[source]] at the end of the file, as `append_sources` does; the name it got.

    Raises:
        SettingsError: The file is broken already, has this URL, or cannot be written.
    """
    new = NewSource(name=name, url=url, comment=comment or "", keys=keys)
    ((got, is_new),) = append_sources(path, [new])
    if not is_new:
        raise SettingsError(f'{path}: {url} is there already, as source "{got}"')
    return got


def append_sources(path: str | Path, sources: Sequence[NewSource]) -> list[tuple[str, bool]]:
    """Add each [[source]] whose URL is not there yet at the end of the file, made if there is none.

    What stands in it stays as it is, comments and all. The file is replaced in one step, so that
    a crawl that reads it meanwhile sees the old one or the new one.

    Returns:
        For each of them the name it got and True, or that of the source that has its URL and False.

    Raises:
        SettingsError: The file is broken already, a key has a value it cannot have, or the file
            cannot be written.
    """
    path = Path(path)
    text = read_sources_text(path) if path.exists() else f"# {_HEADER}\n"
    settings = parse_settings(text, path=str(path), has_secrets=False)
    names = {source.url: source.name for source in settings.sources}
    taken = {source.name for source in settings.sources}
    outcomes = []
    for source in sources:
        if source.url in names:
            outcomes.append((names[source.url], False))
            continue
        numbered = (f"{source.name}-{i}" for i in range(2, 10_000))
        name = next(n for n in (source.name, *numbered) if n not in taken)
        taken.add(name)
        names[source.url] = name
        entry = _render_entry(path, replace(source, name=name))
        text = f"{text.rstrip()}\n\n{entry}" if text.strip() else entry
        outcomes.append((name, True))
    if any(is_new for _, is_new in outcomes):
        parse_settings(text, path=str(path), has_secrets=False)
        replace_sources_text(path, text)
    return outcomes


def _render_entry(path: Path, source: NewSource) -> str:
    try:
        entry = tomlkit.table()
        for key, value in {"name": source.name, "url": source.url, **source.keys}.items():
            entry.add(key, value)
        tables = tomlkit.aot()
        tables.append(entry)
        addition = tomlkit.document()
        addition.add("source", tables)
        written = tomlkit.dumps(addition)
    except TOMLKitError as error:
        raise SettingsError(f"{path}: {error}") from error
    # What others wrote may be in it, and TOML has no control characters in comments.
    lines = (
        "".join(c if c.isprintable() else " " for c in line) for line in source.comment.splitlines()
    )
    return "".join(f"# {line}\n" for line in lines) + written


def read_sources_text(path: Path) -> str:
    """What stands in the file.

    Raises:
        SettingsError: It cannot be read, or is no UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        advice = "; `winnow add URL` makes one" if isinstance(error, FileNotFoundError) else ""
        raise SettingsError(f"{path}: {error.strerror or error}{advice}") from error
    except UnicodeDecodeError as error:
        line = bytes(error.object[: error.start]).count(b"\n") + 1
        raise SettingsError(f"{path}, line {line}: this is not UTF-8 text") from error


def replace_sources_text(path: Path, text: str) -> None:
    """Put another text in place of the file, in one step; what a link points at is replaced.

    Raises:
        SettingsError: It cannot be written; the file is as it was then.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A link is kept: what it points at is replaced.
        target = path.resolve()
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, prefix=".sources-", delete=False
        ) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary = Path(file.name)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        temporary.chmod(mode)
        temporary.replace(target)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}") from error


def source_name(url: str) -> str:
    """A name for a source, from its URL.

    Its host without the public suffix, as people write it.

    Example:
        >>> source_name("https://www.example.com/news/"), source_name("http://127.0.0.1:8900/")
        ('example', '127-0-0-1-8900')
    """
    name = written_hostname_of(url).removeprefix("www.")
    port = host_of(url).removeprefix(hostname_of(url))
    suffix = find_public_suffix(name)
    if suffix is None or suffix == name:
        suffix = name.rpartition(".")[2]
    if not suffix.isdigit():
        name = name.removesuffix(f".{suffix}")
    return re.sub(r"[^\w]+", "-", name + port).strip("-") or "source"
