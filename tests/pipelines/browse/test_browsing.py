"""The database in Datasette, looked at and used in a real browser."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.pipelines.browse.looking import WIDTHS, check_picture, look

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = {
    "first": "",
    "overview": "/article_overview",
    "article": "/articles/3",
    "question": "/faq_of_a_topic?topic=boat",
    "articles": "/articles",
    "revisions": "/revisions",
    "sql": "?sql=select+*+from+articles",
}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_its_window(
    browser: "Browser", site: str, tmp_path: Path, width: int
) -> None:
    with look(browser, width) as page:
        for name, path in list(PAGES.items())[: 9 if width < 1000 else 5]:
            page.goto(site + path)
            check_picture(page, tmp_path / f"{name}_{width}.png")


def test_the_first_page_leads_to_what_people_come_for(browser: "Browser", site: str) -> None:
    with look(browser, 1280) as page:
        page.goto(site)
        cards = page.locator(".winnow-cards a").all_inner_texts()
        assert cards[:2] == ["FAQ of a topic", "Articles per day and source"]
        assert {"article_overview", "headings", "revisions", "failures"} <= set(cards)
        inside = {"site_blocks", "duplicate_keys", "articles_fts", "articles_fts_data", "robots"}
        assert not inside & set(cards)
        page.get_by_role("searchbox").fill("n7k")
        with page.expect_navigation():
            page.get_by_role("button", name="Search").click()
        titles = page.locator("td.col-title").all_inner_texts()
        assert titles == ["Ferry 7 returns to its old berth"]
        with page.expect_navigation():
            page.locator("td.col-title a").click()
        assert page.locator("article h1").inner_text() == titles[0]


def test_facets_narrow_a_table_and_labels_stand_for_ids(browser: "Browser", site: str) -> None:
    with look(browser, 1280) as page:
        page.goto(f"{site}/articles")
        with page.expect_navigation():
            page.locator(".facet-results").get_by_role("link", name="mirror").click()
        sources = page.locator("td.col-source_id a").all_inner_texts()
        assert sources == ["mirror"] * 4
        page.goto(f"{site}/headings")
        assert "Ferry" in page.locator("td.col-article_id").first.inner_text()


def test_columns_are_explained_on_demand(browser: "Browser", site: str) -> None:
    with look(browser, 390) as page:
        page.goto(f"{site}/faqs")
        words = page.get_by_role("cell", name="Where the pair was found")
        assert not words.is_visible()
        page.locator(".winnow-columns summary").click()
        assert words.is_visible()
        assert page.locator(".winnow-columns tr").count() == 5


def test_an_article_reads_like_one(browser: "Browser", site: str) -> None:
    with look(browser, 390) as page:
        page.goto(f"{site}/articles/3")
        article = page.locator("article")
        assert article.locator("h1").inner_text() == "Ferry 2 returns to its old berth"
        assert "3 March 2026, 08:30 UTC" in article.locator(".byline").inner_text()
        assert article.locator("li").all_inner_texts()[:2] == ["Pianos", "Sheep"]
        header = page.locator("header").first.bounding_box()
        kicker = article.locator(".kicker").bounding_box()
        assert header and kicker
        assert kicker["y"] - (header["y"] + header["height"]) >= 12


def test_a_question_is_asked_through_its_form(browser: "Browser", site: str) -> None:
    with look(browser, 1280) as page:
        page.goto(f"{site}/faq_of_a_topic")
        page.get_by_role("textbox").fill("boat 7")
        with page.expect_navigation():
            page.get_by_role("button", name="Ask").click()
        assert page.locator("td.col-question").all_inner_texts() == ["When does boat 7 leave?"]
        page.get_by_role("textbox").fill("zeppelin")
        with page.expect_navigation():
            page.get_by_role("button", name="Ask").click()
        assert "try another word" in page.locator(".winnow-empty").inner_text()


def test_a_hostile_article_does_nothing(browser: "Browser", site: str) -> None:
    with look(browser, 1280) as page:
        for path in ("/articles/13", "/article_overview", "/tags"):
            page.goto(site + path)
            assert "window.hit" in page.locator("body").inner_text()
            assert page.evaluate("window.hit") is None
            assert page.locator("a[href^='javascript' i], img[src^=http]").count() == 0


def test_nothing_can_be_written(database: Path, site: str) -> None:
    before = hashlib.sha256(database.read_bytes()).digest()
    with httpx.Client() as client:
        for sql in ("delete from articles", "pragma user_version = 9", "drop table faqs"):
            assert client.get(f"{site}.json", params={"sql": sql}).status_code == 400
        for path in ("/articles", "/articles/1/-/delete", "/articles/-/insert", "/faq_of_a_topic"):
            assert client.post(site + path, json={}).status_code == 405
    assert hashlib.sha256(database.read_bytes()).digest() == before
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (13,)


def test_pages_may_load_nothing_from_elsewhere(site: str) -> None:
    headers = httpx.get(f"{site}/articles/1").headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "http" not in policy
    assert headers["referrer-policy"] == "no-referrer"


def test_a_mistyped_address_is_answered_and_not_printed(
    site: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with httpx.Client() as client:
        assert client.get(f"{site}/artikles").status_code == 404
        answer = client.get(site, params={"sql": "select nowhere from articles"})
    assert "no such column: nowhere" in answer.text
    said = capfd.readouterr()
    assert len((said.out + said.err).splitlines()) <= 1
