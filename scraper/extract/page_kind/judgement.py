"""The kinds of pages, and the causes for which another page is sent in an article's place."""

from dataclasses import dataclass
from typing import Final, Literal

from scraper.article import PageKind

Cause = Literal[
    "consent",
    "login",
    "robot",
    "denied",
    "browser",
    "age",
    "region",
    "maintenance",
    "placeholder",
    "parked",
    "suspended",
    "not_found",
    "gone",
    "broken",
    "front_page",
]
"""Why a page stands in an article's place: the wall, the error, or that a front page was sent."""


@dataclass(frozen=True, slots=True)
class KindJudgement:
    """What a page is by itself.

    Attributes:
        reason: Why, in words that go on from "the page"; empty where nothing is known.
        cause: For what it stands in an article's place; None for a page that is what it is.
        probability: How likely the kind is right, 0 to 1.
    """

    kind: PageKind = "article"
    reason: str = ""
    cause: Cause | None = None
    probability: float = 0.0


AN_ARTICLE: Final = KindJudgement()
"""What a page is as long as nothing speaks against it."""

KIND_OF: Final[dict[Cause, tuple[PageKind, str]]] = {
    "consent": ("wall", "asks for consent to cookies"),
    "login": ("wall", "asks to log in or subscribe"),
    "robot": ("wall", "checks for a robot"),
    "denied": ("wall", "denies access"),
    "browser": ("wall", "asks for another browser or for JavaScript"),
    "age": ("wall", "asks for the reader's age"),
    "region": ("wall", "is not shown in this region"),
    "maintenance": ("error", "is under maintenance"),
    "placeholder": ("error", "is the first page of a web server without a site"),
    "parked": ("error", "offers the domain for sale"),
    "suspended": ("error", "says that the account is suspended"),
    "not_found": ("error", "says that the page was not found"),
    "gone": ("error", "says that the article is no longer there"),
    "broken": ("error", "says that something went wrong"),
    "front_page": ("list", "is the front page"),
}
