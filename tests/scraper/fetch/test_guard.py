"""No fetch reaches inside: not by name, number, redirect, rebinding or an open connection."""

import asyncio

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import RedirectError, RefusedAddressError
from scraper.fetch import Fetcher
from scraper.fetch.http.guard import GuardedBackend, Resolver, find_refusal
from tests.scraper.fetch.misbehaving_server import PAGE, MisbehavingServer, redirect
from tests.scraper.fetch.visit import visit

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::808:808"]
INSIDE = ["127.0.0.1", "127.8.9.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
          "100.64.0.1", "::1", "fc00::1", "fd12:3456::1", "::ffff:10.0.0.1"]  # fmt: skip
NEVER = ["0.0.0.0", "169.254.169.254", "169.254.0.1",  # noqa: S104  # refused, not bound to
         "168.63.129.16", "100.100.100.200",
         "192.0.0.192", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
         "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1", "::",
         "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "fd00:ec2::254", "2001:db8::1",
         "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:a9fe:a9fe::1",
         "::169.254.169.254", "not an address", ""]  # fmt: skip


def always(*addresses: str) -> Resolver:
    """A resolver that knows one answer."""

    async def resolve(_: str, __: int) -> list[str]:
        return list(addresses)

    return resolve


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_allowed(address: str) -> None:
    assert find_refusal(address) is None
    assert find_refusal(address, allow_private=True) is None


@pytest.mark.parametrize("address", INSIDE)
def test_private_address_is_allowed_only_where_said(address: str) -> None:
    assert find_refusal(address) is not None
    assert find_refusal(address, allow_private=True) is None


@pytest.mark.parametrize("address", NEVER)
def test_metadata_and_reserved_addresses_are_never_allowed(address: str) -> None:
    assert find_refusal(address) is not None
    assert find_refusal(address, allow_private=True) is not None


@given(st.ip_addresses(v=4))
def test_wrapping_in_ipv6_changes_nothing(address: object) -> None:
    refusal = find_refusal(str(address))
    assert (find_refusal(f"::ffff:{address}") is None) == (refusal is None)
    number = int(address)  # type: ignore[call-overload]  # an IPv4Address
    nat64 = f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}"
    assert (find_refusal(nat64) is None) == (refusal is None)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]",
     "[::ffff:127.0.0.1]", "0.0.0.0", "0",  # noqa: S104  # refused, not bound to
     "127。0。0。1", "①②⑦.0.0.1"],
)  # fmt: skip
def test_no_spelling_of_loopback_gets_through(host: str) -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        with pytest.raises(RefusedAddressError):
            await fetcher.fetch_page(f"http://{host}:{running.port}/ok")
        assert running.connections == 0

    visit(scenario)


@pytest.mark.parametrize("port", [0, 22, 25, 6667])
def test_ports_of_other_protocols_are_refused(port: int) -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        with pytest.raises(RefusedAddressError):
            await fetcher.fetch_page(f"http://{running.address}:{port}/", allow_private=True)

    visit(scenario)


@pytest.mark.parametrize("url", ["ftp://example.org/", "file:///etc/passwd", "//example.org/",
                                 "javascript:alert(1)", "", "http://", "gopher://x/"])  # fmt: skip
def test_only_http_is_fetched(url: str) -> None:
    async def scenario(_: MisbehavingServer, fetcher: Fetcher) -> None:
        with pytest.raises(RedirectError):
            await fetcher.fetch_page(url)

    visit(scenario)


def test_name_with_one_address_inside_is_refused() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        with pytest.raises(RefusedAddressError, match=r"leads to 127\.0\.0\.1"):
            await fetcher.fetch_page(running.url("/ok", "mixed.example"))
        assert running.connections == 0

    visit(scenario, resolve=always("93.184.216.34", "127.0.0.1"))


def test_the_checked_address_is_the_one_dialled() -> None:
    """A name that changes between check and connect is asked for only once."""
    asked = []

    async def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.77"]

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> bytes:
        page = await fetcher.fetch_page(running.url("/ok", "rebind.example"), allow_private=True)
        return page.body

    assert visit(scenario, resolve=resolve, obey_robots=False) == PAGE
    assert asked == ["rebind.example"]


def test_rebinding_name_is_checked_at_each_connection() -> None:
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])

    async def resolve(_: str, __: int) -> list[str]:
        return next(answers)

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        with pytest.raises(RefusedAddressError):
            await fetcher.fetch_page(running.url("/hang-up", "rebind.example"), allow_private=True)
        assert len(running.asked("/hang-up")) == 1

    visit(scenario, resolve=resolve, obey_robots=False, retries=1)


def test_open_connection_is_not_shared_with_a_guarded_request() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        url = running.url("/ok", "inside.example")
        assert (await fetcher.fetch_page(url, allow_private=True)).body == PAGE
        with pytest.raises(RefusedAddressError):
            await fetcher.fetch_page(url)
        assert len(running.asked("/ok")) == 1

    visit(scenario, resolve=always("127.0.0.1"))


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
def test_every_connection_goes_through_the_guard(address: str) -> None:
    backend = GuardedBackend(allow_private=False, resolve=always(address))

    async def connect() -> None:
        pool = httpcore.AsyncConnectionPool(network_backend=backend)
        await pool.request("GET", "http://hop.example/")

    with pytest.raises(RefusedAddressError):
        asyncio.run(connect())


def test_nothing_of_one_site_goes_to_another() -> None:
    """No cookies, no credentials, no referrer, no conditions across origins."""

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        async with MisbehavingServer(address="127.0.0.2") as other:
            running.pages["/away"] = redirect(f"http://u:p@127.0.0.2:{other.port}/ok")
            url = f"http://user:secret@127.0.0.1:{running.port}/away"
            page = await fetcher.fetch_page(url, etag='"v1"', allow_private=True)
            assert page.url == other.url("/ok")
            assert page.redirects == (running.url("/away"),)
            assert page.requested_url == running.url("/away")
            (sent,) = other.asked("/ok")
            private = {"cookie", "authorization", "referer", "if-none-match"}
            assert not private & set(sent.headers)
            assert "authorization" not in running.asked("/away")[0].headers

    visit(scenario)


def test_cookies_are_not_kept() -> None:
    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        from tests.scraper.fetch.misbehaving_server import respond

        running.pages["/set"] = respond("200 OK", PAGE, set_cookie="id=1; Path=/")
        for path in ("/set", "/ok"):
            await fetcher.fetch_page(running.url(path), allow_private=True)
        assert "cookie" not in running.asked("/ok")[0].headers

    visit(scenario)
