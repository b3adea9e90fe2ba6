"""Pages rendered by a real Chromium that may reach only what the fetcher may."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from scraper.errors import RenderError
from scraper.extract.extractor import extract_page
from scraper.extract.scripted import looks_scripted
from scraper.fetch import Fetcher, FetchOptions
from scraper.fetch.browser import Browser, find_missing
from scraper.fetch.browser_visit import BrowserOptions
from scraper.page import Page
from tests.pipelines.loopback_site import Answer, Site, serve, story, story_title

pytestmark = pytest.mark.skipif(find_missing() is not None, reason=str(find_missing()))
Result = TypeVar("Result")

SHELL = b"""<!doctype html><html lang=en><head><title>Loading</title></head><body>
<div id="root"></div><noscript>Please turn JavaScript on.</noscript>
<script src="/app.js"></script></body></html>"""
APP = b"""fetch("/story.json").then(a => a.json()).then(story => {
  document.title = story.title;
  document.getElementById("root").innerHTML = story.html;
});
new Image().src = "/pixel.png";
const sheet = document.createElement("link");
sheet.rel = "stylesheet"; sheet.href = "/style.css";
document.head.append(sheet);"""
JAVASCRIPT = "text/javascript"


def shell_site(site: Site, script: bytes = APP) -> Page:
    main = story(1).partition(b"<main>")[2].partition(b"</main>")[0].decode()
    body = f'{{"title": "{story_title(1)}", "html": "<main>{main}</main>"}}'.encode()
    site.pages |= {
        "/": Answer(SHELL),
        "/app.js": Answer(script, content_type=JAVASCRIPT),
        "/story.json": Answer(body, content_type="application/json"),
    }
    return Page(url=f"{site.url}/", body=SHELL, headers={"content-type": "text/html"})


def with_browser(
    work: Callable[[Browser], Awaitable[Result]], options: BrowserOptions | None = None
) -> Result:
    async def run() -> Result:
        async with (
            Fetcher(FetchOptions(delay_seconds=0.0, retries=0)) as fetcher,
            Browser(fetcher, options) as browser,
        ):
            return await work(browser)

    return asyncio.run(run())


def test_what_scripts_build_is_read_and_what_text_does_not_need_is_not_asked_for() -> None:
    with serve() as site:
        page = shell_site(site)

        async def work(browser: Browser) -> tuple[Page, Page]:
            first = await browser.render_page(page, allow_private=True)
            # A browser that is killed is started anew.
            assert browser._chromium is not None
            await browser._chromium.close()
            return first, await browser.render_page(page, allow_private=True)

        first, second = with_browser(work)
    assert extract_page(page).text == ""
    article = extract_page(first)
    assert article.title == story_title(1)
    assert article.word_count > 100
    assert extract_page(second).text == article.text
    assert first.transferred_bytes > len(APP)
    asked = {path for path, count in site.requests.items() if count}
    assert asked == {"/robots.txt", "/app.js", "/story.json"}
    assert site.requests["/app.js"] == 1  # kept for the pages after


REACH = """
const told = [];
const tries = [
  fetch("http://127.0.0.1:%(port)d/secret").then(() => told.push("fetched")),
  fetch("http://169.254.169.254/latest/meta-data/").then(() => told.push("metadata")),
  fetch("/away").then(() => told.push("redirected")),
  fetch("http://inside.test:%(port)d/secret").then(() => told.push("rebound")),
  fetch("file:///etc/hostname").then(() => told.push("file")),
];
const frame = document.createElement("iframe");
frame.src = "http://127.0.0.1:%(port)d/frame"; document.body.append(frame);
try { new WebSocket("ws://127.0.0.1:%(port)d/socket").onopen = () => told.push("socket"); }
catch (error) {}
navigator.sendBeacon("http://127.0.0.1:%(port)d/beacon", "x");
document.createElement("img").src = "http://127.0.0.1:%(port)d/image.png";
Promise.allSettled(tries).then(() => {
  document.getElementById("root").textContent = "reached: " + told.join(" ");
});"""


@pytest.mark.parametrize("allow_private", [False, True])
def test_a_page_cannot_reach_inside(allow_private: bool) -> None:
    with serve() as site, serve("127.0.0.2") as inner:
        port = int(inner.url.rpartition(":")[2])
        script = (REACH % {"port": port}).replace("127.0.0.1", "127.0.0.2").encode()
        page = shell_site(site, script)
        inline = page.body.replace(b'<script src="/app.js">', b"<script>" + script)
        target = "http://127.0.0.2" if not allow_private else "http://169.254.169.254"
        site.pages["/away"] = Answer(status=302, headers={"location": f"{target}:{port}/secret"})
        inner.pages["/secret"] = Answer(b"secret")

        async def work(browser: Browser) -> Page:
            inlined = Page(url=page.url, body=inline, headers=page.headers)
            return await browser.render_page(inlined, allow_private=allow_private)

        rendered = with_browser(work)
    assert b"reached: </div>" in rendered.body
    assert not inner.requests
    if not allow_private:
        assert not site.requests


def test_a_page_that_never_ends_is_given_up_and_the_next_one_is_not() -> None:
    endless = Page(url="http://example.org/", body=b"<script>for (;;) {}</script><p>x")
    plain = Page(
        url="http://example.org/", body=b"<p id=root></p><script>root.append('y')</script>"
    )
    huge = Page(
        url="http://example.org/",
        body=b"<script>document.write('<!--' + 'z'.repeat(2e6) + '-->')</script>",
    )
    options = BrowserOptions(total_timeout_seconds=5.0, max_bytes=1_000_000)

    async def work(browser: Browser) -> Page:
        with pytest.raises(RenderError, match="not rendered after 5 s"):
            await browser.render_page(endless)
        with pytest.raises(RenderError, match="the cap is 1000000"):
            await browser.render_page(huge)
        return await browser.render_page(plain)

    assert b">y</p>" in with_browser(work, options).body


def test_no_browser_is_said() -> None:
    from pathlib import Path

    async def work(browser: Browser) -> None:
        await browser.render_page(Page(url="http://example.org/", body=SHELL))

    with pytest.raises(RenderError, match="cannot be started"):
        with_browser(work, BrowserOptions(program=Path("/nowhere/chromium")))


def test_a_page_with_text_is_not_scripted() -> None:
    assert looks_scripted(Page(url="", body=SHELL))
    scripts = b"<script src=/a.js></script>"
    assert not looks_scripted(Page(url="", body=story(1) + scripts))
    assert not looks_scripted(Page(url="", body=b"<h1>Not found</h1>"))
    with contextlib.suppress(ValueError):
        assert not looks_scripted(Page(url="", body=b""))
