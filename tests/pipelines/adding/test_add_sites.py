"""`winnow add`: lists, OPML, sites that declare nothing, and sites that keep programs out."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.settings import SourceSettings, load_settings
from scraper.discover.alternates import candidate_feeds
from tests.pipelines.command_line import Outcome, run_winnow
from tests.pipelines.loopback_site import Answer, Site, serve

_PLAIN = Answer(b"<html><title>The Quay</title><body><p>Ships come and go.</p></body></html>")
_CONSENT = Answer(
    b"<html><head><title>Before you continue</title></head><body><h1>Before you continue</h1>"
    b"<p>We use cookies. Accept all cookies or manage your cookie preferences to continue.</p>"
    b"</body></html>"
)
_LOGIN = Answer(
    b"<html><head><title>Log in</title></head><body><h1>Log in to continue</h1>"
    b"<p>Please log in or subscribe to read on.</p></body></html>"
)
_CHECK = Answer(
    b"<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
    b"<script src='/cdn/challenge.js'></script><div id='challenge-form'>_cf_chl_opt</div>"
    b"</body></html>"
)
_APP = Answer(b"<html><head><script src=/a.js></script></head><body><div id=root></div></body>")


@pytest.fixture
def sites() -> Iterator[tuple[Site, Site]]:
    with ExitStack() as stack:
        yield stack.enter_context(serve()), stack.enter_context(serve())


@pytest.fixture
def site(sites: tuple[Site, Site]) -> Site:
    sites[0].pages["/"] = _PLAIN
    return sites[0]


def feed(site: Site, count: int = 3) -> Answer:
    items = "".join(
        f"<item><title>Ship {n}</title><link>{site.url}/ships/{n}</link></item>"
        for n in range(count)
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    return Answer(body.encode(), content_type="application/xml")


def add(folder: Path, *arguments: str, stdin: bytes = b"") -> Outcome:
    return run_winnow(folder, "add", "--allow-private", *arguments, stdin=stdin)


def entries(folder: Path) -> dict[str, SourceSettings]:
    path = folder / "data/sources.toml"
    return {s.name: s for s in load_settings(path).sources} if path.exists() else {}


@pytest.mark.parametrize(
    "path", ["/feed", "/feed/", "/rss", "/rss.xml", "/atom.xml", "/index.xml", "/rss/index.rss"]
)
def test_a_feed_that_is_declared_nowhere_is_found_where_feeds_are(
    tmp_path: Path, site: Site, path: str
) -> None:
    site.pages[path] = feed(site)
    done = add(tmp_path, site.url)
    assert (done.code, done.errors) == (0, [])
    assert f"feed     {site.url}{path}  3 entries" in done.out
    (source,) = entries(tmp_path).values()
    assert source.seeds == (f"{site.url}{path}",)
    after = candidate_feeds(site.url)[-1]
    assert after.endswith(path) or not site.requests[after.removeprefix(site.url)]


def test_a_page_at_every_address_is_no_feed(tmp_path: Path, site: Site) -> None:
    class Everywhere(dict[str, Answer]):
        def get(self, path: str, default: Answer | None = None) -> Answer | None:  # type: ignore[override]
            return default if path == "/robots.txt" else _PLAIN

    site.pages = Everywhere()
    done = add(tmp_path, site.url)
    assert done.code == 0
    assert "feed " not in done.out
    assert "is this the right page?" in done.err
    assert sum(site.requests.values()) < 30


def test_a_feed_without_an_entry_yet_is_kept(tmp_path: Path, site: Site) -> None:
    head = b'<link rel=alternate type="application/rss+xml" href="/later"><title>'
    site.pages["/"] = Answer(_PLAIN.body.replace(b"<title>", head))
    site.pages["/later"] = feed(site, 0)
    assert f"{site.url}/later  0 entries" in add(tmp_path, site.url).out


def test_a_page_about_feeds_is_looked_into(tmp_path: Path, site: Site) -> None:
    site.pages["/"] = Answer(b"<html><body><a href='/our-feeds'>RSS feeds</a></body></html>")
    site.pages["/our-feeds"] = Answer(
        b"<html><body><a href='/x.xml'>RSS: harbour</a></body></html>"
    )
    site.pages["/x.xml"] = feed(site)
    assert f"{site.url}/x.xml  3 entries" in add(tmp_path, site.url).out


def test_a_list_is_told_of_line_by_line_and_nothing_stops_it(
    tmp_path: Path, sites: tuple[Site, Site]
) -> None:
    first, second = sites
    first.pages["/"] = second.pages["/"] = _PLAIN
    first.pages["/feed"] = feed(first)
    lines = (
        f"\ufeff# ours\n\n{first.url}/  # the quay\n{first.url}/gone\nno address here\n"
        f"{second.url}\n{first.url}/\n"
    )
    (tmp_path / "list.txt").write_text(lines, "utf-8")
    done = add(tmp_path, "list.txt")
    assert done.code == 1
    assert [line.split()[0] for line in done.out.splitlines()] == ["added", "added", "there"]
    gone, wrong = done.errors
    assert gone == f"error: list.txt, line 4: {first.url}/gone: HTTP 404"
    assert wrong == "error: list.txt, line 5: no address here: this is no web address"
    assert "2 added to data/sources.toml, 1 there already, 2 not added" in done.err
    urls = [source.url for source in entries(tmp_path).values()]
    assert urls == [f"{first.url}/", f"{second.url}/"]
    before = first.requests.copy()
    again = add(tmp_path, "-", stdin=lines.encode().replace(b"no address here\n", b""))
    assert "0 added" in again.err
    assert set(first.requests - before) == {"/robots.txt", "/gone"}, (
        "what is there already is not asked for"
    )


def test_hosts_alone_are_addresses_and_several_can_be_named(tmp_path: Path) -> None:
    done = run_winnow(tmp_path, "add", "127.0.0.1", "[::1]:8443")
    assert done.code == 1
    assert [line.partition(" leads")[0] for line in done.errors] == [
        "error: https://127.0.0.1: 127.0.0.1",
        "error: https://[::1]:8443: ::1",
    ]
    assert all("--allow-private lets it be fetched" in line for line in done.errors)


def opml(site: Site) -> bytes:
    return (
        '<opml version="1.0"><body><outline text="News"><outline text="Ships &amp; tides" '
        f'xmlUrl="{site.url}/ships.xml" htmlUrl="{site.url}/"/></outline>'
        f'<outline text="Moved" xmlUrl="{site.url}/old.xml" htmlUrl="{site.url}/"/>'
        '<outline text="Odd" xmlUrl="news:alt.ships"/></body></opml>'
    ).encode()


@pytest.mark.parametrize("way", ["file", "pipe", "address"])
def test_opml_is_unfolded(tmp_path: Path, site: Site, way: str) -> None:
    site.pages |= {"/ships.xml": feed(site), "/list.opml": Answer(opml(site))}
    (tmp_path / "mine.xml").write_bytes(opml(site))
    named = {"file": "mine.xml", "pipe": "-", "address": f"{site.url}/list.opml"}[way]
    done = add(tmp_path, named, stdin=opml(site))
    assert done.code == 1
    place = {"file": "mine.xml", "pipe": "standard input", "address": named}[way]
    assert done.errors == [f"error: {place}: news:alt.ships: this is no web address"]
    found = entries(tmp_path)
    assert {name: source.url for name, source in found.items()} == {
        "ships-tides": f"{site.url}/ships.xml",
        "moved": f"{site.url}/",
    }
    assert "nothing answers at" in done.out
    assert "# Ships & tides: A feed." in (tmp_path / "data/sources.toml").read_text()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "there is no address in it"),
        (b"# nothing\n", "there is no address in it"),
        (b"<html><body>", "neither OPML nor a list"),
        (b"a\0b", "this is binary data"),
        (b"<opml/>", "this OPML file names no address"),
        (b"a.example\n" * 6_000, "6000 lines; 5000 at once can be added"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words(
    tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "list.txt").write_bytes(content)
    done = add(tmp_path, "list.txt")
    assert (done.code, done.out) == (2, "")
    (line,) = done.errors
    assert line.startswith("error: list.txt: ")
    assert words in line


def test_a_file_that_is_not_there_is_no_host(tmp_path: Path) -> None:
    done = add(tmp_path, "feeds.opml")
    assert done.code == 2
    assert "feeds.opml: there is no such file" in done.err


def test_robots_txt_is_quoted(tmp_path: Path, site: Site) -> None:
    rules = b"# us\nUser-agent: other\nDisallow: /\n\nUser-agent: *\nAllow: /ships\nDisallow: /\n"
    site.pages["/robots.txt"] = Answer(rules, content_type="text/plain")
    done = add(tmp_path, site.url)
    assert done.code == 1
    (line,) = done.errors
    assert "closed to programs by its robots.txt (line 7: Disallow: /); ask its publisher" in line
    assert entries(tmp_path) == {}
    assert set(site.requests) == {"/robots.txt"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_CONSENT, ("asks for consent", "winnow agrees to nothing by itself")),
        (
            _LOGIN,
            ("asks to log in or subscribe", "`cookies`, `headers` or `auth`"),
        ),
        (_CHECK, ("checks for a robot", "it lets no program in")),
        (
            Answer(b"no", 401),
            ("asks to log in (HTTP 401)", "`cookies`, `headers` or `auth`"),
        ),
        (Answer(b"no", 403), ("denies access (HTTP 403)", "ask its publisher")),
    ],
)
def test_a_wall_is_told_in_plain_words(
    tmp_path: Path, site: Site, answer: Answer, words: tuple[str, ...]
) -> None:
    site.pages["/"] = answer
    done = add(tmp_path, site.url)
    assert (done.code, done.out) == (1, "")
    (line,) = done.errors
    assert all(part in line for part in words), line
    assert entries(tmp_path) == {}
    site.pages["/feed"] = feed(site)
    beside = add(tmp_path, site.url)
    assert beside.code == 0, beside.err
    assert "what is open beside it is crawled" in beside.err
    (source,) = entries(tmp_path).values()
    assert (source.url, source.seeds) == (f"{site.url}/feed", ())


@pytest.mark.parametrize("missing", [None, "rendering needs a browser"])
def test_a_page_built_by_scripts_is_left_to_a_browser_that_is_there(
    tmp_path: Path, site: Site, missing: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.adding.site_entry.find_missing", lambda: missing)
    site.pages["/"] = _APP
    done = add(tmp_path, site.url)
    assert done.code == 0
    (source,) = entries(tmp_path).values()
    assert source.render == ("auto" if missing is None else "never"), "a crawl would fail"
    assert "built by scripts" in done.err
    assert 'render = "auto"' in done.err


def test_one_host_is_asked_politely_and_others_meanwhile(
    tmp_path: Path, sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sites
    for each in sites:
        each.pages |= {f"/{n}.xml": feed(each) for n in range(4)}
    monkeypatch.setattr("pipelines.adding.add_sites._OWN_DELAY_SECONDS", 0.2)
    lines = "\n".join(f"{site.url}/{n}.xml" for site in sites for n in range(4))
    assert add(tmp_path, "-", stdin=lines.encode()).code == 0
    for each in sites:
        times = [at for at, path in each.asked_at if path != "/robots.txt"]
        assert all(later - sooner > 0.15 for sooner, later in pairwise(times))
    assert second.asked_at[0][0] < first.asked_at[-1][0], "the second waits for the first"


def test_what_was_told_of_is_there_after_ctrl_c(tmp_path: Path, site: Site) -> None:
    program = "from pipelines.cli import main; main()"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        lines = f"{site.url}/\nhttp://127.0.0.1:{silent.getsockname()[1]}/\n"
        (tmp_path / "list.txt").write_text(lines)
        with subprocess.Popen(
            [sys.executable, "-c", program, "add", "list.txt", "--allow-private"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            for _ in range(200):
                time.sleep(0.05)
                if site.requests["/sitemap-news.xml"]:  # the last that it looks for
                    break
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert out.startswith(f"added          {site.url}/")
    assert "Traceback" not in err
    assert [source.url for source in entries(tmp_path).values()] == [f"{site.url}/"]


def test_titles_of_others_cannot_break_the_file(tmp_path: Path, site: Site) -> None:
    site.pages["/ships.xml"] = feed(site)
    title = "&#x7f;&#x85;[[source]]&#10;name = 1 \N{RIGHT-TO-LEFT OVERRIDE}"
    text = f'<opml><outline text="{title}" xmlUrl="{site.url}/ships.xml"/></opml>'
    (tmp_path / "a.opml").write_text(text, "utf-8")
    assert add(tmp_path, "a.opml").code == 0
    assert list(entries(tmp_path)) == ["source-name-1"]


def test_a_site_is_looked_at_as_it_will_be_crawled(tmp_path: Path, site: Site) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/sources.toml").write_text(
        '[defaults]\nproxy = "http://127.0.0.1:9"\ncookies = { key = "$NOT_IN_THE_ENVIRONMENT" }\n'
    )
    done = add(tmp_path, site.url)
    assert done.code == 1
    assert done.err.endswith("port 9 of 127.0.0.1 is not one for web pages\n"), "that of the proxy"
    assert not site.requests
