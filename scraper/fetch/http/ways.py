"""The ways that requests may go: each has connections of its own."""

from dataclasses import dataclass

import httpx

from scraper.fetch.http.guard import GuardedBackend, Resolver
from scraper.fetch.http.transport import open_client
from scraper.request_settings import ProxyServer


@dataclass(frozen=True, slots=True)
class Way:
    """What connections have in common that may be used for one another's requests.

    Attributes:
        allow_private: Whether loopback and private addresses may be reached.
        proxy: What the requests go through; None for a direct way.
        ca_file: Certificates that are trusted beside the usual ones.
    """

    allow_private: bool
    proxy: ProxyServer | None
    ca_file: str | None


class Ways:
    """A client for each way, opened when it is first gone.

    A connection that was opened where private addresses were allowed, or a certificate trusted, is
    never used for a request where they are not.

    Args:
        resolve: Names to addresses.
        per_host: Connections to one host at most.
    """

    def __init__(self, resolve: Resolver, *, per_host: int) -> None:
        self._resolve = resolve
        self._per_host = per_host
        self._clients: dict[Way, httpx.AsyncClient] = {}

    def client(self, way: Way) -> httpx.AsyncClient:
        """The client for a way."""
        if way not in self._clients:
            self._clients[way] = open_client(
                GuardedBackend(allow_private=way.allow_private, resolve=self._resolve),
                per_host=self._per_host,
                proxy=way.proxy,
                ca_file=way.ca_file,
            )
        return self._clients[way]

    async def aclose(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()
