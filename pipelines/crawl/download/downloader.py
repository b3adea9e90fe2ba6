"""What a downloader hands back for a URL."""

from dataclasses import dataclass, replace

from pipelines.crawl.parse.parse_page import ParseResult
from scraper.errors import FetchError
from scraper.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """What came of asking for a URL: an unchanged page, a parsed one, an error or a loss.

    Attributes:
        page: As it was fetched; None when it could not be.
        parsed: What is on the page; None for one that is unchanged, and when it was lost.
        error: Why it could not be fetched.
        lost: Why nobody could parse it.
        fetched: Pages that came, further ones of the same article included.
        transferred_bytes: Of all of them, over the wire.
    """

    page: Page | None = None
    parsed: ParseResult | None = None
    error: FetchError | None = None
    lost: str | None = None
    fetched: int = 0
    transferred_bytes: int = 0

    def without_body(self) -> "FetchResult":
        """The same for a long way: what the page held has been parsed."""
        return self if self.page is None else replace(self, page=replace(self.page, body=b""))
