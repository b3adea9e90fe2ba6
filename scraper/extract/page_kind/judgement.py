"""The kinds of pages, and the causes for which another page is sent in an article's place."""

from dataclasses import dataclass
from typing import Final, Literal

PageKind = Literal["article", "wall", "error", "front_page"]
"""What a page is by itself: an article as far as this goes, or what stands in for one."""

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
]


@dataclass(frozen=True, slots=True)
class KindJudgement:
    """What a page is by itself.

    Attributes:
        reason: Why, in words that go on from "the page"; empty for an article.
        cause: Which wall or error it is; None for an article and a front page.
    """

    kind: PageKind = "article"
    reason: str = ""
    cause: Cause | None = None


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
}
