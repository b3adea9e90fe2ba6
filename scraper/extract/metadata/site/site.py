"""The name of the site that publishes a page, and the page's canonical address."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from scraper.extract.metadata.clean import clean_text, clean_url, fold
from scraper.extract.metadata.found import Found
from scraper.extract.metadata.site.masthead import masthead_names
from scraper.extract.metadata.survey import Survey
from scraper.extract.structured.structured_data import nodes_of_type
from scraper.urls.web_urls import hostname_of, written_hostname_of

_THIS_MACHINE: Final = frozenset(("localhost", "127.0.0.1"))


def find_site_name(survey: Survey) -> Found[str]:
    """The publication's name as its readers know it; "" when the page does not say."""
    for name in ("og:site_name", "application-name", "al:ios:app_name", "dc.publisher"):
        text = survey.meta(name)
        if text and not _is_address(text) and len(text) <= 100:  # longer ones are slogans
            return Found(text, f"meta {name}")
    for node in nodes_of_type(survey.structured, "WebSite", nested=False):
        text = clean_text(node.get("name"))
        if text:
            return Found(text, "json-ld WebSite.name")
    text = _publisher(survey)
    if text:
        return Found(text, "json-ld publisher")
    for name in masthead_names(survey):
        if fold(name) and fold(name) in fold(survey.title_tag):
            return Found(name, "masthead")
    return Found(survey.meta("og:site_name"), "meta og:site_name")


def _publisher(survey: Survey) -> str:
    publisher: Any = survey.structured.resolve(survey.article.get("publisher"))
    if isinstance(publisher, list):
        publisher = survey.structured.resolve(publisher[0]) if publisher else None
    if isinstance(publisher, dict):
        publisher = publisher.get("name")
    return clean_text(publisher)


def _is_address(text: str) -> bool:
    return text.startswith(("http:", "https:", "@"))


def site_names(survey: Survey) -> set[str]:
    """Every name the page gives its site, folded for comparison, the domain's own among them."""
    if survey.names is None:
        survey.names = frozenset(_find_site_names(survey))
    return set(survey.names)


def _find_site_names(survey: Survey) -> Iterator[str]:
    names = {
        survey.meta("og:site_name"),
        survey.meta("application-name"),
        survey.meta("apple-mobile-web-app-title"),
        survey.meta("twitter:site").lstrip("@"),
        _publisher(survey),
    }
    for node in nodes_of_type(
        survey.structured, "WebSite", "Organization", "NewsMediaOrganization", nested=False
    ):
        names.add(clean_text(node.get("name")))
    hostname = written_hostname_of(survey.url or "").removeprefix("www.")
    names.add(hostname)
    # Labels of three letters name no site: too many words of titles begin or end so.
    names.update(label for label in hostname.split(".")[:-1] if len(label) >= 4)
    yield from (folded for name in names if (folded := fold(name)))


def find_canonical_url(survey: Survey) -> Found[str]:
    """The address the page names as its own, absolute; "" when it names none that makes sense."""
    for element in survey.links.get("canonical", ()):
        url = clean_url(element.get("href"), survey.base_url)
        if url and _is_plausible(url, survey.url):
            return Found(url, "link rel=canonical")
    for name in ("og:url", "twitter:url"):
        url = clean_url(survey.meta(name), survey.base_url)
        if url and _is_plausible(url, survey.url):
            return Found(url, f"meta {name}")
    return Found("", "")


def _is_plausible(url: str, page_url: str | None) -> bool:
    """A canonical address of an article is not the site's front page or another machine."""
    parts = urlsplit(url)
    if hostname_of(url) in _THIS_MACHINE and hostname_of(page_url or "") not in _THIS_MACHINE:
        return False
    if not page_url:
        return True
    try:
        own = urlsplit(page_url)
    except ValueError:
        return True
    is_front = parts.path in {"", "/"} and not parts.query
    return not is_front or (own.path in {"", "/"} and not own.query)
