"""The host of a URL, and the site it is of."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.urls.web_urls import (
    host_of,
    hostname_of,
    is_same_or_subdomain,
    is_same_site,
    site_of,
    written_hostname_of,
)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("HTTPS://Example.ORG:8443/x", "example.org:8443"),
        ("http://example.org:80/", "example.org"),
        ("https://example.org:80/", "example.org:80"),
        ("https://user:word@example.org/", "example.org"),
        ("https://example.org./a", "example.org"),
        ("https://example.org.:8443/a", "example.org:8443"),
        ("https://münchen.example/", "xn--mnchen-3ya.example"),
        ("https://xn--mnchen-3ya.example/", "xn--mnchen-3ya.example"),
        ("http://127.0.0.1:8001/a", "127.0.0.1:8001"),
        ("http://0x7f.1/a", "127.0.0.1"),
        ("http://[::1]:80/", "[::1]"),
        ("http://[0:0::1]:8080/", "[::1]:8080"),
        ("http://example.org../", "example.org.."),
        ("http://./", "."),
        ("http://[broken", ""),
        ("http://a:99999/", ""),
        ("mailto:desk@example.org", ""),
        ("/news/1", ""),
        ("", ""),
    ],
)
def test_host(url: str, host: str) -> None:
    assert host_of(url) == host


def test_hostname_is_the_host_without_its_port() -> None:
    hosts = ("example.org:8443", "127.0.0.1:81", "[::1]:81", "example.org")
    names = [hostname_of(f"https://{host}/") for host in hosts]
    assert names == ["example.org", "127.0.0.1", "[::1]", "example.org"]
    assert written_hostname_of("https://MÜNCHEN.example:81/") == "münchen.example"
    assert (hostname_of("no url"), written_hostname_of("no url")) == ("", "")


# From the checks that come with the public suffix list, for the rules still on it.
@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("example.com", "example.com"),
        ("WwW.Example.COM", "example.com"),
        ("a.b.example.com", "example.com"),
        ("example", "example"),
        ("b.example.example", "example.example"),
        ("a.b.example.example", "example.example"),
        ("biz", "biz"),
        ("b.domain.biz", "domain.biz"),
        ("b.example.uk.com", "example.uk.com"),
        ("test.ac", "test.ac"),
        ("c.mm", "c.mm"),
        ("b.c.mm", "b.c.mm"),
        ("a.b.c.mm", "b.c.mm"),
        ("www.test.jp", "test.jp"),
        ("www.test.ac.jp", "test.ac.jp"),
        ("a.b.ide.kyoto.jp", "b.ide.kyoto.jp"),
        ("a.b.c.kobe.jp", "b.c.kobe.jp"),
        ("www.city.kobe.jp", "city.kobe.jp"),
        ("www.test.ck", "www.test.ck"),
        ("a.b.test.ck", "b.test.ck"),
        ("www.www.ck", "www.ck"),
        ("a.www.ck", "www.ck"),
        ("www.test.k12.ak.us", "test.k12.ak.us"),
        ("www.食狮.com.cn", "xn--85x722f.com.cn"),
        ("www.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("shishi.公司.cn", "shishi.xn--55qx5d.cn"),
        ("www.食狮.中国", "xn--85x722f.xn--fiqs8s"),
    ],
)
def test_registrable_domains(host: str, site: str) -> None:
    assert site_of(f"https://{host}/a") == site


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://www.example.org/a", "http://example.org:8080/b"),
        ("https://news.example.co.uk/", "https://www.example.co.uk/"),
        ("https://news.example.org/", "https://sport.example.org/"),
        ("https://www.sz.example.de/", "https://amp.sz.example.de/"),
        ("https://www.sz.de/", "https://m.sz.de/"),  # two letters and two letters: no `co.uk`
        ("https://someone.github.io/a", "https://www.someone.github.io/b"),
        ("https://EXAMPLE.org./", "https://example.org/"),
        ("https://münchen.de/", "https://www.xn--mnchen-3ya.de/"),
        ("http://127.0.0.1:81/a", "http://127.0.0.1:81/b"),
        ("http://printer.internal/", "http://www.printer.internal:81/"),
    ],
)
def test_one_site(first: str, second: str) -> None:
    assert is_same_site(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://foo.github.io/a", "https://bar.github.io/a"),
        ("https://github.io/a", "https://foo.github.io/a"),
        ("https://m.github.io/a", "https://github.io/a"),
        ("https://foo.blogspot.com/a", "https://bar.blogspot.com/a"),
        ("https://foo.substack.com/a", "https://bar.substack.com/a"),
        ("https://foo.wordpress.com/a", "https://wordpress.com/a"),
        ("https://a.co.uk/", "https://b.co.uk/"),
        ("https://a.gouv.fr/", "https://b.gouv.fr/"),
        ("https://co.uk/", "https://a.co.uk/"),
        ("https://example.org/", "https://badexample.org/"),
        ("https://example.org/", "https://example.com/"),
        ("http://127.0.0.1:81/", "http://127.0.0.1:82/"),
        ("http://10.0.0.1/", "http://11.0.0.1/"),
        ("http://[::1]:81/", "http://[::1]:82/"),
        ("http://localhost:81/", "http://localhost:82/"),
        ("mailto:x", "mailto:x"),
        ("", ""),
    ],
)
def test_different_sites(first: str, second: str) -> None:
    assert not is_same_site(first, second)
    assert not is_same_or_subdomain(first, second)


@pytest.mark.parametrize(
    ("first", "second", "is_so"),
    [
        ("https://www.example.org/", "http://example.org/a", True),
        ("https://news.example.org/", "https://example.org/a", True),
        ("https://www.example.org/", "https://news.example.org/a", True),
        ("https://news.example.org/", "https://sport.example.org/", False),
        ("https://example.org/", "https://example.org:8080/", False),
        ("https://www.gov.uk/", "https://gov.uk/", True),
        ("https://gov.uk/", "https://council.gov.uk/", False),
        ("http://127.0.0.1:81/", "http://127.0.0.1:81/a", True),
    ],
)
def test_subdomains(first: str, second: str, is_so: bool) -> None:
    assert is_same_or_subdomain(first, second) is is_so
    assert is_same_or_subdomain(second, first) is is_so


LABELS = st.sampled_from(
    "www m news example foo github co uk io ck jp kobe city xn--55qx5d".split()
)
HOSTS = st.one_of(
    st.lists(LABELS, min_size=1, max_size=5).map(".".join),
    st.text(alphabet="aB1-_.éß。:[]", min_size=1, max_size=12),
    st.sampled_from(["127.0.0.1", "127.1", "[::1]", "localhost", "公司.cn", "a.公司.cn", "..."]),
)
URLS = st.builds(
    "{}://{}{}{}/{}".format,
    st.sampled_from(["http", "https"]),
    HOSTS,
    st.sampled_from(["", "."]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.text(max_size=5),
)


@given(URLS)
def test_a_site_is_told_by_the_host_alone_and_is_its_own(url: str) -> None:
    host, site, scheme = host_of(url), site_of(url), url.partition(":")[0]
    assert bool(host) == bool(site)
    if site:
        assert host == site or f".{hostname_of(url)}".endswith(f".{site}")
        assert site_of(f"{scheme}://{host.upper()}/other?q#f") == site
        assert site_of(f"{scheme}://{site}") == site


@given(st.lists(URLS, min_size=3, max_size=3))
def test_being_of_one_site_is_an_equivalence(urls: list[str]) -> None:
    first, second, third = urls
    assert is_same_site(first, first) == bool(host_of(first))
    assert is_same_site(first, second) == is_same_site(second, first)
    if is_same_site(first, second) and is_same_site(second, third):
        assert is_same_site(first, third)
    if host_of(first) == host_of(second):
        assert site_of(first) == site_of(second)


@given(URLS, URLS)
def test_but_for_www_what_a_crawl_may_follow_is_of_the_site(first: str, second: str) -> None:
    if is_same_or_subdomain(first, second):
        sites = {site_of(url).removeprefix("www.") for url in (first, second)}
        assert len(sites) == 1


_WATCHED = """
import sys
import scraper.urls.web_urls
seen = []
sys.addaudithook(lambda event, args: seen.append((event, str(args[0]))) if event in names else None)
names = {"open", "socket.connect", "socket.getaddrinfo", "urllib.Request"}
scraper.urls.web_urls.site_of("https://news.example.co.uk/")
first, seen[:] = list(seen), []
for host in ("foo.github.io", "a.b.xn--55qx5d.cn", "printer.internal", "127.0.0.1"):
    scraper.urls.web_urls.site_of(f"https://{host}/")
assert not seen, seen
lists = {name for event, name in first if not name.endswith((".py", ".pyc"))}
assert len(lists) == 1 and "tld" in lists.pop(), first
assert {event for event, _ in first} == {"open"}, first
print("done")
"""


def test_the_list_is_read_once_and_from_its_package() -> None:
    command = [sys.executable, "-c", _WATCHED]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("done\n", "")
