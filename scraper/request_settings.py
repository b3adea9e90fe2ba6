"""What one source's requests say of themselves, and on which way they go: one frozen value."""

from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scraper.urls.web_urls import is_same_or_subdomain


@dataclass(frozen=True, slots=True)
class ProxyServer:
    """A proxy that requests go through.

    Attributes:
        url: Its address, http or https, with user and password where it asks for them.
        is_trusted: Whether it resolves names itself and is trusted to reach nothing private; else
            every address is resolved and checked here before the proxy is asked.
    """

    url: str = field(repr=False)
    is_trusted: bool = False

    @property
    def name(self) -> str:
        """Its host and port, to be told to people.

        Example:
            >>> ProxyServer("http://reader:secret@proxy.example:3128").name
            'proxy.example:3128'
        """
        return urlsplit(self.url).netloc.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSettings:
    """What is sent for one source beside what every request says.

    Headers, cookies and the login are for the source's own hosts alone: a redirect to another one,
    and what is kept there, gets none of them; nor does anything over http when the source's address
    is https.

    Attributes:
        homes: The URLs the source names.
        user_agent: In place of the usual User-Agent; robots.txt is still asked about winnow.
        accept_language: Such as ``de, en;q=0.5``.
        headers: Further headers.
        cookies: Names and values; what the hosts set beside them is kept for the crawl.
        authorization: The Authorization header.
        proxy: None for a direct way.
        timeout_seconds: The longest silence, in place of the usual one.
        ca_file: Path of certificates, PEM, that are trusted beside the usual ones.
    """

    homes: tuple[str, ...] = ()
    user_agent: str | None = None
    accept_language: str | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    authorization: str | None = field(default=None, repr=False)
    proxy: ProxyServer | None = None
    timeout_seconds: float | None = None
    ca_file: str | None = None

    @property
    def keeps_cookies(self) -> bool:
        """Whether what hosts set is kept from one page to the next."""
        return bool(self.cookies)

    def headers_for(self, url: str) -> dict[str, str]:
        """The headers for a request to a URL, cookies apart; names in lower case.

        Example:
            >>> own = RequestSettings(homes=("https://a.example/",), headers=(("X-Key", "1"),))
            >>> own.headers_for("https://a.example/news"), own.headers_for("https://b.example/")
            ({'x-key': '1'}, {})
        """
        said: dict[str, str] = {}
        if self.user_agent is not None:
            said["user-agent"] = self.user_agent
        if self.accept_language is not None:
            said["accept-language"] = self.accept_language
        if self.is_home(url):
            said.update((name.lower(), value) for name, value in self.headers)
            if self.authorization is not None:
                said["authorization"] = self.authorization
        return said

    def cookies_for(self, url: str) -> dict[str, str]:
        """The cookies for a request to a URL."""
        return dict(self.cookies) if self.is_home(url) else {}

    def is_home(self, url: str) -> bool:
        """Whether a URL is on one of the source's own hosts, as safely as the source's own is."""
        return any(
            is_same_or_subdomain(url, home)
            and (url.startswith("https:") or not home.startswith("https:"))
            for home in self.homes
        )


PLAIN = RequestSettings()
"""Nothing but the usual."""


def basic_authorization(user_and_password: str) -> str:
    """The Authorization header for a user and a password (RFC 7617).

    Example:
        >>> basic_authorization("reader:secret")
        'Basic cmVhZGVyOnNlY3JldA=='
    """
    return "Basic " + b64encode(user_and_password.encode()).decode("ascii")
