"""What is written for a site that was looked at, and what there is to be said about it."""

import re
from dataclasses import dataclass
from typing import Any, Final

from pipelines.adding.probe_site import SiteProbe
from pipelines.adding.wanted_sites import WantedSite
from pipelines.page.read_apart import PAGE_TIMEOUT_SECONDS
from pipelines.settings import NewSource, is_web_address, source_name
from scraper.fetch.browser import find_missing

_LONGEST_NAME: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOptions:
    """What is to be written for each site besides what it offers.

    Attributes:
        name: What to call it; None for a name made from its title or address.
        every: How often to crawl it; None for each time a crawl is asked for.
        allow_private: Whether it is on this or a private network.
        page_timeout_seconds: How long reading one page may take before it is given up.
    """

    name: str | None = None
    every: str | None = None
    allow_private: bool = False
    page_timeout_seconds: float = PAGE_TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """An entry for a site.

    Attributes:
        source: What is to be written.
        remarks: What is good to know about a crawl of it.
    """

    source: NewSource
    remarks: tuple[str, ...]


def compose_entry(site: WantedSite, probe: SiteProbe, options: AddOptions) -> SiteEntry:
    """The entry for a site, by what it offers."""
    url, seeds = _addresses(probe)
    keys: dict[str, Any] = {"seeds": seeds} if seeds else {}
    if options.every:
        keys["every"] = options.every
    if options.allow_private:
        keys["allow_private"] = True
    missing = find_missing() if probe.is_scripted else None
    if probe.is_scripted and missing is None:  # without a browser no source could be crawled
        keys["render"] = "auto"
    title = f"{site.title}: " if site.title else ""
    source = NewSource(
        name=options.name or _name_of(site, probe),
        url=url,
        comment=title + describe_probe(probe),
        keys=keys,
    )
    return SiteEntry(source, _remarks(site, probe, missing))


def _addresses(probe: SiteProbe) -> tuple[str, list[str]]:
    """The address of an entry, and its seeds: a page that cannot be read is no part of it."""
    found = [item.url for item in (*probe.feeds, *probe.sitemaps) if is_web_address(item.url)]
    if probe.obstacle is not None and found:
        return found[0], found[1:]
    return probe.url, [url for url in found if url != probe.url]


def _remarks(site: WantedSite, probe: SiteProbe, missing: str | None) -> tuple[str, ...]:
    found = []
    if site.page_url and site.page_url == probe.url != site.url:
        found.append(f"nothing answers at {site.url} any more: the site's page is taken instead")
    if probe.obstacle is not None:
        found.append(f"the page {probe.obstacle.what}: what is open beside it is crawled")
    if probe.is_scripted and missing is None:
        found.append('its page is built by scripts: render = "auto" has a browser build it')
    if probe.is_scripted and missing is not None:
        found.append(
            f"its page is built by scripts, which takes a browser: {missing}; "
            'then write render = "auto" into its entry'
        )
    if probe.remark:
        found.append(f"the page {probe.remark}")
    if probe.more_feeds:
        found.append(f"the page names {_count(probe.more_feeds, 'more feed')}: add them by address")
    found += probe.unread
    if not probe.leads_anywhere and not probe.is_scripted:
        found.append("nothing to find articles by was found; is this the right page?")
    return tuple(found)


def describe_probe(probe: SiteProbe) -> str:
    """What a site offers, in one line.

    Example:
        >>> describe_probe(SiteProbe(url="https://example.org/", article_links=1))
        'no feeds, no sitemaps, 1 link to articles on the page.'
    """
    if probe.kind != "page":
        return f"A {probe.kind}."
    counts = [_count(len(probe.feeds), "feed"), _count(len(probe.sitemaps), "sitemap")]
    if probe.obstacle is not None:
        return f"{', '.join(counts)}; the page itself {probe.obstacle.what}."
    return f"{', '.join(counts)}, {_count(probe.article_links, 'link')} to articles on the page."


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _name_of(site: WantedSite, probe: SiteProbe) -> str:
    """A name to type: from the title of a subscription, else from the address."""
    words = re.sub(r"[^\w]+", "-", (site.title or "").lower())[:_LONGEST_NAME].strip("-_")
    return words or source_name(probe.url)
