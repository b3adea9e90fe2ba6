"""The demo sites on loopback, each at a port of its own."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

from pipelines.demo.demo_sites import DemoSite, load_sites
from pipelines.demo.render_site import Resource, render_site


@dataclass(frozen=True)
class ServedSite:
    """A demo site and where it is to be found."""

    site: DemoSite
    base_url: str


FIRST_PORT: Final = 47_201
"""Where `winnow demo` serves: the same addresses each time, so that articles are found again."""


@contextmanager
def serve_demo(first_port: int = 0) -> Iterator[tuple[ServedSite, ...]]:
    """Serve all bundled sites on 127.0.0.1 for as long as the context lasts.

    Args:
        first_port: The port of the first site, the next one for the next and so on; where one is
            taken, and for 0, any free port.
    """
    with ExitStack() as stack:
        yield tuple(
            stack.enter_context(serve_site(site, first_port and first_port + number))
            for number, site in enumerate(load_sites())
        )


@contextmanager
def serve_site(site: DemoSite, port: int = 0) -> Iterator[ServedSite]:
    """Serve one site on 127.0.0.1 at this port; where it is taken, and for 0, at any free one.

    Raises:
        OSError: There is no port to be had.
    """
    resources: dict[str, Resource] = {}

    class Handler(_Handler):
        pages = resources

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError:
        if not port:
            raise
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    base_url = f"http://127.0.0.1:{server.server_address[1]}"
    resources.update(render_site(site, base_url))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield ServedSite(site, base_url)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    pages: Mapping[str, Resource]
    protocol_version = "HTTP/1.1"
    timeout = 20
    # Headers and body leave in one piece; two small ones would wait for each other (RFC 896).
    wbufsize = -1

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        resource = self.pages.get(self.path.partition("?")[0])
        if resource is None:
            self._send(HTTPStatus.NOT_FOUND, Resource(b"Not found\n", "text/plain"), with_body)
        elif self.headers.get("If-None-Match") == resource.etag:
            self._send(HTTPStatus.NOT_MODIFIED, resource, with_body=False)
        else:
            self._send(HTTPStatus.OK, resource, with_body)

    def _send(self, status: HTTPStatus, resource: Resource, with_body: bool) -> None:
        self.send_response(status)
        self.send_header("ETag", resource.etag)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", resource.content_type)
            self.send_header("Content-Length", str(len(resource.body)))
        self.end_headers()
        if with_body:
            self.wfile.write(resource.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing: the crawl reports what happens."""
