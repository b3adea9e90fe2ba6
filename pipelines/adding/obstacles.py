"""What stands between a site and a crawl of it, in plain words, and what can be done about it."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipelines.page.read_page import read_page
from scraper.errors import FetchError, RobotsError, StatusError
from scraper.extract.page_kind.judgement import KIND_OF, Cause
from scraper.fetch.manners.robots_refusal import find_refusal
from scraper.page import Page
from scraper.urls.web_urls import parse_web_url

_MOST_SITES: Final = 64  # more than are probed at once; a robots.txt has up to half a megabyte

_MOST_QUOTED: Final = 100  # characters of a line

_NAME_ANOTHER: Final = "name its feed or sitemap in its place, if it has one"
_IS_IT_HERE: Final = "is this still its address?"
_ADVICE: Final[Mapping[Cause, str]] = {
    "consent": (
        f"winnow agrees to nothing by itself: {_NAME_ANOTHER}, or write an entry with the cookie "
        "of your own answer in `cookies`"
    ),
    "login": (
        "if you have a way in, write an entry with `cookies`, `headers` or `auth`; "
        f"otherwise ask its publisher, or {_NAME_ANOTHER}"
    ),
    "robot": f"it lets no program in: ask its publisher, or {_NAME_ANOTHER}",
    "denied": f"it lets no program in: ask its publisher, or {_NAME_ANOTHER}",
    "browser": 'a browser may be let in: write an entry with render = "always" for it',
    "age": f"winnow says nothing about your age: {_NAME_ANOTHER}",
    "region": "it may be read from another country only: ask its publisher",
    "maintenance": "try again when it is done",
    "placeholder": _IS_IT_HERE,
    "parked": _IS_IT_HERE,
    "suspended": _IS_IT_HERE,
    "not_found": _IS_IT_HERE,
    "gone": _IS_IT_HERE,
    "broken": "try again later",
    "front_page": "is this the address of its front page?",
}
# Statuses by which a site refuses, and those that only say that a page is not there or not now.
_REFUSING_STATUSES: Final[Mapping[int, tuple[str, Cause]]] = {
    401: ("asks to log in (HTTP 401)", "login"),
    402: ("asks to be paid (HTTP 402)", "login"),
    403: ("denies access (HTTP 403)", "denied"),
    406: ("denies access (HTTP 406)", "denied"),
    451: ("is not shown for legal reasons (HTTP 451)", "region"),
}
_SUBSCRIBERS: Final = "says that its stories are for subscribers: what is free to read is kept"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a page cannot be read as its visitors do.

    Attributes:
        what: What is the matter, in words that go on from "the page".
        advice: What can be done.
        cause: Which of the usual walls it is; None for robots.txt.
    """

    what: str
    advice: str
    cause: Cause | None = None

    def __str__(self) -> str:
        """Both in one sentence."""
        return f"the page {self.what}; {self.advice}"

    @property
    def is_wall(self) -> bool:
        """Whether there may be a site behind it, and not an error or nothing at all."""
        return self.cause is None or KIND_OF[self.cause][0] == "wall"


class RobotsNotes:
    """Remembers what robots.txt said while sites are probed, to quote it; see `RobotsMemory`."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[str, bytes] = OrderedDict()

    async def load(self, origin: str) -> tuple[bytes, float] | None:  # noqa: ARG002 - a protocol's
        """Nothing: each run asks anew."""
        return None

    async def save(self, origin: str, body: bytes) -> None:
        """Keep what the latest sites said."""
        self._bodies[origin] = body
        if len(self._bodies) > _MOST_SITES:
            self._bodies.popitem(last=False)

    def describe_refusal(self, url: str, token: str) -> str:
        """Which line of its robots.txt refuses a URL, in words."""
        parsed = parse_web_url(url)
        body = self._bodies.get(str(parsed.origin)) if parsed is not None else None
        found = find_refusal(body, token, url) if body is not None else None
        quoted = "" if found is None else f" (line {found.line}: {found.rule[:_MOST_QUOTED]})"
        return f"is closed to programs by its robots.txt{quoted}"


def unread(why: str) -> Obstacle:
    """A page that came and cannot be read."""
    return Obstacle(f"cannot be read: {why}", _NAME_ANOTHER)


def find_refusal_of_answer(error: FetchError, notes: RobotsNotes, token: str) -> Obstacle | None:
    """The refusal that an answer is; None when it says something else: not there, not now."""
    if isinstance(error, RobotsError):
        what = notes.describe_refusal(error.url or "", token)
        return Obstacle(what, "ask its publisher, or name a part of it that is open")
    if isinstance(error, StatusError) and error.status in _REFUSING_STATUSES:
        what, cause = _REFUSING_STATUSES[error.status]
        return Obstacle(what, _ADVICE[cause], cause)
    return None


def find_wall(page: Page) -> tuple[Obstacle | None, str]:
    """What is there in place of a site's page, and what else it says about reading it.

    Returns:
        The wall or error page, None when it is the site's own; and a remark that is no obstacle,
        empty when there is none.
    """
    read = read_page(page)
    article = read.article or read.remnant
    remark = _SUBSCRIBERS if article is not None and article.access == "paywalled" else ""
    cause = read.judgement.cause
    if cause is None:
        return None, remark
    return Obstacle(read.judgement.reason, _ADVICE[cause], cause), remark
