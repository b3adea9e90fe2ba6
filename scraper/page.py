"""A page as it was received: what a fetch or an archive hands to extraction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One response, body undecoded.

    Attributes:
        url: Where the body came from, after redirects; empty where that is unknown.
        body: The bytes after content decoding (gzip, br …) and before charset decoding.
        status: HTTP status; 304 has an empty body and means "what you have is current".
        headers: Response headers with lower-case names.
        redirects: URLs asked before `url`, oldest first; the first is the one requested.
        fetched_at: When the response came in, UTC; None for bytes without a history.
        elapsed_ms: From request to last byte.
        transferred_bytes: What went over the wire, compressed.
        is_cut_short: Whether the body ended before it should have; `body` is what came of it.
    """

    url: str
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    redirects: tuple[str, ...] = ()
    fetched_at: datetime | None = None
    elapsed_ms: int = 0
    transferred_bytes: int = 0
    is_cut_short: bool = False

    @property
    def requested_url(self) -> str:
        """The URL that was asked for first."""
        return self.redirects[0] if self.redirects else self.url

    @property
    def content_type(self) -> str | None:
        """The Content-Type header as sent; None when there is none."""
        return self.headers.get("content-type")

    @property
    def is_unchanged(self) -> bool:
        """Whether the server said that the caller's copy is still current."""
        return self.status == 304
