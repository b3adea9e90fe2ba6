"""Pages that would write to the reader's terminal: nothing that is printed can do that."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.store.database.database import open_database
from tests.pipelines.command_line import run_winnow
from tests.pipelines.crawl.test_crawl import query
from tests.pipelines.loopback_site import Answer, serve, story

PATH = "/news/the-bridge-opens-again-0001.html"
HOSTILE = (
    "\x1b]0;owned\x07\x1b[31mRed\x1b[0m \x9b2Jbridge \x1bP1$r\x1b\\ &#27;[1m&#x9b;2K \u202eegdirb"
)
FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where a site whose every text is hostile was crawled, twice, with a change between."""
    folder = tmp_path_factory.mktemp("terminal")
    with serve() as site:
        page = story(1, extra=f"<p>The keeper said {HOSTILE} and that the bridge stays open.</p>")
        head = f'<meta name="author" content="{HOSTILE}"><meta name="description" ' \
            f'content="{HOSTILE}"></head>'  # fmt: skip
        page = re.sub(rb"<title>.*?</title>", f"<title>{HOSTILE}</title>".encode(), page)
        page = re.sub(rb"<h1>.*?</h1>", f"<h1>{HOSTILE}</h1>".encode(), page)
        page = page.replace(b"</head>", head.encode())
        escaped = page.decode().translate({27: "&#27;", 7: "&#x07;"})
        (folder / "page.html").write_text(escaped)
        site.pages[PATH] = Answer(page)
        site.pages["/type.html"] = Answer(b"x", content_type="image/\x1b[31mred")
        site.add_sitemap([PATH, "/type.html", "/lost-\x1b[31m.html"])
        (folder / "sources.toml").write_text(site.sources_toml(path="/sitemap.xml"))
        first = run_winnow(folder, "crawl", "--executor", "local")
        site.pages[PATH] = Answer(page.replace(b"stays open", b"\x1b[7mis shut\x1b[0m"))
        db = open_database(folder / "data/articles.db")
        db.execute("UPDATE urls SET next_fetch_at = added_at")
        db.conn.commit()
        db.close()
        second = run_winnow(folder, "crawl", "--executor", "local")
        (folder / "crawls.txt").write_text(first.out + first.err + second.out + second.err)
        yield folder


@pytest.mark.parametrize(
    "command",
    [
        ["search", "keeper"],
        ["status"],
        ["status", "--check"],
        ["diff", PATH],
        ["extract", "page.html", "--format", "text"],
        ["extract", "page.html", "--format", "markdown"],
        ["extract", "page.html"],
    ],
)
def test_nothing_a_page_says_reaches_the_terminal_as_a_command(
    folder: Path, command: list[str]
) -> None:
    arguments = command
    if command[0] == "diff":
        db = open_database(folder / "data/articles.db")
        arguments = ["diff", str(query(db, "SELECT url FROM articles")[0][0])]
        db.close()
    done = run_winnow(folder, *arguments)
    printed = done.out + done.err
    assert "bridge" in printed or command[0] == "status", printed
    assert FORBIDDEN.findall(printed.replace("\r", "")) == []


def test_nothing_a_crawl_says_of_a_page_is_a_command(folder: Path) -> None:
    printed = (folder / "crawls.txt").read_text()
    assert "/type.html" in printed
    assert FORBIDDEN.findall(printed) == []


def test_nothing_of_it_is_stored(folder: Path) -> None:
    db = open_database(folder / "data/articles.db")
    ((title, description, text, markdown),) = query(
        db, "SELECT title, description, text, markdown FROM articles"
    )
    assert "\u202e" not in str(title) + str(description)
    for value in (title, description, text, markdown):
        assert "bridge" in str(value)
        assert FORBIDDEN.findall(str(value)) == []
    messages = query(db, "SELECT message FROM failures") + query(db, "SELECT last_error FROM urls")
    assert [said for (said,) in messages if said and FORBIDDEN.search(str(said))] == []
    assert query(db, "SELECT count(*) FROM revisions") == [(1,)]
    db.close()
