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
    "search": "/-/search?q=boat&source=courier",
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
        for name, path in list(PAGES.items())[: 9 if width < 1000 else 6]:
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
        titles = page.locator(".winnow-hits h2").all_inner_texts()
        assert titles == ["Ferry 7 returns to its old berth"]
        assert page.locator(".winnow-hits mark").all_inner_texts() == ["N7K"]
        with page.expect_navigation():
            page.locator(".winnow-hits a").click()
        assert page.locator("article h1").inner_text() == titles[0]


def test_a_search_is_narrowed_and_leafed_through(browser: "Browser", site: str) -> None:
    with look(browser, 1280) as page:
        page.goto(f"{site}/-/search?q=boat")
        assert page.locator(".winnow-hits li").count() == 11
        assert page.get_by_text("Next page").count() == 0
        page.get_by_text("Narrow it down").click()
        page.get_by_label("source").select_option("mirror")
        page.get_by_label("author").fill("akintola")
        with page.expect_navigation():
            page.get_by_role("button", name="Search").click()
        titles = page.locator(".winnow-hits h2").all_inner_texts()
        assert sorted(titles) == [f"Ferry {n} returns to its old berth" for n in (0, 6)]
        assert page.get_by_label("source").input_value() == "mirror"


def test_a_search_finds_words_without_spaces(browser: "Browser", site: str) -> None:
    with look(browser, 390) as page:
        page.goto(f"{site}/-/search?q=渡轮")
        assert page.locator(".winnow-hits mark").all_inner_texts() == ["渡轮"]
        page.goto(f"{site}/-/search?q=返回旧泊位")
        assert page.locator(".winnow-hits li").count() == 1


@pytest.mark.parametrize(
    "query",
    [
        '"', "NEAR(", "*", "-", "a:b", "%00", "page=-1", "q=boat&page=99999999999", "q=boat&page=x",
        "q=boat&since=soon&until=2026-13-40", "q=<script>", "source='&q=boat", f"q={'boat+' * 900}",
    ],
)  # fmt: skip
def test_any_text_is_a_search(site: str, query: str) -> None:
    answer = httpx.get(f"{site}/-/search?{query if '=' in query else 'q=' + query}")
    assert answer.status_code == 200
    content = answer.text.partition('<section class="content">')[2].partition("</section>")[0]
    assert "<h1>Search</h1>" in content
    assert "<script>" not in content


def test_a_link_that_leads_nowhere_is_shown_all_the_same(site: str) -> None:
    broken = "http://[broken/" + "very-" * 20 + "long"
    answer = httpx.get(site, params={"sql": f"select '{broken}' as url"})
    assert answer.status_code == 200
    assert f'title="{broken}"' in answer.text


def test_a_search_goes_on_on_the_next_page(database: Path) -> None:
    from pipelines.browse.search_page import find_hits

    asked = dict.fromkeys(("source", "since", "until", "author", "tag", "language"), "")
    pages = [find_hits(database, {**asked, "q": "boat"}, n, size=4) for n in (1, 2, 3, 4)]
    assert [(len(page.hits), page.has_more) for page in pages] == [
        (4, True),
        (4, True),
        (3, False),
        (0, False),
    ]
    assert len({hit.id for page in pages for hit in page.hits}) == 11
    assert find_hits(Path("nowhere.db"), {**asked, "q": "boat"}).problem


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
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (14,)


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
