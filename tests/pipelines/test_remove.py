"""`winnow remove`: out of the file and the database, both or neither, and nothing else."""

import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.crawl.schedule.lease_owner import lease_owner
from pipelines.errors import SettingsError
from pipelines.settings import load_settings, parse_settings
from pipelines.settings.source_removal import remove_source_entry
from pipelines.store.crawl.crawls import CrawlCounts, finish_crawl, start_crawl
from pipelines.store.crawl.hosts import save_backoff
from pipelines.store.database.database import open_database
from pipelines.store.frontier.leases import LeaseOptions, lease_urls
from pipelines.store.frontier.urls import NewUrl, add_urls
from scraper.backoff import Backoff
from tests.pipelines.command_line import Outcome, run_winnow
from tests.pipelines.loopback_site import Site, serve

_HEAD = '# About the file.\n\n[defaults]  # of all\nevery = "1h"\n\n'
_PIER = '# The pier:\n# two boats.\n[[source]]\nname = "pier"\nurl = "https://pier.example/"\n'
_HILL = (
    '# The hill.\n[[source]]\nurl = "https://hill.example/"  # its front page\n'
    'name = "hill"\n[source.rules]\ntitle = "h1"\n# body = "p"\n'
)
_QUAY = (
    '# --- by the water ---\n\n# The quay.\n[[source]]\nname = "quay"\nurl = "http://q.example"\n'
)
_END = "\n# The end.\n"


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("pier", _HEAD + _HILL + "\n" + _QUAY + _END),
        ("hill", _HEAD + _PIER + "\n" + _QUAY + _END),
        ("quay", _HEAD + _PIER + "\n" + _HILL + "\n# --- by the water ---\n" + _END),
    ],
)
def test_an_entry_goes_with_its_comment_and_all_else_stays(
    tmp_path: Path, name: str, left: str
) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("\n".join([_HEAD + _PIER, _HILL, _QUAY]) + _END)
    path.chmod(0o640)
    remove_source_entry(path, name)
    assert path.read_text() == left
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_what_begins_a_file_is_about_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("# Ask Ada before you change this.\n" + _PIER.partition("boats.\n")[2])
    remove_source_entry(path, "pier")
    assert path.read_text() == "# Ask Ada before you change this.\n"


@pytest.mark.parametrize(
    "text",
    [
        'source = [\n  {name = "pier", url = "https://pier.example/"},\n]\n',
        'source = [{name = "a", url = "http://a.example"}, {name = "pier", url = "http://b.example"}]',
    ],
)
def test_an_entry_written_in_another_way_is_left_to_its_owner(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match="only you can take out"):
        remove_source_entry(path, "pier")
    assert path.read_text() == text


_LINES = st.sampled_from(
    ["", "# words", "[[source]]", "  [[source]] # odd", "[source.rules]", 'title = "h1"',
     'remove = [\n ".a",\n # why\n]', "[defaults]",
     'exclude = ["""\n# no comment\n[[source]]\n"""]']
)  # fmt: skip


@given(st.lists(st.lists(_LINES, max_size=5), min_size=1, max_size=4))
def test_no_text_loses_another_source(blocks: list[list[str]]) -> None:
    parts = [
        f'{chr(10).join(lines)}\n[[source]]\nname = "s{n}"\nurl = "http://s{n}.example/"\n'
        for n, lines in enumerate(blocks)
    ]
    text = "".join(parts)
    try:
        before = parse_settings(text)
    except SettingsError:
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sources.toml"
        path.write_text(text)
        try:
            remove_source_entry(path, "s0")
        except SettingsError:
            assert path.read_text() == text
        else:
            assert load_settings(path).sources == tuple(s for s in before.sources if s.name != "s0")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a crawled source of three articles, `pier`, and one of two, `hill`."""
    folder = tmp_path_factory.mktemp("crawled")
    (folder / "data").mkdir()
    with serve() as pier, serve() as hill:
        text = "".join(
            _publish(site, name, count)
            for site, name, count in ((pier, "pier", 3), (hill, "hill", 2))
        )
        (folder / "data/sources.toml").write_text(f"# ours\n\n{text}")
        done = run_winnow(folder, "crawl", "--executor", "local")
    assert done.code == 0, done.err
    return folder


def _publish(site: Site, name: str, count: int) -> str:
    site.add_sitemap(site.add_articles(count, folder=f"{name}-news"))
    return f"# About {name}.\n{site.sources_toml(name, '/sitemap.xml')}"


@pytest.fixture
def folder(crawled: Path, tmp_path: Path) -> Path:
    subprocess.run(["cp", "-r", f"{crawled}/data", f"{tmp_path}/"], check=True)
    return tmp_path


def remove(folder: Path, *arguments: str) -> Outcome:
    return run_winnow(folder, "remove", *arguments)


def count(folder: Path, table: str) -> int:
    with closing(open_database(folder / "data/articles.db")) as db:
        return db.table(table).count


def test_the_articles_stay_and_status_says_so(folder: Path) -> None:
    done = remove(folder, "pier", "--yes")
    assert (done.code, done.errors) == (0, [])
    assert done.out == 'removed "pier": 4 addresses of the frontier; 3 articles stay\n'
    text = (folder / "data/sources.toml").read_text()
    assert "pier" not in text
    assert text.startswith("# ours\n\n# About hill.\n")
    assert run_winnow(folder, "db", "check").code == 0
    assert count(folder, "articles") == 5
    status = run_winnow(folder, "status", "--check")
    assert (status.code, status.err) == (0, "")
    assert "pier: removed, 3 articles kept" in run_winnow(folder, "status").out
    again = remove(folder, "pier", "--yes")
    assert again.code == 2
    assert 'of "pier" there are articles and nothing else; --with-articles' in again.err
    assert remove(folder, "pier", "--yes", "--with-articles").code == 0
    assert count(folder, "articles") == 2


def test_a_host_that_nobody_asks_any_more_is_no_trouble(folder: Path) -> None:
    until = datetime.now(UTC) + timedelta(days=2)
    with closing(open_database(folder / "data/articles.db")) as db:
        (row,) = db.query(
            "SELECT u.host FROM urls u JOIN sources s ON s.id = u.source_id "
            "WHERE s.name = 'pier' LIMIT 1"
        )
        save_backoff(db, row["host"], Backoff(refusals=9, until=until, why="HTTP 403"))
    assert "take the source out" in run_winnow(folder, "status", "--check").err
    assert remove(folder, "pier", "--yes").code == 0
    status = run_winnow(folder, "status", "--check")
    assert (status.code, status.err) == (0, "")


def test_the_articles_go_where_that_is_said(folder: Path) -> None:
    done = remove(folder, "hill", "--with-articles", "--yes")
    assert done.out == (
        'removed "hill": 3 addresses of the frontier, 2 articles, 0 earlier versions, 2 raw pages\n'
    )
    assert run_winnow(folder, "db", "check").code == 0
    assert "hill" not in run_winnow(folder, "status").out
    assert (count(folder, "articles"), count(folder, "pages")) == (3, 3)


def test_without_a_terminal_it_does_nothing_unless_told(folder: Path) -> None:
    before = (folder / "data/sources.toml").read_bytes()
    done = remove(folder, "pier")
    assert (done.code, done.out) == (2, "")
    (line,) = done.errors
    assert line == (
        'error: "pier": 4 addresses of the frontier; 3 articles stay; there is nobody to ask here: '
        "--yes removes it without asking"
    )
    assert (folder / "data/sources.toml").read_bytes() == before
    assert count(folder, "urls") == 7


def test_an_unknown_source_is_answered_with_the_likely_one(folder: Path) -> None:
    done = remove(folder, "peir", "--yes")
    assert done.code == 2
    assert (
        done.err == 'error: there is no source "peir"; did you mean "pier"? there are pier, hill\n'
    )


def test_one_that_was_taken_out_of_the_file_by_hand_is_found(folder: Path) -> None:
    (folder / "data/sources.toml").write_text("# none\n")
    assert remove(folder, "pier", "--yes").code == 0
    assert count(folder, "urls") == 3
    assert (folder / "data/sources.toml").read_text() == "# none\n"


def test_one_that_was_never_crawled_needs_no_database(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(_PIER)
    done = remove(tmp_path, "pier", "--yes")
    assert (done.code, done.out) == (
        0,
        'removed "pier": its entry; it has nothing in the database\n',
    )
    assert [path.name for path in tmp_path.iterdir()] == ["sources.toml"]


def _lease(folder: Path, owner: str) -> None:
    with closing(open_database(folder / "data/articles.db")) as db:
        (row,) = db.query("SELECT source_id FROM urls LIMIT 1")
        add_urls(db, row["source_id"], [NewUrl(url="http://127.0.0.1/later")])
        assert lease_urls(db, owner, LeaseOptions(limit=1))


def test_while_a_crawl_is_at_work_nothing_is_removed(folder: Path) -> None:
    before = (folder / "data/sources.toml").read_bytes()
    with lease_owner() as owner:
        _lease(folder, owner)
        done = remove(folder, "pier", "--yes", "--with-articles")
        assert done.code == 1
        assert f"a crawl is at work on this database (process {os.getpid()} on" in done.err
        assert (folder / "data/sources.toml").read_bytes() == before
        assert count(folder, "articles") == 5
    assert remove(folder, "pier", "--yes").code == 0, "it has ended, its lease has not"


def test_a_crawl_that_waits_for_a_host_is_at_work_too(folder: Path) -> None:
    with closing(open_database(folder / "data/articles.db")) as db:
        with lease_owner() as owner:
            crawl_id = start_crawl(db, owner)
            assert remove(folder, "pier", "--yes").code == 1
            finish_crawl(db, crawl_id, CrawlCounts())
            assert remove(folder, "pier", "--yes").code == 0
        start_crawl(db, "elsewhere/1/2/3")
    assert remove(folder, "hill", "--yes").code == 0, "who knows whether that one ended?"


def test_a_crawl_that_was_killed_is_none_at_work(folder: Path) -> None:
    code = (
        "import sys, time; from pipelines.crawl.schedule.lease_owner import lease_owner\n"
        "with lease_owner() as owner:\n    print(owner, flush=True)\n    time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        _lease(folder, other.stdout.readline().strip())
        assert remove(folder, "pier", "--yes").code == 1
        other.kill()
        other.wait()
        assert remove(folder, "pier", "--yes").code == 0


def test_neither_is_changed_where_the_file_cannot_be(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SettingsError("data/sources.toml: Read-only file system")

    monkeypatch.setattr("pipelines.settings.source_removal.replace_sources_text", refuse)
    done = remove(folder, "pier", "--yes", "--with-articles")
    assert done.code == 2
    assert done.err == "error: data/sources.toml: Read-only file system\n"
    assert (count(folder, "articles"), count(folder, "urls")) == (5, 7)
    assert run_winnow(folder, "db", "check").code == 0
