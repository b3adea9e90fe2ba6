"""The ways in which a site misbehaves for a day or a few, each a function of one request."""

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from tests.benchmarks.season.pages import (
    Reply,
    feed,
    front_page,
    html_page,
    not_found,
    sitemap,
    story_page,
    usual_reply,
)
from tests.benchmarks.season.sites import NewsSite, Story


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a site.

    Attributes:
        base: Scheme, host and port.
        story: The story at the path; None for a list or anything else.
        since: When the trouble began.
    """

    site: NewsSite
    base: str
    path: str
    now: datetime
    story: Story | None
    since: datetime


Behaviour = Callable[[Request], Reply | None]
"""The answer in place of the usual one; None for the usual one."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of trouble.

    Attributes:
        behave: What the site answers.
        is_alarming: Whether an analyst is to be told when it lasts.
        suits: The lists a site must have for it to show; () for any.
    """

    name: str
    behave: Behaviour
    is_alarming: bool = True
    suits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """A kind at a site, for a time."""

    kind: Kind
    site: NewsSite
    start: datetime
    end: datetime


def draw_troubles(
    seed: int, sites: list[NewsSite], start: datetime, days: int, *, quiet_days: int
) -> list[Trouble]:
    """Troubles on one day in twenty, some for up to three days, some at once.

    Args:
        seed: Draws them.
        sites: Of the season.
        start: When it begins; the first days of a site are without trouble.
        days: How long it is.
        quiet_days: So many at the end are without trouble.
    """
    rng = random.Random(f"{seed}/troubles")
    troubles = []
    for site in sites:
        kinds = [kind for kind in KINDS if not kind.suits or site.lists in kind.suits]
        for day in range(3, days - quiet_days):
            if rng.random() < 1 / 20:
                begins = start + timedelta(days=day)
                ends = begins + timedelta(days=rng.choice((1, 1, 1, 2, 3)))
                last = start + timedelta(days=days - quiet_days)
                at_once = rng.sample(kinds, rng.choice((1, 1, 1, 2)))
                troubles += [Trouble(kind, site, begins, min(ends, last)) for kind in at_once]
    return troubles


def _stories_only(behave: Behaviour) -> Behaviour:
    return lambda request: behave(request) if request.story is not None else None


def _consent(request: Request) -> Reply:
    return html_page(
        request.site,
        "Before you continue",
        "<h1>Your privacy matters to us</h1><p>We and our 412 partners store and access "
        "information on your device, such as cookies, to show personalised advertisements.</p>"
        "<p>You can change your choice at any time in the privacy settings.</p>"
        "<button>Accept all</button> <button>Manage options</button>",
    )


def _login(request: Request) -> Reply:
    return html_page(
        request.site,
        "Sign in",
        "<h1>Sign in to go on reading</h1><form><label>Mail address <input></label>"
        "<label>Password <input type=password></label><button>Sign in</button></form>"
        "<p>No account yet? Register now, it is free of charge.</p>",
    )


def _redirect(target: str) -> Behaviour:
    def behave(request: Request) -> Reply | None:
        if request.path == target:
            return {"/consent": _consent, "/login": _login}[target](request)
        return Reply(status=302, headers={"Location": target}) if request.story else None

    return behave


def _to_front(request: Request) -> Reply | None:
    return Reply(status=302, headers={"Location": "/"}) if request.story else None


def _soft_404(request: Request) -> Reply:
    return Reply(not_found(request.site, 404).body)


def _front_for_all(request: Request) -> Reply:
    return front_page(request.site, request.now)


def _always(title: str, body: str, status: int) -> Behaviour:
    """One page at every address."""
    return lambda request: replace(html_page(request.site, title, body), status=status)


def _bot_check(status: int) -> Behaviour:
    return _always(
        "Just a moment...",
        "<h1>Checking your browser</h1><p>Please verify that you are human. This may take a few "
        "seconds.</p><p>Enable JavaScript and cookies to continue.</p>",
        status,
    )


def _maintenance(status: int) -> Behaviour:
    return _always(
        "We will be back soon",
        "<h1>Scheduled maintenance</h1><p>Our site is currently being updated. Please come back in "
        "a few hours. We are sorry for the inconvenience.</p>",
        status,
    )


def _teaser(request: Request) -> Reply | None:
    story = request.story
    if story is None:
        return None
    return story_page(
        request.site,
        request.base,
        story,
        request.now,
        paragraphs=[story.text_at(request.now).paragraphs[0][:140]],
        more="<div class=paywall><p>Subscribe now to read the whole story. Already a subscriber? "
        "Sign in.</p></div>",
    )


def _one_canonical(request: Request) -> Reply | None:
    if request.story is None:
        return None
    wrong = request.base + request.site.stories[0].path
    return story_page(request.site, request.base, request.story, request.now, canonical=wrong)


def _meta_refresh(request: Request) -> Reply | None:
    if request.path == "/consent":
        return _consent(request)
    if request.story is None:
        return None
    body = '<html><head><meta http-equiv="refresh" content="0; url=/consent"></head></html>'
    return Reply(body.encode())


def _script_redirect(request: Request) -> Reply | None:
    if request.path == "/login":
        return _login(request)
    if request.story is None:
        return None
    return Reply(b"<html><body><script>location.href = '/login';</script></body></html>")


def _late(request: Request) -> Reply | None:
    story = request.story
    if story is not None and request.now < story.published_at + timedelta(hours=9):
        return not_found(request.site, 404)
    return None


def _usual(request: Request) -> Reply:
    return usual_reply(request.site, request.base, request.path, request.now)


def _odd_coding(request: Request) -> Reply | None:
    if request.story is None:
        return None
    usual = _usual(request)
    return Reply(usual.body, usual.status, headers={**usual.headers, "Content-Encoding": "utf-8"})


def _gzip_cut(request: Request) -> Reply | None:
    usual = _usual(request)
    if request.story is None or usual.status != 200:
        return None
    packed = gzip.compress(usual.body)
    return Reply(packed[:-8], headers={"Content-Encoding": "gzip"})


def _cut_short(request: Request) -> Reply | None:
    usual = _usual(request)
    if request.story is None or usual.status != 200:
        return None
    length = {"Content-Length": str(len(usual.body))}
    return Reply(usual.body[: len(usual.body) * 2 // 3], headers=length)


def _busy(seconds: int) -> Behaviour:
    return lambda _request: Reply(
        b"slow down", 429, "text/plain", headers={"Retry-After": str(seconds)}
    )


def _feed_is_page(request: Request) -> Reply | None:
    return front_page(request.site, request.now) if request.path == "/feed.xml" else None


def _feed_is_empty(request: Request) -> Reply | None:
    is_feed = request.path == "/feed.xml"
    return feed(request.site, request.base, request.now, ()) if is_feed else None


def _front_without_links(request: Request) -> Reply | None:
    if request.path != "/":
        return None
    return html_page(request.site, request.site.name, "<div id=app></div><p>Welcome.</p>")


def _always_now(request: Request) -> Reply | None:
    if request.path != "/sitemap-news.xml":
        return None
    listed = request.site.listed(request.now)
    return sitemap(request.base, request.now, listed, request.now)


def _robots(status: int) -> Behaviour:
    return lambda r: Reply(b"busy", status, "text/plain") if r.path == "/robots.txt" else None


def _no_byline(request: Request) -> Reply | None:
    story = request.story
    if story is None:
        return None
    return story_page(request.site, request.base, story, request.now, has_byline=False)


KINDS: Final = (
    Kind("consent at 200", _stories_only(_consent)),
    Kind("redirect to consent", _redirect("/consent")),
    Kind("redirect to login", _redirect("/login")),
    Kind("redirect to the front page", _to_front),
    Kind("not found at 200", _stories_only(_soft_404)),
    Kind("front page for every story", _stories_only(_front_for_all)),
    Kind("bot check at 200", _bot_check(200)),
    Kind("bot check at 403", _bot_check(403)),
    Kind("maintenance at 200", _maintenance(200)),
    Kind("maintenance at 503", _maintenance(503)),
    Kind("teaser", _teaser),
    Kind("one canonical for all", _one_canonical, is_alarming=False),
    Kind("meta refresh to consent", _meta_refresh),
    Kind("script redirect to login", _script_redirect),
    Kind("empty at 200", _stories_only(lambda _: Reply(b""))),
    Kind("202", _stories_only(lambda _: Reply(b"<p>Accepted</p>", 202))),
    Kind("404 until it is nine hours old", _late, is_alarming=False),
    Kind("500", lambda _: Reply(b"oops", 500, "text/plain")),
    Kind("no answer", lambda _: Reply(is_dropped=True)),
    Kind("odd coding", _odd_coding, is_alarming=False),
    Kind("gzip without its end", _gzip_cut, is_alarming=False),
    Kind("body cut short", _cut_short),
    Kind("429 for two hours", _busy(7200), is_alarming=False),
    Kind("429 for a year", _busy(365 * 86_400), is_alarming=False),
    Kind("feed is a page", _feed_is_page, suits=("feed",)),
    Kind("feed is empty", _feed_is_empty, suits=("feed",)),
    Kind("front page without links", _front_without_links, suits=("links",)),
    Kind("every lastmod is now", _always_now, is_alarming=False, suits=("sitemap",)),
    Kind("robots.txt at 500", _robots(500)),
    Kind("robots.txt at 429", _robots(429)),
    Kind("not modified to all", _stories_only(lambda _: Reply(status=304))),
    # For a day or three of a story each: of so few nobody can tell.
    Kind("no author, no date", _no_byline, is_alarming=False),
)
