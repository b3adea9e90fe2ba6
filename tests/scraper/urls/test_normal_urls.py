"""One address for one page."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.urls.normal_urls import canonical_variant, is_trap, is_variant, normalize_url

BASE = "https://www.example.org/news/today/"


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTPS://Example.ORG:443/A/b", "https://example.org/A/b"),
        ("http://example.org:80", "http://example.org/"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("storm.html", "https://www.example.org/news/today/storm.html"),
        ("../a/./b", "https://www.example.org/news/a/b"),
        ("//cdn.example.org/x", "https://cdn.example.org/x"),
        ("?page=2", "https://www.example.org/news/today/?page=2"),
        ("#top", "https://www.example.org/news/today/"),
        ("  /a\n/b ", "https://www.example.org/a/b"),
        ("https:\\\\example.org\\a", "https://example.org/a"),
        ("https://münchen.example/Straße", "https://xn--mnchen-3ya.example/Stra%C3%9Fe"),
        ("https://u:p@example.org/", "https://example.org/"),
        ("https://example.org/?", "https://example.org/"),
        ("/a?ID=7&utm_source=x&Page=2", "https://www.example.org/a?ID=7&Page=2"),
        ("/a?utm_source=x&utm_medium=y", "https://www.example.org/a"),
        ("/a?fbclid=x&gclid=y&id=1", "https://www.example.org/a?id=1"),
        ("/a?id=1&id=2&empty=&flag", "https://www.example.org/a?id=1&id=2&empty=&flag"),
        ("/a?q=a+b%20c&x=%C3%A9", "https://www.example.org/a?q=a+b%20c&x=%C3%A9"),
        ("/a;jsessionid=8F3A?x=1", "https://www.example.org/a?x=1"),
        ("/a?PHPSESSID=6f1ed002ab5595859014ebf0951522d9", "https://www.example.org/a"),
        ("/a?sid=politics", "https://www.example.org/a?sid=politics"),
        ("/a?ref=42&source=wire", "https://www.example.org/a?ref=42&source=wire"),
        ("mailto:desk@example.org", None),
        ("javascript:void(0)", None),
        ("data:text/html,x", None),
        ("ftp://example.org/", None),
        ("http://", None),
        ("http://[::1", None),
        ("/" + "a" * 5000, None),
    ],
)
def test_normalize(url: str, normal: str | None) -> None:
    assert normalize_url(url, BASE) == normal


def test_relative_url_without_a_base_is_none() -> None:
    assert normalize_url("/a") is None


@given(st.text(max_size=60), st.sampled_from([None, BASE, "nonsense"]))
def test_normalize_never_crashes_and_is_idempotent(text: str, base: str | None) -> None:
    once = normalize_url(text, base)
    if once is not None:
        assert normalize_url(once) == once


URLS = st.builds(
    "{}://{}/{}?{}#{}".format,
    st.sampled_from(["http", "HTTPS", "ftp"]),
    st.sampled_from(["example.org", "EXAMPLE.org:80", "u@m.example.org:8080", "[::1]", "1"]),
    st.text(alphabet="aB1;/.-%~ é=jsesionid", max_size=30),
    st.text(alphabet="aB1&=?;utm_sidref%é ", max_size=30),
    st.text(max_size=5),
)


@given(URLS)
@example("http://example.org/;sid=;sid=a?utm_x&&utm_y")
@example("http://example.org/a;jsessionid=;jsessionid=b/..")
@example("http://example.org/?&")
def test_normalize_is_idempotent_on_urls(url: str) -> None:
    once = normalize_url(url)
    if once is not None:
        assert normalize_url(once) == once
        assert "#" not in once


@given(URLS)
def test_variants_and_traps_never_crash(url: str) -> None:
    variant = canonical_variant(url)
    assert variant is None or variant.startswith("https://")
    assert is_trap(url) in (True, False)


@pytest.mark.parametrize(
    "variant",
    [
        "https://example.org/news/storm-hits-coast",
        "http://www.example.org/news/storm-hits-coast",
        "https://m.example.org/news/storm-hits-coast",
        "https://amp.example.org/news/storm-hits-coast",
        "https://www.example.org/amp/news/storm-hits-coast",
        "https://www.example.org/news/storm-hits-coast/amp",
        "https://www.example.org/news/storm-hits-coast/amp/",
        "https://www.example.org/news/storm-hits-coast/print",
        "https://www.example.org/news/storm-hits-coast.amp",
        "https://www.example.org/news/storm-hits-coast?amp",
        "https://www.example.org/news/storm-hits-coast?amp=1&utm_source=x",
        "https://www.example.org/news/storm-hits-coast?outputType=amp",
        "https://www.example.org/news/storm-hits-coast?print=true",
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/news/storm-hits-coast",
        "https://www.google.com/amp/s/www.example.org/news/storm-hits-coast",
    ],
)
def test_variants_meet(variant: str) -> None:
    assert canonical_variant(variant) == "https://example.org/news/storm-hits-coast"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://example.org/amplifier", "https://example.org/lifier"),
        ("https://example.org/a?m=3", "https://example.org/a"),
        ("https://example.org/a?print=edition", "https://example.org/a"),
        ("https://example.org/Storm", "https://example.org/storm"),
        ("https://m.org/a", "https://org/a"),
        ("https://example.org/a?id=1", "https://example.org/a?id=2"),
        ("https://example.org/a", "https://example.com/a"),
        ("https://news.example.org/a", "https://example.org/a"),
        ("https://m.github.io/a", "https://amp.github.io/a"),
        ("https://mobile.blogspot.com/a", "https://blogspot.com/a"),
        ("https://www.co.uk/a", "https://co.uk/a"),
    ],
)
def test_different_pages_do_not_meet(first: str, second: str) -> None:
    assert canonical_variant(first) != canonical_variant(second)


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://amp.example.org/a", True),
        ("https://m.someone.github.io/a", True),
        ("https://example.org/a?print=1", True),
        ("http://www.example.org/a", False),
        ("https://www.gov.uk/a", False),
        ("https://m.github.io/a", False),
        ("mailto:desk@example.org", False),
    ],
)
def test_is_variant(url: str, is_one: bool) -> None:
    assert is_variant(url) is is_one


@pytest.mark.parametrize(
    "path",
    [
        "/a/b/a/b/a/b/",
        "/news/news/news/page",
        "/" + "/".join("abcdefghijklmnopqrst"),
        "/events/2026-05/",
        "/calendar/2026/05/12",
        "/kalender/?month=5",
        "/list?month=5&year=2031",
        "/2031/05/",
        "/search?" + "&".join(f"f{n}=1" for n in range(12)),
    ],
)
def test_traps(path: str) -> None:
    assert is_trap("https://example.org" + path, today=date(2026, 3, 2))


@pytest.mark.parametrize(
    "path",
    [
        "/2026/03/02/storm-hits-coast",
        "/2026/12/storm",
        "/news/2026/03/02/a/b/c/storm",
        "/events/summer-fair-opens",
        "/politics/calendar-reform-passes-2026",
        "/article?id=5&date=2026-03-02",
        "/new-york/new-york-city/storm",
        "/archive/1912/04/16/titanic",
    ],
)
def test_no_traps(path: str) -> None:
    assert not is_trap("https://example.org" + path, today=date(2026, 3, 2))


@pytest.mark.parametrize("path", ["/caf%c3%a9", "/caf%C3%A9", "/café", "/caf%C3%a9"])
def test_escapes_in_any_spelling_are_one_address(path: str) -> None:
    assert normalize_url(f"https://example.org{path}?q=%c3%a9") == (
        "https://example.org/caf%C3%A9?q=%C3%A9"
    )
