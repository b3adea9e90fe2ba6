"""From a source's settings to what its requests say."""

from pipelines.settings.request_values import authorization_of
from pipelines.settings.values import SourceDefaults, SourceSettings
from scraper.request_settings import ProxyServer, RequestSettings


def request_settings(source: SourceSettings) -> RequestSettings:
    """What the requests for a source say beside what all do.

    Example:
        >>> source = SourceSettings(name="a", url="https://a.example/", auth="reader:secret")
        >>> request_settings(source).authorization
        'Basic cmVhZGVyOnNlY3JldA=='
    """
    proxy = source.proxy
    return RequestSettings(
        homes=(source.url, *source.seeds),
        user_agent=source.user_agent,
        accept_language=source.accept_language,
        headers=tuple(source.headers.items()),
        cookies=tuple(source.cookies.items()),
        authorization=authorization_of(source.auth),
        proxy=None if proxy is None else ProxyServer(proxy.url, is_trusted=proxy.trusted),
        timeout_seconds=source.timeout_seconds,
        ca_file=source.ca_file,
    )


def usual_request_settings(defaults: SourceDefaults, url: str) -> RequestSettings:
    """What the requests for a source at `url` will say when its entry names nothing of its own."""
    values = {name: getattr(defaults, name) for name in SourceDefaults.model_fields}
    return request_settings(SourceSettings.model_construct(**values, name=url, url=url))
