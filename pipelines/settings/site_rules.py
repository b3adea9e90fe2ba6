"""The rules in sources.toml, as extraction takes them."""

from pipelines.settings.values import Settings, SourceSettings
from scraper.sites.rules import SiteRules
from scraper.urls.web_urls import is_same_or_subdomain


def site_rules(source: SourceSettings) -> SiteRules | None:
    """The rules of a source; None when it has none."""
    rules = source.rules
    if not any((rules.title, rules.body, rules.authors, rules.date, rules.remove)):
        return None
    return SiteRules(
        title=rules.title,
        body=rules.body,
        authors=rules.authors,
        date=rules.date,
        remove=rules.remove,
    )


def find_site_rules(settings: Settings, url: str) -> SiteRules | None:
    r"""The rules for a page of this URL: those of the first source of its site that has any.

    Example:
        >>> from pipelines.settings.parse_settings import parse_settings
        >>> text = "[[source]]\nname='a'\nurl='https://a.example/'\nrules={title='h1'}"
        >>> rules = find_site_rules(parse_settings(text), "https://www.a.example/news/1")
        >>> rules.title if rules else None
        'h1'
    """
    of_site = (site_rules(s) for s in settings.sources if url and is_same_or_subdomain(s.url, url))
    return next((rules for rules in of_site if rules is not None), None)
