"""Pages that winnow writes, looked at in a real browser: the report and the inspection."""

from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from pipelines.browse.inspection import render_inspection
from pipelines.browse.report_page import render_report
from pipelines.store.database.database import open_database
from pipelines.store.statistics.report_figures import load_report
from scraper.extract.extractor import explain_page
from scraper.page import Page
from tests.pipelines.browse.looking import WIDTHS, check_picture, look

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HEADINGS = [
    "Articles a day, by source",
    "How fresh each source is",
    "What failed in the last 30 days",
    "How sure the extraction is",
    "Languages",
    "Most used tags",
    "Most seen authors",
]

BOXES = """() => {
  const box = (e) => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; };
  const all = (e, s) => [...e.querySelectorAll(s)].map(box);
  return [...document.querySelectorAll(".plot")].map((p) => ({
    frame: box(p.querySelector("svg")), bars: all(p, "rect"), dates: all(p, ".across"),
  }));
}"""


def write_report(database: Path, file: Path) -> str:
    with closing(open_database(database, read_only=True)) as db:
        figures = load_report(db, now=datetime.now(UTC))
    file.write_text(render_report(figures), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (390, "dark")])
def test_all_charts_are_drawn(
    browser: "Browser",
    database: Path,
    tmp_path: Path,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    address = write_report(database, tmp_path / "report.html")
    with look(browser, width, scheme) as page:
        page.goto(address)
        check_picture(page, tmp_path / f"report_{width}_{scheme}.png")
        assert page.locator("h2").all_inner_texts() == HEADINGS
        boxes = page.evaluate(BOXES)
        for plot, bars in zip(boxes, (11, 2), strict=True):
            assert len(plot["bars"]) == bars
            left, top, *_ = plot["frame"]
            for x, y, width_shown, height in plot["bars"]:
                assert min(width_shown, height) > 2
                assert x >= left - 1
                assert y >= top - 1
            dates = [(x, x + width_shown) for x, _, width_shown, _ in plot["dates"]]
            assert len(dates) >= 2
            assert all(a[1] < b[0] for a, b in pairwise(dates)), "labels on top of each other"
        rankings = page.locator(".ranked").all()
        assert len(rankings) == 4
        assert all(ranking.locator(".bar span").count() for ranking in rankings)
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(255, 255, 255)") == (scheme == "light")
        assert page.evaluate("window.hit") is None


def test_an_empty_database_says_what_to_do(browser: "Browser", tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "new.db")):
        pass
    address = write_report(tmp_path / "new.db", tmp_path / "report.html")
    with look(browser, 390) as page:
        page.goto(address)
        check_picture(page, tmp_path / "empty.png")
        assert page.locator("h2").all_inner_texts() == HEADINGS
        words = page.locator("section p").all_inner_texts()
        assert words[0] == "No article yet. Collect some with winnow crawl."
        assert "Nothing failed." in words
        assert len(words) == len(HEADINGS)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_inspection_fits_its_window(browser: "Browser", tmp_path: Path, width: int) -> None:
    body = f"<h1>Rain</h1><p>{'It rained all night in the hills. ' * 20}</p><p>{'w' * 400}</p>"
    read = Page(url="https://news.example/" + "long-" * 40, body=body.encode())
    text = render_inspection(explain_page(read), name=read.url, rules=None)
    file = tmp_path / "inspection.html"
    file.write_text(text, encoding="utf-8")
    with look(browser, width) as page:
        page.goto(file.as_uri())
        check_picture(page, tmp_path / f"inspection_{width}.png")
        assert "It rained all night" in page.locator("li.kept.paragraph").first.inner_text()
