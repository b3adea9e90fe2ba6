"""What a feed or a sitemap says of a story that it names."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

ListingKind = Literal["feed", "sitemap"]

_MOST_CHARS: Final = 500  # of a title
_MOST_NAME_CHARS: Final = 200  # of an author, whose job may stand there too, or a tag
_MOST_AUTHORS: Final = 20
_MOST_TAGS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a feed or a sitemap says of a story, as it is written there.

    Attributes:
        kind: What said it.
        title: What it is called.
        published_at: When it was published, ISO 8601.
        authors: Who wrote it.
        tags: What it is about.
    """

    kind: ListingKind
    title: str | None = None
    published_at: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.title or self.published_at or self.authors or self.tags)

    def without_date(self) -> "Listing":
        """The same, for a list whose dates say nothing about its stories."""
        return replace(self, published_at=None)

    def to_json(self) -> str:
        """One line of JSON, without what is empty."""
        return json.dumps({k: v for k, v in asdict(self).items() if v}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | None) -> "Listing | None":
        """What `to_json` wrote; None where there is nothing, or something else.

        Example:
            >>> Listing.from_json(Listing(kind="feed", title="Rain").to_json()).title
            'Rain'
        """
        try:
            value: Any = json.loads(text) if text else None
        except ValueError:
            return None
        if not isinstance(value, dict) or value.get("kind") not in {"feed", "sitemap"}:
            return None
        return cls(
            kind=value["kind"],
            title=bounded(value.get("title"), _MOST_CHARS),
            published_at=bounded(value.get("published_at"), _MOST_NAME_CHARS),
            authors=_texts(value.get("authors"), _MOST_AUTHORS),
            tags=_texts(value.get("tags"), _MOST_TAGS),
        )


def make_listing(
    kind: ListingKind,
    *,
    title: str | None,
    published_at: str | None,
    authors: Iterable[object] = (),
    tags: Iterable[object] = (),
) -> Listing | None:
    """What a list says of one story, cut to a sane size; None when that is nothing."""
    listing = Listing(
        kind=kind,
        title=bounded(title, _MOST_CHARS),
        published_at=published_at,
        authors=_texts(list(authors), _MOST_AUTHORS),
        tags=_texts(list(tags), _MOST_TAGS),
    )
    return listing or None


def bounded(text: object, most_chars: int) -> str | None:
    """A text on one line and of at most so many characters; None when there is none."""
    if not isinstance(text, str):
        return None
    return " ".join(text[: 2 * most_chars].split())[:most_chars] or None


def _texts(values: object, most: int) -> tuple[str, ...]:
    if not isinstance(values, list):
        return ()
    texts = (bounded(value, _MOST_NAME_CHARS) for value in values[: 2 * most])
    return tuple(dict.fromkeys(text for text in texts if text))[:most]
