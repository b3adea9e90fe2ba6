"""A crawl whose pages are fetched by workers elsewhere, one of which dies."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipelines.crawl.crawl import crawl
from pipelines.crawl.crawl_report import CrawlReport, Progress
from pipelines.crawl.options import CrawlOptions
from pipelines.errors import ExecutorError
from pipelines.settings import parse_settings
from pipelines.store.crawl.hosts import load_backing_off
from pipelines.store.database.database import open_database
from tests.pipelines.executor.dask_processes import DaskProcesses, dask_processes
from tests.pipelines.loopback_site import Answer, Site, serve

pytest.importorskip("distributed", reason="the extra cluster is not installed")

_HOSTS = 5
_ARTICLES = 9
_DELAY_SECONDS = 0.3


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskProcesses]:
    with dask_processes(tmp_path_factory.mktemp("dask"), workers=3) as running:
        yield running


def sites(stack: ExitStack) -> list[Site]:
    running = [stack.enter_context(serve(f"127.0.0.{20 + i}")) for i in range(_HOSTS)]
    for number, site in enumerate(running):
        site.add_sitemap(site.add_articles(_ARTICLES, folder=f"news{number}"))
        site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow:\n", content_type="text/plain")
    return running


def sources_of(running: list[Site]) -> str:
    sources = "".join(
        site.sources_toml(f"host{i}", "/sitemap.xml") for i, site in enumerate(running)
    )
    return sources.replace("delay_seconds = 0.0", f"delay_seconds = {_DELAY_SECONDS}")


def contents(db: Database) -> dict[str, list[tuple[object, ...]]]:
    return {
        "articles": db.conn.execute(
            "SELECT url, title, text, content_hash, revision FROM articles ORDER BY url"
        ).fetchall(),
        "urls": db.conn.execute("SELECT url, kind, state FROM urls ORDER BY url").fetchall(),
        "pages": db.conn.execute("SELECT hash FROM pages ORDER BY hash").fetchall(),
        "failures": db.conn.execute("SELECT url, error FROM failures").fetchall(),
    }


def crawl_all(
    sources: str, options: CrawlOptions, path: Path | str = ":memory:"
) -> dict[str, list[tuple[object, ...]]]:
    db = open_database(path)
    try:
        asyncio.run(crawl(parse_settings(sources), db, options))
        return contents(db)
    finally:
        db.close()


def test_a_worker_killed_in_the_middle_costs_nothing_and_no_host_is_hurried(
    cluster: DaskProcesses,
) -> None:
    with ExitStack() as stack:
        running = sites(stack)
        sources = sources_of(running)
        calm = crawl_all(
            sources.replace(f"{_DELAY_SECONDS}", "0.0"), CrawlOptions(executor="local")
        )
        assert len(calm["articles"]) == _HOSTS * _ARTICLES
        for site in running:
            site.asked_at.clear()

        db = open_database(":memory:")
        victim = cluster.workers[0]

        def kill_one(progress: Progress) -> None:
            if progress.articles >= _HOSTS and victim.poll() is None:
                os.kill(victim.pid, signal.SIGKILL)
                victim.wait()

        async def run() -> CrawlReport:
            options = CrawlOptions(executor="dask", cluster=cluster.address)
            return await crawl(parse_settings(sources), db, options, on_progress=kill_one)

        report = asyncio.run(run())
        assert victim.poll() == -signal.SIGKILL
        assert (report.total("failed"), report.left) == (0, 0)
        assert contents(db) == calm
        db.close()

        for site in running:
            times = [at for at, path in site.asked_at if path != "/robots.txt"]
            assert len(times) >= _ARTICLES + 1
            # The sites run in threads beside the crawl, and on a busy machine note a request some
            # time after it was sent: what they see is less even. A host asked by two comes to 0.
            gaps = [later - earlier for earlier, later in pairwise(sorted(times))]
            assert min(gaps) > _DELAY_SECONDS / 3


def test_what_a_host_says_no_to_is_told_as_it_is_at_home(cluster: DaskProcesses) -> None:
    with ExitStack() as stack:
        (site, *_) = sites(stack)
        paths = [path for path in site.pages if path.startswith("/news")]
        site.pages[paths[2]] = Answer(b"gone", status=410)
        site.pages[paths[4]] = Answer(b"%PDF-1.7 rain", content_type="application/pdf")
        site.pages["/robots.txt"] = Answer(
            f"User-agent: *\nDisallow: {paths[6]}\n".encode(), content_type="text/plain"
        )
        sources = site.sources_toml("one", "/sitemap.xml")
        here = crawl_all(sources, CrawlOptions(executor="local"))
        assert len(here["failures"]) == 3
        there = crawl_all(sources, CrawlOptions(executor="dask", cluster=cluster.address))
        assert sorted(there["failures"]) == sorted(here["failures"])
        assert {key: there[key] for key in ("articles", "urls")} == {
            key: here[key] for key in ("articles", "urls")
        }


def test_a_host_that_is_down_is_backed_off_from_for_ever_longer(cluster: DaskProcesses) -> None:
    with ExitStack() as stack:
        (site, *_) = sites(stack)
        site.pages["/sitemap.xml"] = Answer(drop=True)
        options = CrawlOptions(executor="dask", cluster=cluster.address)
        settings = parse_settings(site.sources_toml("one", "/sitemap.xml"))
        db = open_database(":memory:")
        seconds = []
        for _ in range(3):
            asyncio.run(crawl(settings, db, options))
            (backoff,) = load_backing_off(db).values()
            seconds.append(round(backoff.seconds_left(), -1))
            db.execute("UPDATE hosts SET backoff_until = '2020-01-01T00:00:00Z'")
            db.conn.commit()
        assert seconds == [60.0, 120.0, 240.0]
        assert site.requests["/sitemap.xml"] == 3 * 2  # one page, tried again once
        db.close()


def test_a_limit_holds_across_groups(cluster: DaskProcesses) -> None:
    with ExitStack() as stack:
        (site, *_) = sites(stack)
        sources = site.sources_toml("one", "/sitemap.xml")
        options = CrawlOptions(executor="dask", cluster=cluster.address, limit=5)
        assert len(crawl_all(sources, options)["articles"]) == 5


def test_other_code_at_the_workers_ends_the_crawl_with_a_word(
    cluster: DaskProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.crawl.download.cluster.code_version", lambda: "0.0.1+1")
    with ExitStack() as stack:
        (site, *_) = sites(stack)
        options = CrawlOptions(executor="dask", cluster=cluster.address)
        with pytest.raises(ExecutorError, match="install the same on both"):
            crawl_all(site.sources_toml("one", "/sitemap.xml"), options)


def test_a_cluster_of_our_own_is_started_and_ended() -> None:
    with ExitStack() as stack:
        (site, *_) = sites(stack)
        options = CrawlOptions(executor="dask", workers=1)
        found = crawl_all(site.sources_toml("one", "/sitemap.xml"), options)
        assert len(found["articles"]) == _ARTICLES


def test_no_scheduler_is_one_clear_error() -> None:
    with ExitStack() as stack:
        (site, *_) = sites(stack)
        options = CrawlOptions(executor="dask", cluster="tcp://127.0.0.1:9")
        with pytest.raises(
            ExecutorError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"
        ):
            crawl_all(site.sources_toml("one", "/sitemap.xml"), options)


def test_a_scheduler_that_dies_ends_the_crawl_and_the_next_one_goes_on(
    cluster: DaskProcesses, tmp_path: Path
) -> None:
    """The last one here: the cluster is gone after it."""
    with ExitStack() as stack:
        running = sites(stack)
        sources = sources_of(running)
        path = tmp_path / "articles.db"

        def kill_scheduler(progress: Progress) -> None:
            if progress.articles and cluster.scheduler.poll() is None:
                cluster.scheduler.kill()
                cluster.scheduler.wait()

        db = open_database(path)
        options = CrawlOptions(executor="dask", cluster=cluster.address, stop_grace_seconds=0.5)
        with pytest.raises(ExecutorError, match="is gone"):
            asyncio.run(crawl(parse_settings(sources), db, options, on_progress=kill_scheduler))
        assert {state for _, _, state in contents(db)["urls"]} <= {"due", "done"}
        db.close()
        rest = crawl_all(
            sources.replace(f"{_DELAY_SECONDS}", "0.0"), CrawlOptions(executor="local"), path
        )
        assert len(rest["articles"]) == _HOSTS * _ARTICLES
        assert {state for _, _, state in rest["urls"]} == {"done"}
