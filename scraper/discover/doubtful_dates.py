"""Dates of a list that say when the list was made, and nothing about what it names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from scraper.discover.links import Outlink

_FEW: Final = 5  # so many stories can well be of one moment
_SHARE: Final = 0.8
_JUST_NOW: Final = timedelta(minutes=10)


def without_doubtful_dates(links: Sequence[Outlink], read_at: datetime) -> tuple[Outlink, ...]:
    """The links, without dates that nearly all of them share, or that are all of this moment.

    Many systems write the time they make a sitemap, or last built the site, as that of every page:
    believed, it makes all of a site new at every look.

    Args:
        links: Of one list.
        read_at: When it was fetched.
    """
    dates = [link.lastmod for link in links if link.lastmod is not None]
    if len(dates) < _FEW:
        return tuple(links)
    most = _SHARE * len(dates)
    common, times = Counter(dates).most_common(1)[0]
    just_now = read_at - _JUST_NOW
    is_now = sum(date > just_now for date in dates) >= most
    return tuple(
        replace(link, lastmod=None, listing=link.listing and link.listing.without_date())
        if link.lastmod is not None
        and ((times >= most and link.lastmod == common) or (is_now and link.lastmod > just_now))
        else link
        for link in links
    )
