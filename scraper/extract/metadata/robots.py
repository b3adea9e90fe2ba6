"""What the page asks of robots."""

import re

from scraper.extract.metadata.found import Found
from scraper.extract.metadata.survey import Survey


def find_robots(survey: Survey) -> Found[tuple[str, ...]]:
    """Directives of meta robots for every robot, lower case, in order, none twice."""
    directives: dict[str, None] = {}
    for content in survey.metas.get("robots", ()):
        for directive in re.split(r"[,;]\s*|\s+(?!\d)", content.lower()):
            if re.fullmatch(r"[a-z_-]+(?::\s*\S+)?", directive):
                directives[directive.replace(" ", "")] = None
    return Found(tuple(directives), "meta robots" if directives else "")
