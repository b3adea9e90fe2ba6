"""Where a fetch may connect: addresses are checked after DNS, and the checked one is dialled.

The check sits in the network backend, below redirects, retries and connection pools. A name is
resolved once, every address it has is checked, and the connection goes to one of exactly those
addresses: an answer that changes between check and connect (DNS rebinding) has nowhere to act.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable

import httpcore
from httpcore import AsyncNetworkBackend, AsyncNetworkStream

from scraper.errors import ConnectFailedError, RefusedAddressError
from scraper.fetch.http.connection import open_connection

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""A host and a port in, the addresses it resolves to out; raises OSError when there are none."""


def _networks(*texts: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


# Where clouds hand out credentials; refused even to a source that may go inside. What is
# link-local (169.254.169.254, most of them) is refused as such.
_METADATA = _networks("168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32", "fd00:ec2::/32")
# What `allow_private` opens.
_INSIDE = _networks(
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
    "::1/128", "fc00::/7",
)  # fmt: skip
# Ranges that are no place for a public page although ipaddress calls some of them global.
_REFUSED = _networks(
    "192.0.0.0/24",  # protocol assignments, RFC 6890
    "192.88.99.0/24",  # 6to4 relays, deprecated by RFC 7526
    "fec0::/10",  # site-local, deprecated by RFC 3879
    "100::/64",  # discard-only, RFC 6666
    "5f00::/16",  # segment routing, RFC 9602
    "64:ff9b:1::/48",  # NAT64 of the local network, RFC 8215
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")  # deprecated by RFC 4291

# "Bad ports" of the Fetch standard (section 2.9): protocols that a crafted URL could speak to.
_BAD_PORTS = frozenset(
    (0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
     102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
     465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
     993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
     6668, 6669, 6679, 6697, 10080)
)  # fmt: skip

_MOST_ADDRESSES_TRIED = 4
_CHECK_SECONDS = 10.0
_FIRST_TRIES_SECONDS = 3.0  # an address that is silent (often IPv6) leaves time for the next


def find_refusal(address: str, *, allow_private: bool = False) -> str | None:
    """Why a crawl must not connect to an IP address; None when it may.

    Args:
        address: In text, IPv4 or IPv6.
        allow_private: Whether loopback and private addresses are meant to be reached. Link-local
            and metadata addresses, multicast and what is reserved stay refused.

    Example:
        >>> find_refusal("169.254.169.254"), find_refusal("93.184.216.34")
        ('link-local', None)
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "not an IP address"
    inner = _embedded_ipv4(parsed)
    if inner is not None:
        reason = find_refusal(str(inner), allow_private=allow_private)
        return f"{reason} ({inner} inside IPv6)" if reason else None
    kinds = (
        ("a metadata service", _is_in(parsed, _METADATA)),
        ("unspecified", parsed.is_unspecified),
        ("loopback", parsed.is_loopback and not allow_private),
        ("link-local", parsed.is_link_local),
        ("multicast", parsed.is_multicast),
        ("private", _is_in(parsed, _INSIDE) and not allow_private),
        ("reserved", not parsed.is_global and not _is_in(parsed, _INSIDE)),
        ("reserved", _is_in(parsed, _REFUSED)),
    )
    return next((kind for kind, holds in kinds if holds), None)


def _is_in(
    address: _Address, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]
) -> bool:
    return any(address in network for network in networks)


def _embedded_ipv4(address: _Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that packets to an IPv6 address end up at, where there is one."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    is_compatible = address in _IPV4_COMPATIBLE and int(address) > 0xFFFF
    if address in _NAT64 or is_compatible:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


async def resolve_host(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system's resolver orders them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(AsyncNetworkBackend):
    """Connections for httpcore that only ever lead to addresses that were checked."""

    def __init__(self, *, allow_private: bool, resolve: Resolver = resolve_host) -> None:
        self._allow_private = allow_private
        self._resolve = resolve

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore names it
        local_address: str | None = None,  # noqa: ARG002  # the same
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002  # the same
    ) -> AsyncNetworkStream:
        """A connection to one of the host's addresses, all of which passed the check.

        Raises:
            RefusedAddressError: The port, or any address of the host, is not to be reached.
            ConnectFailedError: The name does not resolve.
            httpcore.ConnectError: No address accepts a connection.
        """
        if port in _BAD_PORTS:
            raise RefusedAddressError(f"port {port} of {host} is not one for web pages")
        addresses = await self._addresses(host, port, timeout)
        for position, address in enumerate(addresses):
            is_last = position == len(addresses) - 1
            limit = timeout if is_last else min(timeout or 60.0, _FIRST_TRIES_SECONDS)
            try:
                return await open_connection(address, port, limit)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if is_last:
                    raise
        raise ConnectFailedError(f"{host} has no address", is_transient=False)

    async def check(self, host: str, port: int, seconds: float = _CHECK_SECONDS) -> None:
        """See whether a host may be reached, for somebody else to do it.

        Raises:
            RefusedAddressError: The port, or any address of the host, is not to be reached.
            ConnectFailedError: The name does not resolve.
        """
        if port in _BAD_PORTS:
            raise RefusedAddressError(f"port {port} of {host} is not one for web pages")
        await self._addresses(host, port, seconds)

    async def _addresses(self, host: str, port: int, seconds: float | None) -> list[str]:
        try:
            ipaddress.ip_address(host)
            addresses = [host]
        except ValueError:
            addresses = await self._resolved(host, port, seconds)
        for address in addresses:
            if reason := find_refusal(address, allow_private=self._allow_private):
                raise RefusedAddressError(f"{host} leads to {address}, which is {reason}")
        return addresses[:_MOST_ADDRESSES_TRIED]

    async def _resolved(self, host: str, port: int, seconds: float | None) -> list[str]:
        try:
            async with asyncio.timeout(seconds):
                return await self._resolve(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"the name {host} was not resolved in time") from error
        except (OSError, UnicodeError) as error:
            may_pass = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
            raise ConnectFailedError(
                f"the name {host} does not resolve: {error}", is_transient=may_pass
            ) from error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109  # httpcore names it
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002  # the same
    ) -> AsyncNetworkStream:
        """Never: a URL does not lead to a file of this machine."""
        raise RefusedAddressError(f"{path} is a local socket")

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore's own retries do (which are off)."""
        await asyncio.sleep(seconds)
