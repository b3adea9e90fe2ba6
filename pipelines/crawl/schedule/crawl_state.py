"""What the parts of a crawl tell each other while it runs."""

import asyncio

from scraper.backoff import Backoff


class CrawlState:
    """Wakes the scheduler, and knows which hosts are backed off from.

    Attributes:
        wake: Set when there may be something to do.
        is_hungry: Whether there may be more to lease: URLs were found, or a queue has few left.
        fatal: What ends the crawl; None while nothing does.
    """

    def __init__(self) -> None:
        self.wake = asyncio.Event()
        self.is_hungry = True
        self.fatal: BaseException | None = None
        self._backoffs: dict[str, Backoff] = {}

    def ask_for_more(self) -> None:
        """Have the scheduler look for more URLs."""
        self.is_hungry = True
        self.wake.set()

    def end_with(self, error: BaseException) -> None:
        """End the crawl with this error, unless another one came first."""
        self.fatal = self.fatal or error
        self.wake.set()

    def note_backoff(self, host: str, backoff: Backoff | None) -> None:
        """Note how a host stands, as whoever asks it says; None says nothing."""
        if backoff is not None:
            self._backoffs[host] = backoff

    def backoff(self, host: str) -> Backoff | None:
        """How a host stands; None while that is not known."""
        return self._backoffs.get(host)

    def is_backing_off(self, host: str) -> bool:
        """Whether a host is not to be asked now."""
        backoff = self._backoffs.get(host)
        return backoff is not None and backoff.seconds_left() > 0.0
