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


def add_scripted_site(site: Site) -> None:
    """A front page and two articles that a script fetches, and one that needs none."""
    plain = site.add_articles(3)[2]
    paths = ["/news/scripted-story-one-0001.html", "/news/scripted-story-two-0002.html"]
    links = "".join(f'<h2><a href="{p}">{story_title(1)}</a></h2>' for p in [*paths, plain])
    site.pages |= {
        "/": Answer(SHELL),
        "/app.js": Answer(APP, content_type="text/javascript"),
        "/api/": Answer(links.encode()),
    }
    for number, path in enumerate(paths, start=10):
        site.pages[path] = Answer(SHELL)
        main = story(number).partition(b"<main>")[2].partition(b"</main>")[0]
        site.pages[f"/api{path}"] = Answer(b"<main>" + main + b"</main>")


def crawl_with(folder: Path, site: Site, render: str) -> dict[str, int]:
    """What a crawl did."""
    folder.mkdir(exist_ok=True)
    (folder / "sources.toml").write_text(site.sources_toml(more=f'render = "{render}"'))
    outcome = run_winnow(folder, "crawl", "--log", "json", "--workers", "1")
    events = [json.loads(line) for line in outcome.out.splitlines()]
    assert events, outcome.err
    return dict(events[-1])


@pytest.mark.skipif(find_missing() is not None, reason=str(find_missing()))
def test_a_browser_renders_only_what_needs_it(site: Site, tmp_path: Path) -> None:
    add_scripted_site(site)
    crawled = crawl_with(tmp_path, site, "auto")
    assert (crawled["new"], crawled["failed"]) == (3, 0)
    assert site.requests["/app.js"] == 1
    hits = json.loads(run_winnow(tmp_path, "search", "day 10", "--format", "json").out)
    assert any(hit["url"].endswith("-one-0001.html") for hit in hits)
    plain = [path for path in site.requests if path.startswith("/api/")]
    assert len(plain) == 3
    # Unchanged shells are not rendered again.
    before = site.requests.copy()
    again = crawl_with(tmp_path, site, "auto")
    assert again["new"] == 0
    assert site.requests["/api/"] <= before["/api/"] + 1


@pytest.mark.skipif(find_missing() is not None, reason=str(find_missing()))
def test_what_cannot_be_rendered_is_a_row(site: Site, tmp_path: Path) -> None:
    site.pages["/"] = Answer(
        SHELL.replace(
            b'<script src="/app.js">', b"<script>document.write('<!--' + 'z'.repeat(2e7))"
        )
    )
    crawled = crawl_with(tmp_path, site, "auto")
    assert crawled["failed"] == 1
    rows = run_winnow(tmp_path, "status", "--format", "json")
    assert "the cap is" in json.loads(rows.out)["sources"][0]["last_error"]


def test_a_missing_browser_is_told_before_the_crawl(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sources.toml").write_text(site.sources_toml(more='render = "always"'))
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = run_winnow(tmp_path, "crawl", "--workers", "1")
    assert outcome.code == 2
    assert 'source "local": render = "always": rendering needs' in outcome.err
    assert not site.requests
