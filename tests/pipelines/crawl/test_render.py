"""Sources whose pages need a browser, crawled with a real one."""

import json
from pathlib import Path

import pytest

from scraper.fetch.browser import find_missing
from tests.pipelines.command_line import run_winnow
from tests.pipelines.loopback_site import Answer, Site, story, story_title

SHELL = b"""<!doctype html><html lang=en><head><title>News</title></head><body><div id="root"></div>
<script src="/app.js"></script></body></html>"""
APP = b"""fetch("/api" + location.pathname).then(answer => answer.text()).then(html => {
  document.getElementById("root").innerHTML = html;
});"""
_WRITE_TOO_MUCH = b">document.write('<!--' + 'z'.repeat(11e6) + '-->')"


def add_scripted_site(site: Site) -> None:
    """A front page and two articles that a script brings, one that needs none, one too large."""
    plain = site.add_articles(3)[2]
    huge = "/news/much-too-large-0003.html"
    paths = ["/news/scripted-story-one-0001.html", "/news/scripted-story-two-0002.html"]
    links = "".join(f'<h2><a href="{p}">{story_title(1)}</a></h2>' for p in [*paths, plain, huge])
    site.pages |= {
        "/": Answer(SHELL),
        "/app.js": Answer(APP, content_type="text/javascript"),
        "/api/": Answer(links.encode()),
        huge: Answer(SHELL.replace(b' src="/app.js">', _WRITE_TOO_MUCH)),
    }
    for number, path in enumerate(paths, start=10):
        site.pages[path] = Answer(SHELL)
        main = story(number).partition(b"<main>")[2].partition(b"</main>")[0]
        site.pages[f"/api{path}"] = Answer(b"<main>" + main + b"</main>")


def crawl(folder: Path, site: Site) -> dict[str, int]:
    """What a crawl did."""
    (folder / "sources.toml").write_text(site.sources_toml(more='render = "auto"'))
    outcome = run_winnow(folder, "crawl", "--log", "json", "--workers", "1")
    events = [json.loads(line) for line in outcome.out.splitlines()]
    assert events, outcome.err
    return dict(events[-1])


@pytest.mark.skipif(find_missing() is not None, reason=str(find_missing()))
def test_a_browser_renders_only_what_needs_it_and_what_it_cannot_is_a_row(
    site: Site, tmp_path: Path
) -> None:
    add_scripted_site(site)
    crawled = crawl(tmp_path, site)
    assert (crawled["new"], crawled["failed"]) == (3, 1)
    assert site.requests["/app.js"] == 1
    assert sum(path.startswith("/api/") for path in site.requests) == 3
    hits = json.loads(run_winnow(tmp_path, "search", "day 10", "--format", "json").out)
    assert any(hit["url"].endswith("-one-0001.html") for hit in hits)
    status = json.loads(run_winnow(tmp_path, "status", "--format", "json").out)
    assert "the cap is" in status["sources"][0]["last_error"]


def test_a_missing_browser_is_told_before_the_crawl(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sources.toml").write_text(site.sources_toml(more='render = "always"'))
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = run_winnow(tmp_path, "crawl", "--workers", "1")
    assert outcome.code == 2
    assert 'source "local": render = "always": rendering needs' in outcome.err
    assert not site.requests
