"""One database with a bit of everything, one server, one browser for all tests of a module."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.store.articles.articles import save_article
from pipelines.store.crawl.failures import save_failure
from pipelines.store.crawl.sources import save_source
from pipelines.store.database.database import open_database
from scraper.article import Article, FaqEntry
from scraper.blocks import Block, Heading, ListBlock, ListItem, Paragraph, Table

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
HOSTILE = "<script>window.hit = 1</script><img src=http://away.example/x onerror='window.hit = 2'>"


def ferry_article(number: int) -> Article:
    text = " ".join(f"On day {day} boat {number} left the island of Norr." for day in range(20))
    text += f" Its berth is N{number}K."
    blocks: tuple[Block, ...] = (
        Paragraph(text),
        Heading(2, f"What boat {number} carries"),
        ListBlock(False, (ListItem("Pianos"), ListItem("Sheep"))),
        Table((("Day", "Boats"), ("Monday", "7")), None),
    )
    return Article(
        url=f"https://courier.example/{'very-' * 30}long/{number}",
        site_name="Harbour Courier",
        title=f"Ferry {number} returns to its old berth",
        description="After nine years the boats are back.",
        authors=("Mira Olsdotter",) if number % 2 else ("Tom Akintola", "Mira Olsdotter"),
        tags=("Ferry", "council", f"pier {number}"),
        published_at=f"2026-03-{number + 1:02}T08:30:00Z",
        language="en",
        section="Harbour",
        text=text,
        blocks=blocks,
        faq=(FaqEntry(f"When does boat {number} leave?", "At noon, but for Sunday.", "html"),),
        confidence=0.9123,
        evidence={"title": "json-ld"},
    )


def hostile_article() -> Article:
    return Article(
        url="javascript:window.hit=3",
        title=HOSTILE,
        description=HOSTILE,
        authors=(HOSTILE,),
        tags=(HOSTILE,),
        text=HOSTILE,
        markdown=f"[here](javascript:window.hit=4) {HOSTILE}",
        blocks=(Heading(2, HOSTILE), Paragraph(HOSTILE), ListBlock(True, (ListItem(HOSTILE),))),
        faq=(FaqEntry(HOSTILE, HOSTILE, "html"),),
        section=HOSTILE,
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browse") / "news.db"
    with closing(open_database(path)) as db:
        courier = save_source(db, "courier", "https://courier.example/")
        mirror = save_source(db, "mirror", "https://mirror.example/")
        for number in range(12):
            save_article(db, ferry_article(number), source_id=courier if number % 3 else mirror)
        save_article(
            db,
            Article(url=ferry_article(1).url, title="Ferry 1 is late", text="It is late. " * 9),
            source_id=courier,
        )
        save_article(db, hostile_article())
        save_article(
            db,
            Article(
                url="https://harbour.example/zh",
                title="港口新闻",
                text="九年之后，渡轮返回旧泊位，乘客们在岸边等候。",
                language="zh",
            ),
        )
        save_failure(db, "https://courier.example/gone", "fetch", "FetchTimeoutError", "20 s")
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="module")
def site(database: Path) -> Iterator[str]:
    """The address of the database in Datasette."""
    pytest.importorskip("datasette")
    import uvicorn

    from pipelines.browse.serve import build_datasette

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        app = build_datasette(database).app()
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/{database.stem}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    if not CHROMIUM:
        pytest.skip("there is no chromium on this machine")
    pytest.importorskip("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()
