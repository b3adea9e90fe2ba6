"""What can go wrong while a page is fetched or read.

    ScraperError
    ├── FetchError
    │   ├── FetchTimeoutError       the page took longer than allowed
    │   ├── ConnectFailedError      no connection: name, network or TLS
    │   ├── ProxyError              the proxy that a source names is not to be had
    │   ├── StatusError             the server answered 4xx or 5xx
    │   ├── HostBackingOffError     the host keeps failing, or asked not to be asked for a while
    │   ├── RedirectError           a loop, too many hops, or nowhere to go
    │   ├── RobotsError             robots.txt does not allow the URL
    │   ├── UnreadableError         an answer came that is damaged, empty or none at all
    │   ├── TooLargeError           more bytes than the cap, before or after decompression
    │   ├── RefusedAddressError     the host resolves to an address a crawl must not reach
    │   └── ContentTypeError        not a page: PDF, image, archive …
    ├── RenderError                 no browser, or the page was too much for it
    └── ExtractionError             the bytes hold no document that can be read

Every error carries the URL it is about; its message says what to do where that is known. Messages
quote servers and pages, so that whatever would be a command to a terminal is taken out of them.
"""

import re
from typing import Final

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class ScraperError(Exception):
    """Root of everything this library raises on purpose.

    Attributes:
        url: The page it is about; None where the bytes came without one.
    """

    def __init__(self, message: str, *, url: str | None = None) -> None:
        super().__init__(_CONTROLS.sub("", message))
        self.url = url

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled with all it carries: some kinds cannot be made anew from a message alone."""
        return _restore, (type(self), self.args, self.__dict__)


def _restore(
    kind: type[ScraperError], args: tuple[object, ...], state: dict[str, object]
) -> ScraperError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class FetchError(ScraperError):
    """A page could not be fetched."""


class FetchTimeoutError(FetchError):
    """Connecting, waiting or the whole transfer took longer than allowed."""


class ProxyError(FetchError):
    """The proxy that a source names cannot be reached, or does not pass the request on."""


class ConnectFailedError(FetchError):
    """The host could not be found or reached, or its TLS certificate is not to be trusted.

    Attributes:
        is_transient: Whether asking again soon may help; False for a name that does not exist
            or a certificate that is not to be trusted.
    """

    def __init__(self, message: str, *, url: str | None = None, is_transient: bool = True) -> None:
        super().__init__(message, url=url)
        self.is_transient = is_transient


class StatusError(FetchError):
    """The server answered with an error status.

    Attributes:
        status: The HTTP status code.
        retry_after_seconds: What the server asked for in Retry-After; None when it did not.
    """

    def __init__(
        self,
        message: str,
        *,
        url: str | None = None,
        status: int,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message, url=url)
        self.status = status
        self.retry_after_seconds = retry_after_seconds


class HostBackingOffError(FetchError):
    """The host is backed off from, because it keeps failing or asked for it; nothing was sent.

    Attributes:
        retry_after_seconds: How much longer it will not be asked.
    """

    def __init__(self, message: str, *, url: str | None = None, retry_after_seconds: float) -> None:
        super().__init__(message, url=url)
        self.retry_after_seconds = retry_after_seconds


class RedirectError(FetchError):
    """Redirects form a loop, are too many, or lead to something that is not a web page."""


class RobotsError(FetchError):
    """The site's robots.txt does not allow this URL."""


class UnreadableError(FetchError):
    """An answer came that cannot be read: damaged, empty, or none to what was asked.

    It is one page's fault, not its host's.
    """


class TooLargeError(FetchError):
    """The body is larger than the cap, before or after decompression."""


class RefusedAddressError(FetchError):
    """The host is private, loopback, link-local or otherwise not on the public Internet."""


class ContentTypeError(FetchError):
    """The URL leads to something that is not a page."""


class RenderError(ScraperError):
    """A browser could not render the page."""


class ExtractionError(ScraperError):
    """There is no document in these bytes."""
