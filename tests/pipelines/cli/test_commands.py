"""The command line: what it prints, where, and with which exit code."""

import json
from pathlib import Path

import pytest
import typer.main
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cli import app
from pipelines.cli.terminal import format_bytes, harmless
from pipelines.settings import load_settings
from pipelines.store.articles.articles import save_article
from pipelines.store.database.database import open_database
from scraper.article import Article
from scraper.extract.extractor import extract_article
from tests.pipelines.command_line import run_winnow
from tests.pipelines.loopback_site import Answer, Site, story, story_title

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # a group


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database of two articles, one of them with a title that means harm."""
    db = open_database(tmp_path / "data/articles.db")
    for number, title in enumerate(["Rain over the harbour", "\x1b[31mRed\x1b]0;owned\x07 rain"]):
        article = Article(
            url=f"https://example.org/{number}", title=title, text="It rained.\nAll night long."
        )
        save_article(db, article)
    db.close()
    return tmp_path


def test_without_a_command_it_shows_what_there_is(tmp_path: Path) -> None:
    shown = run_winnow(tmp_path)
    assert "Usage: winnow" in shown.out + shown.err
    for command in ("demo", "extract", "add", "crawl", "search", "export", "status"):
        assert command in COMMANDS
        assert f" {command} " in shown.out + shown.err
    version = run_winnow(tmp_path, "--version")
    assert version.code == 0
    assert version.out.startswith("winnow ")


@pytest.mark.parametrize(
    "arguments",
    [["serch"], ["crawl", "--limit", "0"], ["search"], ["extract"], ["export"],
     ["search", "a", "--since", "soon"], ["export", "xml"], ["export", "csv", "--columns", "titel"],
     ["export", "csv", "--where", "titel = 1"], ["extract", "x", "--format", "pdf"]],
)  # fmt: skip
def test_wrong_usage_is_two_and_changes_nothing(folder: Path, arguments: list[str]) -> None:
    outcome = run_winnow(folder, *arguments)
    assert outcome.code == 2
    assert outcome.err
    assert not outcome.out


def test_search_in_a_pipe_gives_a_line_a_hit(folder: Path) -> None:
    outcome = run_winnow(folder, "search", "rain")
    lines = [line.split("\t") for line in outcome.out.splitlines()]
    assert {line[4] for line in lines} == {"https://example.org/0", "https://example.org/1"}
    assert all(len(line) == 6 for line in lines)
    assert "\x1b" not in outcome.out
    assert "\x07" not in outcome.out
    hits = json.loads(run_winnow(folder, "search", "harbour", "--format", "json").out)
    assert [hit["title"] for hit in hits] == ["Rain over the harbour"]
    nothing = run_winnow(folder, "search", 'nowhere"(')
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "nothing found\n")


def test_extract_reads_files_standard_input_and_the_web(site: Site, tmp_path: Path) -> None:
    page = story(1)
    (tmp_path / "page.html").write_bytes(page)
    site.pages["/story.html"] = Answer(page)
    record = json.loads(run_winnow(tmp_path, "extract", "page.html").out)
    assert record == extract_article(page).to_dict()
    assert record["title"] == story_title(1)
    text = run_winnow(tmp_path, "extract", "-", "--format", "text", stdin=page)
    assert text.out.rstrip("\n") == record["text"]
    markdown = run_winnow(
        tmp_path, "extract", f"{site.url}/story.html", "--format", "markdown", "--allow-private"
    )
    assert markdown.out.rstrip("\n") == record["markdown"].rstrip("\n")
    missing = run_winnow(tmp_path, "extract", f"{site.url}/none.html", "--allow-private")
    assert (missing.code, missing.out) == (1, "")
    assert "404" in missing.err


def test_text_goes_through_the_reader_of_text(tmp_path: Path) -> None:
    words = "Rain fell on the hills for a third night and the river rose again, people said. "
    text = f"The river rose\n\n{words * 4}\n\n{words * 3}\n"
    (tmp_path / "page.txt").write_text(text)
    for arguments in (["page.txt"], ["-"]):
        outcome = run_winnow(tmp_path, "extract", *arguments, stdin=text.encode())
        assert "river rose again" in json.loads(outcome.out)["text"]
    empty = run_winnow(tmp_path, "extract", "-", stdin=b"<html><body><p></body></html>")
    assert empty.code == 1
    assert empty.err == "there is no article on this page\n"


def test_a_page_that_is_no_article_says_what_it_is(tmp_path: Path) -> None:
    wall = (
        "<title>Before you continue</title><h1>We value your privacy</h1><p>We and our 300 "
        "partners store and access information on your device, such as cookies.</p>"
        "<button>Accept all</button><button>Reject all</button>"
    )
    outcome = run_winnow(tmp_path, "extract", "-", stdin=wall.encode())
    record = json.loads(outcome.out)
    assert (outcome.code, record["page_kind"]) == (1, "wall")
    assert record["evidence"]["page_kind"].startswith("the page asks for consent")
    assert outcome.err.startswith("this is a wall, and no article: the page asks for consent")
    stories = "".join(
        f"<li><h3><a href=/news/{n}/bridge-over-the-river-{n}>The council opens bridge {n} over "
        f"the river</a></h3><p>It took {n} years to build, and the ferry stays.</p></li>"
        for n in range(30)
    )
    page = f"<title>Latest news</title><h1>Latest</h1><ul class=teasers>{stories}</ul>"
    url = "https://news.example/category/local"
    listed = run_winnow(tmp_path, "extract", "-", "--url", url, stdin=page.encode())
    assert (listed.code, json.loads(listed.out)["page_kind"]) == (1, "list")
    assert listed.err.startswith("this is a list, and no article")


def test_add_finds_feeds_and_sitemaps_and_keeps_the_file(site: Site, tmp_path: Path) -> None:
    paths = site.add_articles(6)
    site.add_index(paths)
    site.add_sitemap(paths)
    front = site.pages["/"].body.replace(
        b"<title>", b'<link rel=alternate type="application/rss+xml" href="/feed.xml"><title>'
    )
    items = "".join(f"<item><title>s</title><link>{site.url}{p}</link></item>" for p in paths)
    site.pages |= {
        "/": Answer(front),
        "/feed.xml": Answer(
            f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()
        ),
    }
    (tmp_path / "data").mkdir()
    (tmp_path / "data/sources.toml").write_text("# my sources\n")
    added = run_winnow(tmp_path, "add", f"{site.url}/", "--allow-private", "--every", "1h")
    assert added.code == 0, added.err
    assert "/feed.xml  6 entries" in added.out
    assert "/sitemap.xml  6 entries" in added.out
    text = (tmp_path / "data/sources.toml").read_text()
    assert text.startswith("# my sources\n")
    source = load_settings(tmp_path / "data/sources.toml").sources[0]
    assert source.seeds == (f"{site.url}/feed.xml", f"{site.url}/sitemap.xml")
    again = run_winnow(tmp_path, "add", f"{site.url}/", "--allow-private")
    assert again.code == 2
    assert "is there already" in again.err


@given(st.text())
def test_no_text_can_steer_a_terminal(text: str) -> None:
    shown = harmless(text)
    assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in shown)


def test_sizes_are_readable() -> None:
    assert [format_bytes(n) for n in (999, 1000, 5_300_000, 2e12)] == [
        "999 B", "1.0 kB", "5.3 MB", "2.0 TB",
    ]  # fmt: skip
