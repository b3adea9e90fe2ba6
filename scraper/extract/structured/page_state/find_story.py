"""Which of all that a page's state holds is the text of the story that the page is about.

Found by shape: a long text, or a row of nodes of a text, under something that bears the page's
headline or address. States hold other stories too, with their own headlines: none of these is it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from scraper.extract.structured.page_state.find_states import PageState
from scraper.extract.structured.page_state.linked_values import is_flat, unflatten
from scraper.extract.structured.page_state.node_kinds import content_of, is_typed, named_by_key
from scraper.extract.structured.page_state.write_html import write_story
from scraper.extract.structured.page_state.write_text import undo_escapes

_HEADLINE_KEYS: Final = (
    "headline",
    "headlines",
    "title",
    "titles",
    "name",
    "heading",
    "mainTitle",
    "shortTitle",
    "seoTitle",
    "metaTitle",
    "webTitle",
    "pageTitle",
)
_HEADLINE_SET: Final = frozenset(_HEADLINE_KEYS)
_PATH_KEYS: Final = (
    "url",
    "path",
    "slug",
    "permalink",
    "canonicalUrl",
    "canonical_url",
    "canonical",
    "webUrl",
    "link",
    "href",
    "uri",
    "pathname",
    "website_url",
    "mainEntityOfPage",
    "@id",
)
# Under these stand other stories, or words of others.
_OTHERS: Final = re.compile(
    r"related|recommend|comment|similar|trending|popular|mostread|latest|sidebar|teaser|also"
    r"|suggest|navigation|^nav|menu|footer|header$|newsletter|adverts?$|translations?$|messages"
    r"|i18n|locale|config|config$|policy|terms|author|breadcrumb",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
_TOP_HEADING: Final = re.compile(r"<h1>(.{1,1000}?)</h1>", re.DOTALL)
_CODE: Final = re.compile(r"[{};=]")
_LEAST_CHARS: Final = 200  # of prose; what is shorter is a summary
_LEAST_FOLDED: Final = 8  # letters of a headline that can be told from a label
_LEAST_SHARE: Final = 0.6  # of a headline's letters that another form of it has
_MAX_VALUES: Final = 150_000
_MAX_DEPTH: Final = 80
_MAX_CANDIDATES: Final = 300
_MAX_NESTED_CHARS: Final = 3_000_000
_BLOCK_END: Final = re.compile(r"</(?:p|div|li|h[1-6]|blockquote|figcaption)>|<br[ /]*>", re.I)
_MOST_LOOKED_AT: Final = 50_000
_LINE: Final = 40  # characters of a line that may be a sentence
_LEAST_WORDS_SHARE: Final = 15  # characters a word and the space after it have at most, in prose


@dataclass(frozen=True, slots=True)
class PageStory:
    """The text of a story as a page's state holds it.

    Attributes:
        html: Its blocks.
        chars: Characters of prose in it.
        source: Name of the state.
        headline: What it is headed with there; "" where nothing is.
    """

    html: str
    chars: int
    source: str
    headline: str


@dataclass(frozen=True, slots=True)
class PageNames:
    """What a page is known by, each folded to letters and digits.

    Attributes:
        titles: Its headline, and what its <title> and its headings say.
        slug: The last part of its address; "" when that is unknown or short.
        is_told_apart: Whether a title is long enough to be a headline, and no name of a site.
    """

    titles: tuple[str, ...]
    slug: str
    is_told_apart: bool = True


@dataclass(frozen=True, slots=True)
class _Place:
    """The nearest thing around a value that bears a headline or an address."""

    headline: str = ""
    folded: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: _Place
    value: Any
    holder: Mapping[str, Any]


def fold_words(text: str) -> str:
    """Letters and digits alone, lower case."""
    return "".join(filter(str.isalnum, text.lower()))


def find_story(states: Sequence[PageState], names: PageNames) -> PageStory | None:
    """The longest text under the page's own headline or address; None where there is none.

    Where nothing in the state bears a headline, or the page bears none that could be compared, the
    only long text is believed; where other stories are, none is.
    """
    owned: list[PageStory] = []
    unnamed: list[PageStory] = []
    others = False
    for state in states:
        for candidate in _candidates(state.value):
            agreement = _agrees(candidate.place, names)
            if agreement is False:
                others = others or _measure(candidate.value) >= _LEAST_CHARS
                continue
            written = write_story(candidate.value, _entity_links(candidate.holder))
            chars = len(_TAG.sub("", written))
            if chars >= _LEAST_CHARS and _is_prose(written):
                story = PageStory(written, chars, state.name, candidate.place.headline)
                is_headed = agreement or _is_headed(written, names)
                (owned if is_headed else unnamed).append(story)
    if owned:
        return max(owned, key=lambda story: story.chars)
    if unnamed and not others:
        longest = max(unnamed, key=lambda story: story.chars)
        headlines = {story.headline for story in unnamed}
        return longest if len(headlines) == 1 else None
    return None


def _candidates(root: Any) -> Iterator[_Candidate]:
    """Every long text and row of nodes in a state, with what it stands under."""
    pending: list[tuple[Any, _Place, int]] = [(root, _Place(), 0)] if _is_holder(root) else []
    seen: dict[int, Any] = {}  # with the values, so that no other gets the number of one
    found = 0
    while pending and len(seen) < _MAX_VALUES and found < _MAX_CANDIDATES:
        value, place, depth = pending.pop()
        if id(value) in seen or depth > _MAX_DEPTH:
            continue
        seen[id(value)] = value
        if isinstance(value, list):
            for held in reversed(value):
                if _is_holder(held):
                    pending.append((held, place, depth + 1))
                if _is_drawn(held):
                    found += 1
                    yield _Candidate(place, held, {})
            continue
        place = _place_of(value, place)
        for key, held in reversed(value.items()):
            if isinstance(key, str) and _OTHERS.search(key):
                continue
            nested = _parse_nested(held)
            if nested is not None:
                pending.append((nested, place, depth + 1))
            elif _is_body(held):
                found += 1
                yield _Candidate(place, held, value)
            if _is_holder(held):
                pending.append((held, place, depth + 1))


def _is_holder(value: Any) -> bool:
    return isinstance(value, dict | list)


def _place_of(holder: Mapping[str, Any], around: _Place) -> _Place:
    """What `holder` bears itself; what is around it where it bears no headline."""
    if _HEADLINE_SET.isdisjoint(holder):
        return around
    headlines = [text for key in _HEADLINE_KEYS for text in _texts(holder.get(key))]
    headlines = [text for text in headlines if len(text.split()) > 1 or not text.isascii()]
    if not headlines or (is_typed(holder) and content_of(holder) is None):
        return around
    slugs = [
        slug for key in _PATH_KEYS for text in _texts(holder.get(key)) if (slug := slug_of(text))
    ]
    return _Place(headlines[0], tuple(map(fold_words, headlines)), tuple(slugs))


def _texts(value: Any) -> Iterator[str]:
    """A text, or those of {"rendered": …} and {"basic": …}."""
    if isinstance(value, str):
        values: Iterable[Any] = (value,)
    elif isinstance(value, dict):
        values = list(value.values())[:8]
    else:
        return
    for text in values:
        if isinstance(text, str) and 0 < len(text) <= 400:
            yield _TAG.sub("", text)


def slug_of(address: str) -> str:
    """The last part of an address, folded; "" when it is too short to tell one story."""
    parts = address.partition("?")[0].partition("#")[0].rstrip("/").rsplit("/", 1)
    slug = fold_words(parts[-1].removesuffix(".html").removesuffix(".htm"))
    return slug if len(slug) >= _LEAST_FOLDED else ""


def _agrees(place: _Place, names: PageNames) -> bool | None:
    """Whether something is the page's by its headline or address; None where nothing tells."""
    if names.slug and names.slug in place.slugs:
        return True
    theirs = [title for title in place.folded if len(title) >= _LEAST_FOLDED]
    if not theirs or not names.titles:
        return None
    if any(_say_the_same(own, title) for own in names.titles for title in theirs):
        return True
    return False if names.is_told_apart else None


def _is_headed(written: str, names: PageNames) -> bool:
    """Whether a text begins with the page's headline itself."""
    found = _TOP_HEADING.search(written, 0, _MOST_LOOKED_AT)
    heading = fold_words(_TAG.sub("", found[1])) if found else ""
    return any(_say_the_same(own, heading) for own in names.titles)


def _say_the_same(one: str, other: str) -> bool:
    """Whether one of two folded headlines is the other, or that with a site's name around it."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < _LEAST_FOLDED or shorter not in longer:
        return False
    is_end = longer.startswith(shorter) or longer.endswith(shorter)
    return len(shorter) >= _LEAST_SHARE * len(longer) or (
        is_end and len(shorter) >= 2 * _LEAST_FOLDED
    )


def _is_body(value: Any) -> bool:
    """Whether a value may be a story's text: a long one, or a row of nodes or of paragraphs."""
    if isinstance(value, str):
        return len(value) >= _LEAST_CHARS and " " in value[:200]
    if not isinstance(value, list) or not value:
        return False
    texts = [v for v in value if isinstance(v, str)]
    if len(texts) == len(value):
        return sum(map(len, texts)) >= _LEAST_CHARS
    if value[0] == "$":
        return len(value) > 3 and value[1] in {"article", "main"}
    nodes = [v for v in value if isinstance(v, dict)]
    good = sum(_is_node(node) for node in nodes)
    return good > 0 and 2 * good >= len(value)


def _is_drawn(value: Any) -> bool:
    """Whether a value is a React element that holds a story: ["$", type, key, props]."""
    return (
        isinstance(value, list)
        and len(value) > 3
        and value[0] == "$"
        and value[1] in ("article", "main")
    )


def _is_node(value: Mapping[str, Any]) -> bool:
    """Whether something is a part of a text and not a text of its own, or somebody's words."""
    if any(value.get(key) for key in ("author", "authors", "user", "username", "publishedAt")):
        return False
    if any(value.get(key) for key in ("headline", "title")) and any(
        value.get(key) for key in ("url", "slug", "path", "href", "link")
    ):
        return False
    return is_typed(value) or content_of(value) is not None or named_by_key(value) is not None


def _parse_nested(value: Any) -> Any:
    """JSON that is written as a text in a state; None for any other text."""
    if not isinstance(value, str) or not _LEAST_CHARS <= len(value) <= _MAX_NESTED_CHARS:
        return None
    if value[0] not in "{[":
        return None
    try:
        parsed = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    return unflatten(parsed) if is_flat(parsed) else parsed if _is_holder(parsed) else None


def _entity_links(holder: Mapping[str, Any]) -> dict[str, str]:
    """Where the entities of a Draft.js text lead."""
    entities = holder.get("entityMap")
    if not isinstance(entities, dict):
        return {}
    found = {}
    for key, entity in entities.items():
        data = entity.get("data") if isinstance(entity, dict) else None
        if isinstance(data, dict) and isinstance(
            address := data.get("url") or data.get("href"), str
        ):
            found[key] = address
    return found


def _measure(value: Any) -> int:
    return len(_TAG.sub("", write_story(value, {})))


def _is_prose(written: str) -> bool:
    """Whether a text is written in sentences, and not in code, keys, names or numbers."""
    text = _BLOCK_END.sub("\n", undo_escapes(written)[:_MOST_LOOKED_AT])
    lines = [line for raw in _TAG.sub("", text).split("\n") if len(line := raw.strip()) >= _LINE]
    prose = sum(len(line) for line in lines if _is_sentence(line))
    return prose >= _LEAST_CHARS and len(_CODE.findall(text)) * 40 < len(text)


def _is_sentence(line: str) -> bool:
    # Chinese, Japanese and Thai have no spaces between words.
    return line.count(" ") * _LEAST_WORDS_SHARE > len(line) or not line[:_LINE].isascii()
