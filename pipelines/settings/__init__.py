"""sources.toml: what to crawl, how often, and what to look out for."""

from pipelines.settings.parse_settings import parse_settings
from pipelines.settings.sources_file import (
    NewSource,
    append_source,
    append_sources,
    load_settings,
    source_name,
)
from pipelines.settings.values import (
    DISCOVER_METHODS,
    DiscoverMethod,
    RulesSettings,
    Settings,
    SourceDefaults,
    SourceSettings,
    is_web_address,
    parse_duration,
)

__all__ = [
    "DISCOVER_METHODS",
    "DiscoverMethod",
    "NewSource",
    "RulesSettings",
    "Settings",
    "SourceDefaults",
    "SourceSettings",
    "append_source",
    "append_sources",
    "is_web_address",
    "load_settings",
    "parse_duration",
    "parse_settings",
    "source_name",
]
