"""From one address to the page that answers for it: redirects by status, by header and by page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scraper.errors import RedirectError, RefusedAddressError
from scraper.fetch.http.chain_cookies import ChainCookies
from scraper.fetch.http.exchange import REDIRECT_STATUSES, Reply
from scraper.fetch.page_redirects import find_page_redirect
from scraper.request_settings import PLAIN, RequestSettings
from scraper.urls.web_urls import host_of, parse_web_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One hop of a fetch: what is asked, and on whose terms."""

    url: str
    headers: Mapping[str, str]
    allow_private: bool = False
    delay_seconds: float | None = None
    max_bytes: int | None = None
    settings: RequestSettings = PLAIN
    is_robots: bool = False


class RedirectChain:
    """The hops of one fetch, with the cookies that were set on the way.

    Args:
        most: Hops to follow at most.
        cookies: What is known already and added to; None for none.
    """

    def __init__(self, most: int, cookies: ChainCookies | None = None) -> None:
        self._most = most
        self._visited: dict[str, str] = {}  # with the Cookie header that was sent
        self._cookies = cookies or ChainCookies()

    @property
    def asked(self) -> tuple[str, ...]:
        """The addresses that led on, the first one first."""
        return tuple(self._visited)

    def follow(self, ask: Ask, reply: Reply) -> Ask | None:
        """The next hop; None when this answer is the page.

        Raises:
            RedirectError: The redirects go round, are too many, or lead nowhere a page can be.
        """
        self._cookies.note(host_of(ask.url), reply.set_cookies)
        location = _location_of(reply, ask)
        if location is None:
            return None
        first = next(iter(self._visited), ask.url)
        target = parse_web_url(location, ask.url)
        if target is None or not location:
            raise RedirectError(f"{ask.url} redirects to no web page", url=first)
        following = askable(target.href)
        own = ask.settings.cookies_for(following)
        cookie = self._cookies.header(host_of(following), own)
        sent = {**self._visited, ask.url: ask.headers.get("cookie", "")}
        if sent.get(following) == cookie:
            if reply.body:  # a page that reloads itself, or would after what only browsers do
                return None
            raise RedirectError(f"redirects go round at {following}", url=first)
        if len(sent) > self._most:
            raise RedirectError(f"more than {self._most} redirects", url=first)
        self._visited = sent
        return replace(ask, url=following, headers=_headers_of(ask, cookie))


def askable(url: str) -> str:
    """The URL as it is sent: no fragment, no credentials.

    Raises:
        RedirectError: It is not an http(s) URL.
        RefusedAddressError: Its port is 0, which lower layers would take for none.
    """
    parsed = parse_web_url(url)
    if parsed is None:
        raise RedirectError("not a web page's URL: http and https only", url=url)
    if parsed.port == "0":
        raise RefusedAddressError("port 0 is not one for web pages", url=url)
    parsed.username = parsed.password = ""
    del parsed.hash
    return str(parsed.href)


def _headers_of(ask: Ask, cookie: str) -> dict[str, str]:
    """Headers for the next hop: conditions belong to the copy of one URL; to another they lie."""
    kept = {
        name: value
        for name, value in ask.headers.items()
        if not name.startswith("if-") and name != "cookie"
    }
    return {**kept, "cookie": cookie} if cookie else kept


def _location_of(reply: Reply, ask: Ask) -> str | None:
    """Where an answer leads, by its status or by what its page does; None when it stays.

    A redirect to nowhere with a page of its own shows that page, as browsers take it.
    """
    location = reply.headers.get("location")
    if reply.status in REDIRECT_STATUSES:
        return None if location is None and reply.body else location or ""
    if ask.is_robots or not 200 <= reply.status < 300:
        return None
    return find_page_redirect(
        reply.body, reply.headers.get("content-type", ""), reply.headers.get("refresh", "")
    )
