"""How a crawl is done."""

from dataclasses import dataclass
from datetime import date

from pipelines.executor import ExecutorName
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """How to crawl.

    Attributes:
        sources: Names of sources to crawl, due or not; empty for all that are due.
        limit: Articles to fetch in all at most; None for what each source allows.
        since: Of new articles only those dated this day or later; None for what each source says.
        until: Of new articles only those dated this day or earlier.
        executor: Where pages are read: ``local`` (this process), ``processes`` of this machine, or
            ``dask``, where they are fetched as well.
        cluster: Address of a Dask scheduler; None for one of our own on this machine.
        workers: Processes that read pages; None for what the machine offers.
        hosts_at_once: Hosts asked at the same time at most.
        page_timeout_seconds: How long reading one page may take.
        stop_grace_seconds: When it is stopped, how long requests under way may take to end.
    """

    sources: tuple[str, ...] = ()
    limit: int | None = None
    since: date | None = None
    until: date | None = None
    executor: ExecutorName = "processes"
    cluster: str | None = None
    workers: int | None = None
    hosts_at_once: int = 256
    page_timeout_seconds: float = PAGE_TIMEOUT_SECONDS
    stop_grace_seconds: float = 10.0
