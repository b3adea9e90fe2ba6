"""What can be said in a sources.toml, as frozen values with their types and defaults."""

import re
from datetime import date, timedelta
from typing import Annotated, Final, Literal, Self, get_args
from urllib.parse import urlsplit

import cssselect
from croniter import croniter
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from pipelines.settings.request_values import Cookies, Headers, HeaderValue, Login, PemFile, Proxy

_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?[smhdw])+")
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhdw])")
_LONGEST_SECONDS = 10 * 365 * 86_400


def parse_duration(text: str) -> timedelta:
    """A length of time such as ``30m``, ``2h``, ``1h30m``, ``1d`` or ``45s``.

    Raises:
        ValueError: It is written differently, or is no time at all.

    Example:
        >>> parse_duration("1h30m")
        datetime.timedelta(seconds=5400)
    """
    compact = text.replace(" ", "").lower()
    if not _DURATION.fullmatch(compact):
        raise ValueError(f'write a length of time as "30m", "2h" or "1d", not {text!r}')
    seconds = sum(float(count) * _UNIT_SECONDS[unit] for count, unit in _PART.findall(compact))
    if not 1 <= seconds < _LONGEST_SECONDS:
        raise ValueError(f"a length of time is a second at least and ten years at most: {text!r}")
    return timedelta(seconds=seconds)


def _to_duration(value: object) -> object:
    if isinstance(value, str):
        return parse_duration(value)
    if isinstance(value, timedelta):
        return value
    raise ValueError(f'write a length of time as "30m", "2h" or "1d", not {value!r}')


def is_web_address(value: str) -> bool:
    """Whether this is the address of something on the web: http or https, and a host.

    Example:
        >>> is_web_address("https://example.org/"), is_web_address("example.org")
        (True, False)
    """
    try:
        _web_address(value)
    except ValueError:
        return False
    return True


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"{value!r} is no URL: {error}") from error
    is_one_word = value.isprintable() and " " not in value
    if parts.scheme not in {"http", "https"} or not host or not is_one_word:
        raise ValueError(f"{value!r} is no web address; it starts with https:// or http://")
    return value


def _css_selector(value: str) -> str:
    try:
        cssselect.HTMLTranslator().css_to_xpath(value)
    except cssselect.SelectorError as error:
        raise ValueError(f"{value!r} is no CSS selector: {error}") from error
    return value


Duration = Annotated[timedelta, BeforeValidator(_to_duration)]
Flag = Annotated[bool, Field(strict=True)]
Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
Selector = Annotated[Text, AfterValidator(_css_selector)]
WebAddress = Annotated[Text, AfterValidator(_web_address)]
DiscoverMethod = Literal["feed", "sitemap", "links"]

DISCOVER_METHODS: Final[frozenset[DiscoverMethod]] = frozenset(get_args(DiscoverMethod))
"""All there are: where a source names none, whatever its site offers is used."""


class RulesSettings(BaseModel):
    """CSS selectors of one site; they override what is learned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Selector | None = None
    body: Selector | None = None
    authors: Selector | None = None
    date: Selector | None = None
    remove: tuple[Selector, ...] = ()


class SourceDefaults(BaseModel):
    """Every key of a source but its name and URL, with what holds when it is left out.

    Attributes:
        seeds: Further addresses to find articles on: sections, feeds, sitemaps.
        discover: Methods to find articles by; None for whatever the site offers.
        include: Globs on the path of article URLs; none means all.
        exclude: Globs on the path; they outrank `include`.
        every: Time between two crawls; None for every time a crawl is asked for.
        cron: The same as a cron line, in UTC.
        max_articles_per_crawl: New articles fetched in one crawl at most; as many known ones are
            looked at again.
        since: Articles published before this day are left out; None for all.
        until: Those published after this day are left out.
        max_depth: How many links away from `url` an article may be; more than 1 goes through
            sections.
        delay_seconds: Between two requests to one host; robots.txt and a slow host lengthen it.
        render: Whether a browser renders pages: ``auto`` those that have nothing to read and look
            as if scripts brought it, ``always`` every page but feeds and sitemaps. Needs the extra
            "render" and an installed Chromium or Chrome.
        keep_pages: Whether raw pages are kept, so that extraction can be run again.
        keep_pages_days: How long they are; None for ever.
        keep_history_days: How long requests and failures are remembered.
        allow_private: Whether loopback and private addresses may be reached.
        headers: Sent to the source's own hosts, as `cookies` and `auth` are.
        cookies: Names and values; what these hosts set beside them is kept for a crawl.
        auth: ``user:password``, or a whole Authorization header such as ``Bearer TOKEN``.
        user_agent: In place of winnow's own; robots.txt is still asked about winnow.
        accept_language: Such as ``de, en;q=0.5``.
        proxy: What requests go through.
        timeout_seconds: How long a host may be silent.
        ca_file: Certificates, PEM, that are trusted beside the usual ones.
        rules: CSS selectors that override what is learned.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seeds: tuple[WebAddress, ...] = ()
    discover: Annotated[tuple[DiscoverMethod, ...], Field(min_length=1)] | None = None
    include: tuple[Text, ...] = ()
    exclude: tuple[Text, ...] = ()
    every: Duration | None = None
    cron: Text | None = None
    max_articles_per_crawl: Annotated[int, Field(ge=1, strict=True)] = 500
    since: date | None = None
    until: date | None = None
    max_depth: Annotated[int, Field(ge=0, le=10, strict=True)] = 1
    delay_seconds: Annotated[float, Field(ge=0, le=86_400, strict=True)] = 1.0
    render: Literal["never", "auto", "always"] = "never"
    keep_pages: Flag = True
    keep_pages_days: Annotated[int, Field(ge=1, le=36_500, strict=True)] | None = None
    keep_history_days: Annotated[int, Field(ge=1, le=36_500, strict=True)] = 365
    allow_private: Flag = False
    headers: Annotated[Headers, Field(repr=False)] = {}
    cookies: Annotated[Cookies, Field(repr=False)] = {}
    auth: Annotated[Login | None, Field(repr=False)] = None
    user_agent: HeaderValue | None = None
    accept_language: HeaderValue | None = None
    proxy: Proxy | None = None
    timeout_seconds: Annotated[float, Field(ge=1, le=600, strict=True)] | None = None
    ca_file: PemFile | None = None
    rules: RulesSettings = RulesSettings()

    @field_validator("cron")
    @classmethod
    def _check_cron(cls, value: str | None) -> str | None:
        if value is not None and (len(value.split()) != 5 or not croniter.is_valid(value)):
            raise ValueError(
                f'{value!r} is no cron line; it has five fields, such as "0 7 * * *" '
                "(minute, hour, day, month, weekday)"
            )
        return value

    @model_validator(mode="after")
    def _check_schedule(self) -> Self:
        if self.every is not None and self.cron is not None:
            raise ValueError("`every` and `cron` exclude each other; keep one")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError(f"`since` ({self.since}) comes after `until` ({self.until})")
        return self


class SourceSettings(SourceDefaults):
    """One site to crawl: a front page, a section, a feed or a sitemap."""

    name: Text
    url: WebAddress

    @field_validator("name")
    @classmethod
    def _check_name(cls, value: str) -> str:
        if not value.isprintable() or value.startswith("-"):
            raise ValueError("a name is printable and does not start with a dash")
        return value


class Settings(BaseModel):
    """What a sources.toml says.

    Attributes:
        contact: A mail address or page, sent in User-Agent so that a site can reach who crawls.
        defaults: What holds for a source that does not say otherwise; merged into `sources`.
        sources: In the order of the file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: Text | None = None
    defaults: SourceDefaults = SourceDefaults()
    sources: tuple[SourceSettings, ...] = ()

    def find_source(self, name: str) -> SourceSettings | None:
        """The source called `name`, None when there is none."""
        return next((source for source in self.sources if source.name == name), None)
