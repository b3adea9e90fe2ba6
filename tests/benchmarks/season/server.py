"""All sites of a season on loopback, each at an address of its own; the hour is told to them."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.benchmarks.season.pages import Reply, usual_reply
from tests.benchmarks.season.sites import NewsSite
from tests.benchmarks.season.troubles import Request, Trouble


@dataclass(slots=True)
class World:
    """The sites, what is the matter with them, what time it is, and who asked for what.

    Attributes:
        now: The moment that the sites think it is.
        port: Of all of them.
        asked: By address: when, for which path, and the status of the answer.
        shown: By address: when an answer was another than that of a site in order.
    """

    sites: Sequence[NewsSite]
    troubles: Sequence[Trouble]
    now: datetime
    port: int = 0
    asked: defaultdict[str, list[tuple[datetime, str, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    shown: defaultdict[str, set[datetime]] = field(default_factory=lambda: defaultdict(set))

    def base(self, site: NewsSite) -> str:
        """A site's scheme, host and port."""
        return f"http://{site.address}:{self.port}"

    def active(self, site: NewsSite, now: datetime) -> list[Trouble]:
        """What is the matter with a site at a moment."""
        return [t for t in self.troubles if t.site is site and t.start <= now < t.end]

    def reply(self, site: NewsSite, path: str) -> Reply:
        """What a site answers now."""
        now, base = self.now, self.base(site)
        story = site.find(path, now)
        for trouble in self.active(site, now):
            if path == "/robots.txt" and not trouble.kind.name.startswith("robots"):
                continue
            request = Request(site, base, path, now, story, trouble.start)
            reply = trouble.kind.behave(request)
            if reply is not None:
                return reply
        return usual_reply(site, base, path, now)

    def note_odd(self, site: NewsSite, path: str, reply: Reply, known: str | None) -> None:
        """Note an answer that is not as usual: "not modified" is, to who has the page as it is."""
        usual = usual_reply(site, self.base(site), path, self.now)
        if reply != usual and not (reply.status == 304 and known == usual.etag):
            self.shown[site.address].add(self.now)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a crawl that is killed leaves its connections."""


@contextmanager
def serve(world: World) -> Iterator[None]:
    """Answer for all sites until the block ends."""
    with ExitStack() as stack:
        for site in world.sites:
            server = _Server((site.address, world.port), _handler(world, site))
            server.daemon_threads = True
            world.port = server.server_address[1]
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
        yield


def _handler(world: World, site: NewsSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            reply = world.reply(site, path)
            world.asked[site.address].append((world.now, path, reply.status))
            known = self.headers.get("if-none-match") if site.has_validators else None
            world.note_odd(site, path, reply, known)
            if reply.is_dropped:
                self.close_connection = True
                return
            self._send(reply)

        def _send(self, reply: Reply) -> None:
            is_usual = reply.status == 200 and site.has_validators and reply.body
            if is_usual and self.headers.get("if-none-match") == reply.etag:
                reply = Reply(status=304, headers={"ETag": reply.etag})
                is_usual = False
            self.send_response(reply.status)
            if reply.status != 304:
                self.send_header("Content-Type", reply.content_type)
                if "Content-Length" not in reply.headers:
                    self.send_header("Content-Length", str(len(reply.body)))
            if is_usual:
                self.send_header("ETag", reply.etag)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)
            if int(reply.headers.get("Content-Length", len(reply.body))) > len(reply.body):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    return Handler
