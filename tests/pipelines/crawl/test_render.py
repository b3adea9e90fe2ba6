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


_TAKEN_AWAY = {
    "goes to a log-in": "location.href = '/login'",
    "goes to the front page": "location.replace('/')",
    "reloads for ever": "setTimeout(() => location.reload(), 50)",
    "empties the page": "document.body.innerHTML = ''",
    "takes the article out": "document.querySelector('article').remove()",
    "writes over it": "setTimeout(() => { document.open(); document.write('<p>Hello.</p>') }, 50)",
    "asks for consent": "document.body.innerHTML = '<h1>Your privacy</h1><p>We and our partners "
    "store cookies on your device. Accept all or manage your choices.</p>'",
    "leaves a teaser": "document.querySelectorAll('article p').forEach((p, n) => n && p.remove())",
    "puts another story there": "fetch('/other').then(a => a.text()).then(t => "
    "document.querySelector('main').innerHTML = t)",
    "throws": "document.querySelector('main').remove(); throw new Error('no')",
    "hides it": "document.querySelector('main').outerHTML = '<canvas></canvas>'",
    "leaves by a form": "const f = document.createElement('form'); f.action = '/login'; "
    "document.body.append(f); f.submit()",
}


@pytest.mark.skipif(find_missing() is not None, reason=str(find_missing()))
def test_no_script_takes_away_what_the_plain_page_has(site: Site, tmp_path: Path) -> None:
    paths = [f"/news/a-story-with-a-script-{n:04}.html" for n in range(len(_TAKEN_AWAY))]
    for number, (path, script) in enumerate(zip(paths, _TAKEN_AWAY.values(), strict=True), 20):
        tag = f"<script>window.onload = () => {{ {script} }}</script></body>".encode()
        site.pages[path] = Answer(story(number).replace(b"</body>", tag))
    other = story(900).partition(b"<main>")[2].partition(b"</main>")[0]
    site.pages |= {"/login": Answer(b"<h1>Log in</h1>"), "/other": Answer(other)}
    site.add_sitemap(paths)
    sources = site.sources_toml(path="/sitemap.xml", more='render = "always"')
    (tmp_path / "sources.toml").write_text(sources)
    run_winnow(tmp_path, "crawl", "--workers", "1")
    kept = run_winnow(tmp_path, "export", "jsonl").out.splitlines()
    texts = {row["url"]: row["text"] for row in map(json.loads, kept)}
    lost = []
    for number, (path, name) in enumerate(zip(paths, _TAKEN_AWAY, strict=True), 20):
        text = texts.get(site.url + path, "")
        if text.count(f"On day {number} ") != 12 or "day 900" in text:
            lost.append(name)
    assert lost == []


@pytest.mark.skipif(find_missing() is not None, reason=str(find_missing()))
def test_what_scripts_bring_is_read_and_lists_are_of_both(site: Site, tmp_path: Path) -> None:
    first, second, whole = site.add_articles(3)
    main = story(2).partition(b"<article>")[2].partition(b"</article>")[0]
    site.pages["/rest"] = Answer(main)
    teaser = story(2).partition(b"</p>")[0] + b"</p></article></main><script>"
    load = b"fetch('/rest').then(a => a.text()).then(t => "
    site.pages[whole] = Answer(
        teaser + load + b"document.querySelector('article').innerHTML = t)</script></body></html>"
    )
    link = '<h2><a href="{}">The bridge opens again after the long winter</a></h2>'
    script = f"<script>document.querySelector('main').innerHTML = `{link.format(second)}`</script>"
    front = (
        f"<html><body><main>{link.format(first)}{link.format(whole)}</main>{script}</body></html>"
    )
    site.pages["/"] = Answer(front.encode())
    (tmp_path / "sources.toml").write_text(site.sources_toml(more='render = "always"'))
    run_winnow(tmp_path, "crawl", "--workers", "1")
    kept = run_winnow(tmp_path, "export", "jsonl").out.splitlines()
    texts = {row["url"]: row["text"] for row in map(json.loads, kept)}
    assert set(texts) == {site.url + path for path in (first, second, whole)}
    assert texts[site.url + whole].count("On day 2 ") == 12
    before = dict(texts)
    assert run_winnow(tmp_path, "reextract").code == 0
    kept = run_winnow(tmp_path, "export", "jsonl").out.splitlines()
    assert {row["url"]: row["text"] for row in map(json.loads, kept)} == before
