"""Connections, one small pool per host: the transport under the httpx client.

One pool for everything would look at every idle connection on each request, and 200 hosts have
200 of them; a pool per host keeps a request's cost the same however many hosts a crawl has.
"""

import logging
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator
from http.cookiejar import CookieJar
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from scraper.errors import ConnectFailedError, ProxyError
from scraper.fetch.http.guard import GuardedBackend
from scraper.request_settings import ProxyServer

LOCATION = "winnow.location"
"""Where a response's `extensions` hold its Location header, which its `headers` do not."""

_MOST_POOLS = 512  # open sockets stay well below the usual limit of 1,024 files
_KEEPALIVE_SECONDS = 30.0  # longer than most delays; servers drop idle connections about then


# httpx writes a line for every request; a crawl's log is the crawl's.
logging.getLogger("httpx").setLevel(logging.WARNING)


def open_client(
    backend: GuardedBackend,
    *,
    per_host: int,
    proxy: ProxyServer | None = None,
    ca_file: str | None = None,
) -> httpx.AsyncClient:
    """An httpx client over connections that the backend has checked; it keeps no cookies.

    Args:
        backend: Connects, and says where to one may.
        per_host: Connections to one host at most.
        proxy: What requests go through; None for a direct way.
        ca_file: Certificates, PEM, that are trusted beside the usual ones.
    """
    return httpx.AsyncClient(
        transport=HostPools(backend, per_host=per_host, proxy=proxy, ca_file=ca_file),
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

    def __init__(
        self,
        backend: GuardedBackend,
        *,
        per_host: int,
        proxy: ProxyServer | None = None,
        ca_file: str | None = None,
    ) -> None:
        self._backend = backend
        self._per_host = per_host
        self._proxy = proxy
        self._ca_file = ca_file
        self._pools: OrderedDict[tuple[bytes, bytes, int | None], httpcore.AsyncConnectionPool]
        self._pools = OrderedDict()
        self._ssl_context: ssl.SSLContext | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body is still to be read from the response's stream."""
        url = request.url
        if self._proxy is not None and not self._proxy.is_trusted:
            await self._check_target(url)
        key = (url.raw_scheme, url.raw_host, url.port)
        pool = self._pools.get(key)
        if pool is None:
            await self._close_surplus()
            pool = self._pools.get(key) or self._open_pool(is_secure=url.scheme == "https")
            self._pools[key] = pool
        else:
            self._pools.move_to_end(key)
        response = await self._send(
            pool,
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            ),
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

    async def _check_target(self, url: httpx.URL) -> None:
        """See whether what the proxy is asked for may be reached.

        Raises:
            RefusedAddressError: It must not.
            ConnectFailedError: The name does not resolve here.
        """
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            await self._backend.check(url.host, port)
        except ConnectFailedError as error:
            hint = "; a proxy that resolves names itself can be named as trusted"
            raise ConnectFailedError(f"{error}{hint}", is_transient=error.is_transient) from error

    async def _send(
        self, pool: httpcore.AsyncConnectionPool, request: httpcore.Request
    ) -> httpcore.Response:
        if self._proxy is None:
            return await pool.handle_async_request(request)
        try:
            return await pool.handle_async_request(request)
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.ProxyError) as error:
            # A certificate that is not to be trusted is the site's, seen through the proxy.
            if isinstance(error.__cause__, ssl.SSLError):
                raise
            words = str(error) or "no connection"
            raise ProxyError(f"the proxy {self._proxy.name} does not do it: {words}") from error

    def _open_pool(self, *, is_secure: bool) -> httpcore.AsyncConnectionPool:
        if is_secure and self._ssl_context is None:
            # Loading the certificate store takes tens of milliseconds: once, and only for https.
            self._ssl_context = httpx.create_ssl_context()
            if self._ca_file is not None:
                self._ssl_context.load_verify_locations(cafile=self._ca_file)
        ssl_context = self._ssl_context if is_secure else None
        if self._proxy is not None:
            return httpcore.AsyncHTTPProxy(
                proxy_url=_address_of(self._proxy),
                proxy_auth=_login_of(self._proxy),
                ssl_context=ssl_context,
                max_connections=self._per_host,
                max_keepalive_connections=self._per_host,
                keepalive_expiry=_KEEPALIVE_SECONDS,
                http1=True,
                http2=True,
                # The user has named the proxy, which is often on the same machine.
                network_backend=GuardedBackend(allow_private=True),
            )
        return httpcore.AsyncConnectionPool(
            ssl_context=ssl_context,
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


def _address_of(proxy: ProxyServer) -> str:
    parts = urlsplit(proxy.url)
    return f"{parts.scheme}://{proxy.name}"


def _login_of(proxy: ProxyServer) -> tuple[str, str] | None:
    parts = urlsplit(proxy.url)
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")


class _Body(httpx.AsyncByteStream):
    """The body of an httpcore response as httpx knows bodies."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._response.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._response.aclose()
