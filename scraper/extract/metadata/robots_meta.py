"""Directives for robots: those of a page's meta elements, and of its X-Robots-Tag header."""

from dataclasses import replace

from scraper.article import Article
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey
from scraper.robots_directives import ROBOT_NAME, parse_robots_header, parse_robots_meta


def find_robots(survey: Survey) -> Found[tuple[str, ...]]:
    """Directives of meta robots for every robot or for us, lower case, in order, none twice."""
    directives = dict.fromkeys(
        directive
        for name in ("robots", ROBOT_NAME)
        for content in survey.metas.get(name, ())
        for directive in parse_robots_meta(content)
    )
    return Found(tuple(directives), "meta robots" if directives else "")


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
