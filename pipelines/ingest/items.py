"""What the readers of this room hand on: pages, and what was left out, each with its place."""

from dataclasses import dataclass

from scraper.page import Page


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in an archive to go on.

    Attributes:
        offset: Of the file as it is stored, compressed or not.
        records: How many records to pass over there: more than 0 only where many records share
            one gzip member.
    """

    offset: int = 0
    records: int = 0


START = Place()
"""The beginning of a file."""


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """A page out of an archive or a file.

    Attributes:
        page: Its body is HTML, or UTF-8 text when `is_text`.
        is_text: Whether it was flattened to text before: a WET record, a text file.
        after: The place behind it.
        file: The file that it is alone in; empty for one of an archive.
        is_unlisted: Whether a list of addresses was given that does not name that file.
    """

    page: Page
    is_text: bool
    after: Place
    file: str = ""
    is_unlisted: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was left out.

    Attributes:
        name: Its URL, or the file and offset where not even that can be read.
        reason: A short word to count by, for example ``revisit`` or ``damaged``.
        message: What a person needs to know; empty where the reason says it all.
        is_fault: Whether something is wrong with it, as opposed to not being wanted.
        after: The place behind it.
    """

    name: str
    reason: str
    message: str
    is_fault: bool
    after: Place


Item = CapturedPage | Skipped


def readable_name(name: str) -> str:
    r"""The name of a file as text that can be stored and shown, its bytes that are no UTF-8 spelt.

    Where the system speaks ASCII, Python has the bytes of a name and not its letters.

    Example:
        >>> print(readable_name("saved/\udcff.html"), readable_name("h\udcc3\udcb6he.html"))
        saved/\xff.html höhe.html
    """
    data = name.encode("utf-8", "surrogateescape")
    return data.decode("utf-8", "backslashreplace")
