"""`winnow watch` as a service: its log, its figures, new settings, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.metrics import CONTENT_TYPE, Metric, render_metrics
from tests.pipelines.command_line import run_winnow
from tests.pipelines.loopback_site import Answer, Site

PROGRAM = [sys.executable, "-c", "from pipelines.cli import main; main()"]
Event = dict[str, Any]


class Service:
    """A watch that runs, and the lines of its log."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.events: list[Event] = []

    def wait_for(self, is_it: Callable[[Event], object]) -> Event:
        """The next event of a kind; the test's own time limit is the pipe's end."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append(json.loads(line))
            if is_it(self.events[-1]):
                return self.events[-1]
        raise AssertionError(f"it ended before: {self.events}")

    def stop(self) -> list[Event]:
        """Ask it to end, as systemd does; what it still said."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.stdout is not None
        rest = [json.loads(line) for line in self.process.stdout]
        assert self.process.wait(30) == 0
        return rest


@contextmanager
def watching(folder: Path, *arguments: str) -> Iterator[Service]:
    with subprocess.Popen(
        [*PROGRAM, "watch", "--workers", "1", "--log", "json", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Service(process)
        finally:
            process.kill()


def scrape(url: str) -> dict[tuple[str, str], float]:
    answer = httpx.get(url)
    assert answer.headers["content-type"] == CONTENT_TYPE
    return {
        (sample.name, "".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_service_logs_reloads_counts_and_stops(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    site.add_sitemap(site.add_articles(2))
    good = site.sources_toml(path="/sitemap.xml", more='every = "1s"')
    path.write_text(good)
    with watching(tmp_path, "--metrics", "127.0.0.1:0") as service:
        url = service.wait_for(lambda event: event["event"] == "started")["metrics"]
        crawled = service.wait_for(lambda event: event["event"] == "crawl")
        figures = scrape(url)
        path.write_text(good + "evry = 3\n")
        broken = service.wait_for(lambda event: event["event"] == "settings")
        blind = scrape(url)
        path.write_text(good.replace('"1s"', '"2s"'))
        mended = service.wait_for(lambda event: event["event"] == "settings")
        seeing = scrape(url)
        rest = service.stop()
    assert crawled["new"] == 2
    (source,) = [event for event in service.events if event["event"] == "source"][:1]
    name = source["source"]
    assert figures["winnow_articles_new_total", name] == 2
    assert figures["winnow_source_articles", name] == 2
    assert figures["winnow_received_bytes_total", name] == crawled["bytes"]
    assert figures["winnow_settings_good", ""] == 1
    assert figures["winnow_database_readable", ""] == 1
    assert "did you mean `every`" in broken["error"]
    assert (blind["winnow_settings_good", ""], seeing["winnow_settings_good", ""]) == (0, 1)
    assert blind["winnow_settings_errors_total", ""] == 1
    assert mended["sources"] == [name]
    assert rest[-1]["event"] == "stopped"
    assert all(event["at"].endswith("Z") for event in [*service.events, *rest])


def test_it_stops_in_the_middle_of_a_crawl(site: Site, tmp_path: Path) -> None:
    site.add_sitemap(site.add_articles(40))
    settings = site.sources_toml(path="/sitemap.xml")
    (tmp_path / "sources.toml").write_text(settings.replace("_seconds = 0.0", "_seconds = 0.3"))
    with watching(tmp_path) as service:
        service.wait_for(lambda event: event["event"] == "started")
        deadline = time.monotonic() + 60
        while site.requests.total() < 5:  # robots.txt, the sitemap, some articles
            assert time.monotonic() < deadline, site.requests
            time.sleep(0.05)
        rest = service.stop()
    (crawled,) = [event for event in rest if event["event"] == "crawl"]
    assert crawled["was_stopped"]
    assert 0 < crawled["new"] < 40
    assert rest[-1]["event"] == "stopped"
    status = json.loads(run_winnow(tmp_path, "status", "--format", "json").out)
    assert status["totals"]["articles"] == crawled["new"]
    assert run_winnow(tmp_path, "db", "check").code == 0


def test_a_crawl_logs_lines_too(site: Site, tmp_path: Path) -> None:
    paths = site.add_articles(2)
    site.add_sitemap(paths)
    site.pages[paths[1]] = Answer(b"gone", status=410)
    (tmp_path / "sources.toml").write_text(site.sources_toml(path="/sitemap.xml"))
    outcome = run_winnow(tmp_path, "crawl", "--log", "json", "--workers", "1")
    lines = [json.loads(line) for line in outcome.out.splitlines()]
    events = [line for line in lines if line["event"] != "progress"]  # on a slow machine
    assert [event["event"] for event in events] == ["started", "failure", "source", "crawl"]
    assert events[1]["url"].endswith(paths[1])
    assert (events[3]["new"], events[3]["failed"]) == (1, 1)
    assert outcome.code == 1
    assert outcome.out.isascii()


@pytest.mark.parametrize("address", ["9464", "localhost", "127.0.0.1:99999", ":1"])
def test_an_address_that_is_none_is_told(site: Site, tmp_path: Path, address: str) -> None:
    (tmp_path / "sources.toml").write_text(site.sources_toml(path="/"))
    outcome = run_winnow(tmp_path, "watch", "--metrics", address)
    assert outcome.code == 1
    assert "write an address as 127.0.0.1:9464" in outcome.err


def test_names_in_labels_are_escaped() -> None:
    name = 'a "b" \\ c\nd'
    text = render_metrics([Metric("winnow_x", "gauge", "What.", ((name, 0.25),))])
    (family,) = text_string_to_metric_families(text)
    assert [(s.labels, s.value) for s in family.samples] == [({"source": name}, 0.25)]


def test_an_interrupt_of_all_processes_while_they_start_is_a_clean_end(
    site: Site, tmp_path: Path
) -> None:
    site.add_sitemap(site.add_articles(40))
    settings = site.sources_toml(path="/sitemap.xml")
    (tmp_path / "sources.toml").write_text(settings.replace("_seconds = 0.0", "_seconds = 0.3"))
    with subprocess.Popen(
        [*PROGRAM, "crawl", "--workers", "2"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not site.requests:  # it fetches while its workers start
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        assert process.stderr is not None
        told = process.stderr.read()
        assert process.wait(30) == 1
    assert "stopped; the next `winnow crawl` goes on from here" in told
    assert "error:" not in told
