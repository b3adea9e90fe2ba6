"""The date an address carries, and the numbers that are none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.urls.dated_urls import dated_by_address


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2024/11/20/bridge-opens", date(2024, 11, 20)),
        ("/politik/2024/1/5/bruecke", date(2024, 1, 5)),
        ("/2024-11-20/bridge", date(2024, 11, 20)),
        ("/2024-11/20/c_1130.htm", date(2024, 11, 20)),
        ("/202411/t20241120_4821.html", date(2024, 11, 20)),
        ("/n1/2024/1120/c1001-4821.html", date(2024, 11, 20)),
        ("/articles/20241120/k00-00m", date(2024, 11, 20)),
        ("/world/2024/nov/20/bridge-opens", date(2024, 11, 20)),
        ("/bridge-opens-2024-11-20.html", date(2024, 11, 20)),
        ("/20-11-2024/bridge", date(2024, 11, 20)),
        ("/2024/02/bridge-opens", date(2024, 2, 29)),
        ("/2024/bridge-opens/", date(2024, 12, 31)),
        ("/news?date=2024-11-20", date(2024, 11, 20)),
    ],
)
def test_a_date_in_an_address_is_read_to_its_last_day(path: str, day: date) -> None:
    found = dated_by_address(f"https://example.org{path}")
    assert found is not None
    assert found.date() == day


@pytest.mark.parametrize(
    "path",
    [
        "/news/48213007",
        "/news/20241120481",
        "/article-2024112.html",
        "/world-cup-2026-final",
        "/agenda-2030",
        "/2199/01/01/the-far-future",
        "/1024/11/20/a-castle",
        "/2024x11x20",
        "/",
    ],
)
def test_other_numbers_are_no_dates(path: str) -> None:
    assert dated_by_address(f"https://example.org{path}") is None


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/sitemap-2023.xml", date(2023, 12, 31)),
        ("/sitemaps/2023-02.xml.gz", date(2023, 2, 28)),
        ("/sitemap-posts.202302.xml", date(2023, 2, 28)),
        ("/sitemap.xml?yyyy=2023&mm=02&dd=05", date(2023, 2, 5)),
    ],
)
def test_lists_are_dated_by_year_and_month(path: str, day: date) -> None:
    found = dated_by_address(f"https://example.org{path}", is_list=True)
    assert found is not None
    assert found.date() == day


@given(st.text(alphabet="/0123456789-_.tjanfeb?=&y", max_size=60))
def test_no_address_makes_it_fail(path: str) -> None:
    dated_by_address(f"https://example.org/{path}", is_list=True)
