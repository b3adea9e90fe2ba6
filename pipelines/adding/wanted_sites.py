"""What a person names to be added: an address, a list of them, or an OPML file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from pipelines.errors import SettingsError
from pipelines.settings import is_web_address
from scraper.discover.opml import Opml, is_opml, parse_opml, web_address

STANDARD_INPUT: Final = "-"
_MOST_BYTES: Final = 10_000_000
_MOST_LINES: Final = 5_000
_MOST_SHOWN: Final = 200  # characters of what is no address
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")  # a "#" inside of an address is part of it
_FILE_NAME: Final = re.compile(r"(?i)^(?:[./~].*|[^/:]*\.(?:opml|txt|lst|csv|tsv|toml))$")
_MARKUP: Final = re.compile(rb"(?i)\s*<(?:[?!]|html|rss|feed)")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedSite:
    """One address that somebody wants to be crawled.

    Attributes:
        url: Where to look; as it was written where that is no address.
        place: The file and line that name it; empty for one named at the command itself.
        title: What it is called there; None when it is not.
        page_url: The site's page, in case there is nothing at `url` any more; None when not known.
        why_not: Why it cannot be asked for at all; empty when it can.
    """

    url: str
    place: str = ""
    title: str | None = None
    page_url: str | None = None
    why_not: str = ""


def read_wanted(named: str, stdin: BinaryIO) -> tuple[WantedSite, ...]:
    """The sites that one argument names: a file of addresses, standard input, or an address.

    Args:
        named: ``-`` for standard input, else the name of a file that is there, else an address.
        stdin: What ``-`` stands for.

    Raises:
        SettingsError: The file cannot be read, is too large, or is neither a list nor OPML.

    Example:
        >>> import io
        >>> read_wanted("-", io.BytesIO(b"a.example  # the Alpha"))[0].url
        'https://a.example'
    """
    if named == STANDARD_INPUT:
        return tuple(_read_file("standard input", stdin))
    path = Path(named).expanduser()
    try:
        if path.is_file():
            with path.open("rb") as file:
                return tuple(_read_file(named, file))
    except OSError as error:
        raise SettingsError(f"{named}: {error.strerror or error}") from error
    except ValueError:  # no name of a file can be like that
        pass
    if "://" not in named and _FILE_NAME.match(named):
        raise SettingsError(f"{named}: there is no such file, and it is no address of a site")
    return (_read_address(named, ""),)


def subscribed_sites(opml: Opml, place: str) -> tuple[WantedSite, ...]:
    """The sites of an OPML file; `place` is what that is called.

    A feed stands for itself, as whoever reads it wants what is in it and not the whole site.
    """
    sites = [
        WantedSite(
            url=found.feed_url or found.page_url or "",
            place=place,
            title=found.title,
            page_url=found.page_url if found.feed_url else None,
        )
        for found in opml.subscriptions
    ]
    sites += [WantedSite(url=text, place=place, why_not=_NO_ADDRESS) for text in opml.unusable]
    return tuple(sites)


_NO_ADDRESS: Final = "this is no web address"


def _read_file(name: str, file: BinaryIO) -> Iterator[WantedSite]:
    content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise SettingsError(f"{name}: this is longer than {_MOST_BYTES // 1_000_000} MB")
    if is_opml(content):
        opml = parse_opml(content)
        if opml.is_cut_short:
            raise SettingsError(f"{name}: more addresses than can be added at once; split the file")
        if not opml.subscriptions and not opml.unusable:
            raise SettingsError(f"{name}: this OPML file names no address")
        yield from subscribed_sites(opml, name)
        return
    if _MARKUP.match(content):
        raise SettingsError(f"{name}: this is neither OPML nor a list with one address a line")
    yield from _read_list(name, content)


def _read_list(name: str, content: bytes) -> Iterator[WantedSite]:
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # as Windows' editor may write it
    text = content.decode("utf-16" if is_wide else "utf-8-sig", "replace")
    if "\0" in text:
        raise SettingsError(f"{name}: this is binary data, not a list with one address a line")
    lines = [
        (number, line)
        for number, raw in enumerate(text.splitlines(), start=1)
        if (line := _COMMENT.sub("", raw).strip())
    ]
    if not lines:
        raise SettingsError(f"{name}: there is no address in it")
    if len(lines) > _MOST_LINES:
        raise SettingsError(f"{name}: {len(lines)} lines; {_MOST_LINES} at once can be added")
    for number, line in lines:
        yield _read_address(line, f"{name}, line {number}")


def _read_address(text: str, place: str) -> WantedSite:
    """An address as people write it: the name of a host alone is enough."""
    address = web_address(text) if text.lower().startswith("feed:") else text
    if address and "://" not in address:
        address = f"https://{address.removeprefix('//')}"
    if address is None or not is_web_address(address):
        return WantedSite(url=text[:_MOST_SHOWN], place=place, why_not=_NO_ADDRESS)
    return WantedSite(url=address, place=place)
