"""Pages from the network: one client, one queue per host, limits on everything."""

from scraper.fetch.client import Fetcher
from scraper.fetch.fetch_options import FetchOptions
from scraper.fetch.manners.retry_policy import is_transient

__all__ = ["FetchOptions", "Fetcher", "is_transient"]
