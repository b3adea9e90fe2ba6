"""Directives for robots: those of a page's meta elements, and of its X-Robots-Tag header."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from scraper.article import Article
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey

_WITH_VALUE: Final = frozenset(
    {"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"}
)


def find_robots(survey: Survey) -> Found[tuple[str, ...]]:
    """Directives of meta robots for every robot, lower case, in order, none twice."""
    directives = _directives(
        directive
        for content in survey.metas.get("robots", ())
        for directive in re.split(r"[,;]\s*|\s+(?!\d)", content.lower())
    )
    return Found(directives, "meta robots" if directives else "")


def parse_robots_header(value: str) -> tuple[str, ...]:
    """Directives of an X-Robots-Tag header for every robot; those for a named one are left out.

    Example:
        >>> parse_robots_header("NoIndex, max-snippet: 50, otherbot: noarchive, nofollow")
        ('noindex', 'max-snippet:50')
    """
    for_all = []
    for part in re.split(r"[,;]\s*", value.lower()):
        name, colon, _ = part.partition(":")
        if colon and name.strip() not in _WITH_VALUE:
            break  # a robot's name, and what follows is for it
        for_all.append(part.strip())
    return _directives(for_all)


def add_robots_header(article: Article, value: str | None) -> Article:
    """The article with what its page's X-Robots-Tag header asks for besides its meta robots."""
    said = parse_robots_header(value) if value else ()
    fresh = tuple(directive for directive in said if directive not in article.robots)
    if not fresh:
        return article
    source = "X-Robots-Tag" if not article.robots else "meta robots, X-Robots-Tag"
    return replace(
        article,
        robots=(*article.robots, *fresh),
        evidence={**article.evidence, "robots": source},
    )


def _directives(parts: Iterable[str]) -> tuple[str, ...]:
    fitting = (part for part in parts if re.fullmatch(r"[a-z_-]+(?::\s*\S+)?", part))
    return tuple(dict.fromkeys(part.replace(" ", "") for part in fitting))
