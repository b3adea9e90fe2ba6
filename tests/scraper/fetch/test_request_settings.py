"""What a source says of its requests reaches its own hosts, and nobody else's."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from scraper.errors import ConnectFailedError, ProxyError, RefusedAddressError
from scraper.fetch import Fetcher
from scraper.request_settings import ProxyServer, RequestSettings, basic_authorization
from tests.scraper.fetch.misbehaving_server import (
    PAGE,
    Exchange,
    MisbehavingServer,
    respond,
)
from tests.scraper.fetch.proxy_server import ProxyUnderTest
from tests.scraper.fetch.visit import QUICK, visit

T = TypeVar("T")
SECRETS = ("k-7f3a", "c-91be", "hunter2")


def _own(url: str) -> RequestSettings:
    return RequestSettings(
        homes=(url,),
        user_agent="Reader/3",
        accept_language="de, en;q=0.5",
        headers=(("X-Key", SECRETS[0]),),
        cookies=(("session", SECRETS[1]),),
        authorization=basic_authorization(f"me:{SECRETS[2]}"),
    )


def test_headers_cookies_and_login_are_sent_to_a_home_with_robots_txt_too() -> None:
    server = MisbehavingServer()

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        url = running.url("/ok")
        await fetcher.fetch_page(url, allow_private=True, settings=_own(running.url("/")))

    visit(scenario, server=server)
    for request in server.requests:
        assert request.headers["x-key"] == SECRETS[0]
        assert request.headers["authorization"] == basic_authorization(f"me:{SECRETS[2]}").lower()
        assert request.headers["user-agent"] == "reader/3"
        assert request.headers["accept-language"] == "de, en;q=0.5"
    assert server.asked("/ok")[0].headers["cookie"] == f"session={SECRETS[1]}"
    assert {request.path for request in server.requests} == {"/robots.txt", "/ok"}


def test_another_host_that_a_redirect_leads_to_sees_none_of_it() -> None:
    other = MisbehavingServer(address="127.0.0.2")

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        async with other:
            location = {"location": other.url("/ok")}
            running.pages["/away"] = respond("302 Found", b"", **location)
            await fetcher.fetch_page(
                running.url("/away"), allow_private=True, settings=_own(running.url("/"))
            )

    visit(scenario, server=MisbehavingServer())
    assert [request.path for request in other.requests] == ["/robots.txt", "/ok"]
    for request in other.requests:
        sent = " ".join(f"{name}: {value}" for name, value in request.headers.items())
        assert not [secret for secret in SECRETS if secret in sent]
        assert "cookie" not in request.headers
        assert "authorization" not in request.headers


def test_a_page_over_http_sees_nothing_that_was_meant_for_https() -> None:
    own = _own("https://paper.example/")
    assert "authorization" not in own.headers_for("http://paper.example/a")
    assert own.cookies_for("http://paper.example/a") == {}
    assert "authorization" in own.headers_for("https://www.paper.example/a")
    assert own.headers_for("https://paper.example.evil.example/") == {
        "user-agent": "Reader/3",
        "accept-language": "de, en;q=0.5",
    }


def test_what_a_home_sets_beside_the_cookies_is_sent_with_its_next_page_and_only_there() -> None:
    async def handler(exchange: Exchange) -> None:
        await exchange.send(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: visit=%d\r\n"
            b"Content-Length: %d\r\n\r\n" % (len(exchange.server.requests), len(PAGE)) + PAGE
        )

    server = MisbehavingServer(pages={"/a": handler, "/b": handler})

    async def scenario(running: MisbehavingServer, fetcher: Fetcher) -> None:
        own = _own(running.url("/"))
        for path in ("/a", "/b"):
            await fetcher.fetch_page(running.url(path), allow_private=True, settings=own)
        await fetcher.fetch_page(running.url("/ok"), allow_private=True)

    visit(scenario, server=server, obey_robots=False)
    assert server.asked("/b")[0].headers["cookie"] == f"session={SECRETS[1]}; visit=1"
    assert "cookie" not in server.asked("/ok")[0].headers


def _through(
    scenario: Callable[[MisbehavingServer, ProxyUnderTest, Fetcher], Awaitable[T]],
    login: str | None = None,
) -> T:
    async def run() -> T:
        async with (
            MisbehavingServer() as server,
            ProxyUnderTest(login) as proxy,
            Fetcher(QUICK) as fetcher,
        ):
            return await asyncio.wait_for(scenario(server, proxy, fetcher), 15)

    return asyncio.run(run())


@pytest.mark.parametrize("login", [None, "reader:hunter2"])
def test_requests_go_through_the_proxy(login: str | None) -> None:
    async def scenario(
        server: MisbehavingServer, proxy: ProxyUnderTest, fetcher: Fetcher
    ) -> list[str]:
        settings = RequestSettings(proxy=ProxyServer(proxy.url))
        page = await fetcher.fetch_page(server.url("/ok"), allow_private=True, settings=settings)
        assert page.body == PAGE
        assert len(proxy.asked) >= 1
        return [line.partition(" ")[2] for line in proxy.asked]

    asked = _through(scenario, login)
    assert any("/ok HTTP/1.1" in line for line in asked)


def test_what_must_not_be_reached_is_not_asked_of_a_proxy_either() -> None:
    async def scenario(server: MisbehavingServer, proxy: ProxyUnderTest, fetcher: Fetcher) -> None:
        settings = RequestSettings(proxy=ProxyServer(proxy.url))
        with pytest.raises(RefusedAddressError):
            await fetcher.fetch_page(server.url("/ok"), settings=settings)
        with pytest.raises(ConnectFailedError, match="named as trusted"):
            await fetcher.fetch_page("http://paper.invalid/", settings=settings)
        assert proxy.asked == []

    _through(scenario)


def test_a_trusted_proxy_finds_names_itself() -> None:
    async def scenario(server: MisbehavingServer, proxy: ProxyUnderTest, fetcher: Fetcher) -> None:
        proxy.targets["paper.invalid"] = ("127.0.0.1", server.port)
        settings = RequestSettings(proxy=ProxyServer(proxy.url, is_trusted=True))
        page = await fetcher.fetch_page("http://paper.invalid/ok", settings=settings)
        assert page.body == PAGE

    _through(scenario)


@pytest.mark.parametrize("proxy_url", ["http://me:hunter2@127.0.0.1:1811", "wrong password"])
def test_a_proxy_that_does_not_do_it_is_named_without_its_password(proxy_url: str) -> None:
    async def scenario(server: MisbehavingServer, proxy: ProxyUnderTest, fetcher: Fetcher) -> None:
        url = proxy_url
        if url == "wrong password":
            url = proxy.url.replace("reader:hunter2", "reader:hunter2x")
            server_url = "https://paper.invalid/"
        else:
            server_url = server.url("/ok")
        settings = RequestSettings(proxy=ProxyServer(url, is_trusted=True))
        with pytest.raises(ProxyError) as failed:
            await fetcher.fetch_page(server_url, allow_private=True, settings=settings)
        assert "the proxy 127.0.0.1:" in str(failed.value)
        assert "hunter2" not in f"{failed.value} {settings!r}"
        host = server_url.split("/")[2]
        backoff = fetcher.throttle.backoff(host)
        assert backoff is None or backoff.failures_in_a_row == 0

    _through(scenario, "reader:hunter2")
