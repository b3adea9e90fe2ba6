"""Whether two addresses are evidently of one story, by nothing but their shape."""

import re
from typing import Final
from urllib.parse import unquote

from scraper.urls.normal_urls import canonical_variant
from scraper.urls.web_urls import split_normal

_INDEX_FILE: Final = re.compile(r"(?i)/(?:index|default)\.(?:html?|php|aspx?|jsp)$")
_EXTENSION: Final = re.compile(r"(?i)\.(?:s?html?|php\d?|aspx?|jsp|cms|amp)$")
_LEADING_DATE: Final = re.compile(
    r"^(?:19|20)\d\d[-_]?(?:0?[1-9]|1[0-2])[-_]?(?:0?[1-9]|[12]\d|3[01])[-_]+"
)
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_NUMBER: Final = re.compile(r"(?<!\d)\d{5,}(?!\d)")
_DATE_NUMBER: Final = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?$")
_FEWEST_SLUG_WORDS: Final = 3
_FEWEST_SLUG_CHARS: Final = 12  # of a slug in a script that does not part its words


def is_same_address(first: str, second: str) -> bool:
    """Whether two URLs differ only in what servers and templates vary without a meaning.

    Scheme, www, AMP and print marks, a slash or an index file at the end. The case of letters is
    not among them: ids differ in nothing else.

    Example:
        >>> is_same_address("http://www.example.org/news/a/", "https://example.org/news/a")
        True
        >>> is_same_address("https://example.org/a?id=1", "https://example.org/a?id=2")
        False
    """
    return first == second or _bare(first) == _bare(second)


def spellings_of(url: str) -> tuple[str, ...]:
    """Other addresses that many servers answer with the same page, for a text found there to show.

    With and without a slash or an index file at the end, in lower case, and without its query.

    Example:
        >>> spellings_of("https://example.org/A/?from=x")
        ('https://example.org/A', 'https://example.org/A/', 'https://example.org/a/?from=x')
    """
    base, mark, query = url.partition("?")
    head, slash, path = base.partition("://")[2].partition("/")
    start = f"{base.partition('://')[0]}://{head}{slash}"
    bare = _INDEX_FILE.sub("/", f"/{path}")[1:].rstrip("/")
    spelled = [start + bare, start + bare + "/", start + path.lower() + mark + query, base]
    if not bare or not slash:
        return ()
    return tuple(each for each in dict.fromkeys(spelled) if each != url)


def is_related_address(first: str, second: str) -> bool:
    """Whether two URLs are the same address, or share the slug or the number of a story.

    So does an address with that which it redirects to when a story was moved to another section or
    site. Numbers that are dates say nothing.

    Example:
        >>> old = "https://example.org/2026/03/02/storm-hits-the-coast"
        >>> is_related_address(old, "https://new.example/weather/storm-hits-the-coast.html")
        True
        >>> is_related_address(old, "https://example.org/consent?next=storm")
        False
    """
    if is_same_address(first, second):
        return True
    slugs = _slug_of(first), _slug_of(second)
    if slugs[0] and slugs[1]:
        return slugs[0] == slugs[1]
    return bool(_numbers_of(first) & _numbers_of(second))


def is_front_page(url: str) -> bool:
    """Whether a URL is that of a whole site, as far as its shape tells.

    Example:
        >>> is_front_page("https://example.org/index.html"), is_front_page("https://example.org/a")
        (True, False)
    """
    _, path, query = split_normal(url)
    return not query and _INDEX_FILE.sub("/", path) in {"", "/"}


def leads_back(url: str, asked: str) -> bool:
    """Whether `url` says where to go on from it, and that is `asked`: as logins and consents do.

    Example:
        >>> leads_back("https://example.org/login?next=%2Fnews%2Fstorm", "https://example.org/news/storm")
        True
    """
    _, _, query = split_normal(url)
    _, path, _ = split_normal(asked)
    return len(path) > 1 and unquote(path).casefold() in unquote(unquote(query)).casefold()


def _bare(url: str) -> str:
    main = canonical_variant(url) or url
    _, _, rest = main.partition("://")
    path, mark, query = rest.partition("?")
    return unquote(_INDEX_FILE.sub("", path).rstrip("/")) + mark + query


def _slug_of(url: str) -> str | None:
    """The last part of a path where it is made of words; None where it is not."""
    _, path, _ = split_normal(canonical_variant(url) or url)
    segments = [unquote(segment) for segment in _INDEX_FILE.sub("", path).split("/") if segment]
    for segment in segments[-1:-3:-1]:  # the slug may stand before an id
        slug = _LEADING_DATE.sub("", _EXTENSION.sub("", segment)).casefold()
        words = _WORD.findall(slug)
        if len(words) >= _FEWEST_SLUG_WORDS or (
            words and not slug.isascii() and len(slug) >= _FEWEST_SLUG_CHARS
        ):
            return slug
    return None


def _numbers_of(url: str) -> set[str]:
    _, path, query = split_normal(url)
    return {
        number for number in _NUMBER.findall(f"{path}?{query}") if not _DATE_NUMBER.match(number)
    }
