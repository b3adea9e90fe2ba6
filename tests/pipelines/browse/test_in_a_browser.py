"""Pages that winnow writes, looked at in a real browser: the report and the inspection."""

from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from pipelines.browse.inspection import render_inspection
from pipelines.browse.report import render_report
from pipelines.store.database import open_database
from pipelines.store.report import load_report
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
        days, confidence = page.locator("svg").all()
        for chart, bars in ((days, 11), (confidence, 2)):
            drawn = [bar.bounding_box() for bar in chart.locator("rect").all()]
            assert len(drawn) == bars
            frame = chart.bounding_box()
            assert frame
            for box in drawn:
                assert box
                assert box["width"] > 2
                assert box["height"] > 2
                assert box["x"] >= frame["x"] - 1
                assert box["y"] >= frame["y"] - 1
        rankings = page.locator(".ranked").all()
        assert len(rankings) == 4
        assert all(ranking.locator(".bar span").count() for ranking in rankings)
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(255, 255, 255)") == (scheme == "light")
        assert page.evaluate("window.hit") is None


def test_labels_of_an_axis_do_not_overlap(
    browser: "Browser", database: Path, tmp_path: Path
) -> None:
    address = write_report(database, tmp_path / "report.html")
    with look(browser, 390) as page:
        page.goto(address)
        for plot in page.locator(".plot").all():
            boxes = [label.bounding_box() for label in plot.locator(".across").all()]
            edges = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
            assert len(edges) >= 2
            assert all(a[1] < b[0] for a, b in pairwise(edges))


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
