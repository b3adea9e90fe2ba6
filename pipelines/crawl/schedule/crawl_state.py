"""What the parts of a crawl tell each other while it runs."""

import asyncio
import time
from collections import Counter


class CrawlState:
    """Wakes the scheduler, and knows which hosts are left alone.

    Attributes:
        wake: Set when there may be something to do.
        is_hungry: Whether there may be more to lease: URLs were found, or a queue has few left.
        fatal: What ends the crawl; None while nothing does.
    """

    def __init__(self) -> None:
        self.wake = asyncio.Event()
        self.is_hungry = True
        self.fatal: BaseException | None = None
        self._resting: dict[str, float] = {}
        self._failures_of: Counter[str] = Counter()
        self._greeted: set[str] = set()

    def ask_for_more(self) -> None:
        """Have the scheduler look for more URLs."""
        self.is_hungry = True
        self.wake.set()

    def end_with(self, error: BaseException) -> None:
        """End the crawl with this error, unless another one came first."""
        self.fatal = self.fatal or error
        self.wake.set()

    def rest(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long."""
        self._resting[host] = time.monotonic() + seconds
        self._greeted.discard(host)

    def is_resting(self, host: str) -> bool:
        """Whether a host is left alone now."""
        until = self._resting.get(host)
        if until is None:
            return False
        if time.monotonic() < until:
            return True
        del self._resting[host]
        return False

    def resting(self) -> frozenset[str]:
        """The hosts that are left alone now."""
        return frozenset(host for host in tuple(self._resting) if self.is_resting(host))

    def count_failure(self, host: str) -> int:
        """Count a failure that may be the host's, and return how many there were in a row."""
        self._failures_of[host] += 1
        return self._failures_of[host]

    def greet(self, host: str) -> bool:
        """Note that a host answers; whether that is worth writing down."""
        self._failures_of.pop(host, None)
        is_news = host not in self._greeted
        self._greeted.add(host)
        return is_news
