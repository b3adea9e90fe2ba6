"""Connections, one small pool per host: the transport under the httpx client.

One pool for everything would look at every idle connection on each request, and 200 hosts have
200 of them; a pool per host keeps a request's cost the same however many hosts a crawl has.
"""

import logging
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator
from http.cookiejar import CookieJar

import httpcore
import httpx

from scraper.fetch.http.guard import GuardedBackend

LOCATION = "winnow.location"
"""Where a response's `extensions` hold its Location header, which its `headers` do not."""

_MOST_POOLS = 512  # open sockets stay well below the usual limit of 1,024 files
_KEEPALIVE_SECONDS = 30.0  # longer than most delays; servers drop idle connections about then


# httpx writes a line for every request; a crawl's log is the crawl's.
logging.getLogger("httpx").setLevel(logging.WARNING)


def open_client(backend: GuardedBackend, *, per_host: int) -> httpx.AsyncClient:
    """An httpx client over connections that the backend has checked; it keeps no cookies."""
    return httpx.AsyncClient(
        transport=HostPools(backend, per_host=per_host),
        follow_redirects=False,
        trust_env=False,  # a proxy or netrc would go around the guard
        cookies=_NoCookies(),
    )


class _NoCookies(CookieJar):
    """A jar that keeps nothing and hands out nothing, at no cost per response."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Keep none of the response's cookies."""

    def add_cookie_header(self, request: object) -> None:
        """Send none with the request."""


class HostPools(httpx.AsyncBaseTransport):
    """Sends requests over kept-alive connections that its backend has checked.

    Raises httpcore's exceptions and the backend's own; see `exchange.translate_error`.
    """

    def __init__(self, backend: GuardedBackend, *, per_host: int) -> None:
        self._backend = backend
        self._per_host = per_host
        self._pools: OrderedDict[tuple[bytes, bytes, int | None], httpcore.AsyncConnectionPool]
        self._pools = OrderedDict()
        self._ssl_context: ssl.SSLContext | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body is still to be read from the response's stream."""
        url = request.url
        key = (url.raw_scheme, url.raw_host, url.port)
        pool = self._pools.get(key)
        if pool is None:
            await self._close_surplus()
            pool = self._pools.get(key) or self._open_pool(is_secure=url.scheme == "https")
            self._pools[key] = pool
        else:
            self._pools.move_to_end(key)
        response = await pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        # httpx would build a request for a redirect even when told not to follow it, and fail on
        # a Location it cannot parse; where it leads is the Fetcher's business alone.
        location = next((v for name, v in response.headers if name.lower() == b"location"), None)
        if location is not None:
            response.extensions[LOCATION] = location.decode("utf-8", "replace")
        return httpx.Response(
            status_code=response.status,
            headers=[field for field in response.headers if field[0].lower() != b"location"]
            if location is not None
            else response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    def _open_pool(self, *, is_secure: bool) -> httpcore.AsyncConnectionPool:
        if is_secure and self._ssl_context is None:
            # Loading the certificate store takes tens of milliseconds: once, and only for https.
            self._ssl_context = httpx.create_ssl_context()
        return httpcore.AsyncConnectionPool(
            ssl_context=self._ssl_context if is_secure else None,
            max_connections=self._per_host,
            max_keepalive_connections=self._per_host,
            keepalive_expiry=_KEEPALIVE_SECONDS,
            http1=True,
            http2=True,
            network_backend=self._backend,
        )

    async def _close_surplus(self) -> None:
        """Close the pools that were idle longest, so that a crawl of many hosts keeps few open."""
        if len(self._pools) < _MOST_POOLS:
            return
        idle = [
            key
            for key, pool in self._pools.items()
            if all(connection.is_idle() for connection in pool.connections)
        ]
        for key in idle[: _MOST_POOLS // 4]:
            await self._pools.pop(key).aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        while self._pools:
            _, pool = self._pools.popitem()
            await pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of an httpcore response as httpx knows bodies."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._response.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._response.aclose()
