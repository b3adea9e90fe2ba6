"""What is known of the sites a crawl is at, read from the store now and then."""

from collections import OrderedDict
from datetime import UTC, datetime
from typing import Final

from pipelines.store.crawl.robots_files import load_robots, save_robots
from pipelines.store.crawl.site_blocks import load_known_blocks
from pipelines.store.database.writer import Writer
from scraper.sites.learned import KnownBlocks
from scraper.urls.web_urls import site_of

_PAGES_BETWEEN_READS: Final = 10
_MOST_SITES: Final = 500  # held in memory; those not asked for longest are read again


class RobotsInStore:
    """robots.txt of earlier crawls, for a Fetcher: a crawl every few minutes asks once a day.

    Args:
        writer: Reads from the database between writing.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def load(self, origin: str) -> tuple[bytes, float] | None:
        """What it said, and how many seconds ago; None for a site that was never asked.

        Raises:
            StoreError: The database cannot be read.
        """
        stored = await self._writer.run(lambda db: load_robots(db, origin))
        if stored is None:
            return None
        return stored.body, (datetime.now(UTC) - stored.fetched_at).total_seconds()

    async def save(self, origin: str, body: bytes) -> None:
        """Keep what it says now.

        Raises:
            StoreError: The database cannot be written.
        """
        await self._writer.run(lambda db: save_robots(db, origin, body))


class SiteMemory:
    """What each site repeats, as fresh as its last ten pages.

    Args:
        writer: Reads from the database between writing.

    Attributes:
        robots: What they ask of visitors.
    """

    def __init__(self, writer: Writer) -> None:
        self.robots = RobotsInStore(writer)
        self._writer = writer
        self._sites: OrderedDict[str, tuple[KnownBlocks, int]] = OrderedDict()

    async def get(self, url: str) -> KnownBlocks | None:
        """What the site of a page repeats; None for a page without a host.

        Raises:
            StoreError: The database cannot be read.
        """
        site = site_of(url)
        if not site:
            return None
        known, uses = self._sites.pop(site, (None, 0))
        if known is None or uses >= _PAGES_BETWEEN_READS:
            known = await self._writer.run(lambda db: load_known_blocks(db, site))
            uses = 0
        self._sites[site] = (known, uses + 1)
        while len(self._sites) > _MOST_SITES:
            self._sites.popitem(last=False)
        return known
