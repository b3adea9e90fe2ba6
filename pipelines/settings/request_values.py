"""What a source says of its requests: checked values, and what the fetcher makes of them."""

import re
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from scraper.request_settings import basic_authorization

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_COOKIE_VALUE: Final = re.compile(r"[^\s;,\"\\\x00-\x1f\x7f]*")  # RFC 6265, 4.1.1, and no stricter
_SCHEME_AND_REST: Final = re.compile(r"(?:Basic|Bearer|Digest|Token|ApiKey) +\S+", re.IGNORECASE)
_OURS: Final = frozenset(
    "accept-encoding authorization connection content-length cookie expect host if-match "
    "if-modified-since if-none-match if-range keep-alive proxy-authorization proxy-connection "
    "range te trailer transfer-encoding upgrade".split()
)
_INSTEAD: Final = {"authorization": "auth", "cookie": "cookies", "user-agent": "user_agent",
                   "accept-language": "accept_language"}  # fmt: skip


def _header_value(value: str) -> str:
    if not all(" " <= c <= "\xff" and c != "\x7f" for c in value):
        raise ValueError("a header is one line of printable characters")
    return value


def _headers(value: dict[str, str]) -> dict[str, str]:
    for name in value:
        lowered = name.lower()
        if not _TOKEN.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a header")
        if lowered in _INSTEAD:
            raise ValueError(f"for {name} there is a key of its own: `{_INSTEAD[lowered]}`")
        if lowered in _OURS:
            raise ValueError(f"winnow sets {name} itself")
    return value


def _cookies(value: dict[str, str]) -> dict[str, str]:
    for name, content in value.items():
        if not _TOKEN.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a cookie")
        if not _COOKIE_VALUE.fullmatch(content):
            raise ValueError(
                f"the value of the cookie {name} has spaces, quotes, commas or semicolons"
            )
    return value


def _auth(value: str) -> str:
    if ":" not in value and not _SCHEME_AND_REST.fullmatch(value):
        raise ValueError('write "user:password", or "Bearer TOKEN"')
    return _header_value(value)


def _pem_file(value: str) -> str:
    try:
        text = Path(value).read_text(encoding="latin-1")
    except OSError as error:
        raise ValueError(f"{value}: {error.strerror or error}") from error
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise ValueError(f"{value} holds no certificates (PEM)")
    return str(Path(value).absolute())


OneLine = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=8192)
]
HeaderValue = Annotated[OneLine, AfterValidator(_header_value)]
Headers = Annotated[dict[str, HeaderValue], AfterValidator(_headers)]
Cookies = Annotated[dict[str, Annotated[str, Field(strict=True)]], AfterValidator(_cookies)]
Login = Annotated[OneLine, AfterValidator(_auth)]
PemFile = Annotated[OneLine, AfterValidator(_pem_file)]


class ProxySettings(BaseModel):
    """A proxy: its address, or a table that names it as trusted.

    Attributes:
        url: ``http://`` or ``https://``, with user and password where it asks for them.
        trusted: Whether it resolves names itself; else addresses are checked here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[OneLine, Field(repr=False)]
    trusted: Annotated[bool, Field(strict=True)] = False

    @model_validator(mode="after")
    def _check_url(self) -> Self:
        try:
            parts = urlsplit(self.url)
            is_address = parts.scheme in {"http", "https"} and parts.hostname and not parts.query
            has_path = parts.path not in {"", "/"}
            _ = parts.port
        except ValueError:
            is_address, has_path = False, False
        if not is_address or has_path:
            # The address may hold a password, and is not repeated.
            raise ValueError('a proxy is written as "http://host:port"; SOCKS is not spoken')
        return self


def _to_proxy(value: object) -> object:
    return {"url": value} if isinstance(value, str) else value


Proxy = Annotated[ProxySettings, BeforeValidator(_to_proxy)]


def authorization_of(login: str | None) -> str | None:
    """The Authorization header for a login; None for none.

    Example:
        >>> authorization_of("Bearer 7f3a"), authorization_of(None)
        ('Bearer 7f3a', None)
    """
    if login is None or _SCHEME_AND_REST.fullmatch(login):
        return login
    return basic_authorization(login)
