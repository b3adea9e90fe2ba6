"""Which code a process runs: those of one crawl have to agree on it."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final

from scraper.extract.extractor import EXTRACTOR_VERSION


def _find_version() -> str:
    try:
        return version("winnow-news")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"


# Read once, when the code is: after an upgrade the disk tells of another version than runs here.
_CODE_VERSION: Final = f"{_find_version()}+{EXTRACTOR_VERSION}"


def code_version() -> str:
    """The package's version and the extractor's, as they were when this process began."""
    return _CODE_VERSION
