"""A small news site on loopback that counts who asks for what."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_WORDS = (
    "harbour council bridge winter ferry market school river station museum garden orchard "
    "library festival railway lantern meadow quarry tunnel vineyard weather signal timber canal"
).split()


@dataclass
class Answer:
    """What the site says to one path."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False


@dataclass
class Site:
    """A running site: change `pages` at any time; `requests` counts paths, 304 apart.

    `asked_at` has every request with its time.

    What `queries` has is found by path and query together. With `last_modified`, answers have this
    date and no ETag.
    """

    url: str = ""
    pages: dict[str, Answer] = field(default_factory=dict)
    queries: dict[str, Answer] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    asked_at: list[tuple[float, str]] = field(default_factory=list)
    last_modified: str | None = None

    def add_articles(self, count: int, folder: str = "news") -> list[str]:
        paths = [f"/{folder}/{story_slug(i)}-{i:04}.html" for i in range(count)]
        for i, path in enumerate(paths):
            self.pages[path] = Answer(story(i))
        return paths

    def add_index(self, paths: list[str]) -> None:
        links = "".join(f'<h2><a href="{p}">{story_title(i)}</a></h2>' for i, p in enumerate(paths))
        self.pages["/"] = Answer(f"<html><title>Front</title><body>{links}</body></html>".encode())

    def add_sitemap(self, paths: list[str], lastmod: str | None = None) -> None:
        date = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
        urls = "".join(f"<url><loc>{self.url}{path}</loc>{date}</url>" for path in paths)
        self.pages["/sitemap.xml"] = Answer(
            '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            f"{urls}</urlset>".encode(),
            content_type="application/xml",
        )

    def sources_toml(self, name: str = "local", path: str = "/", more: str = "") -> str:
        return (
            f'[[source]]\nname = "{name}"\nurl = "{self.url}{path}"\nallow_private = true\n'
            f"delay_seconds = 0.0\n{more}\n"
        )


def story_slug(number: int) -> str:
    return "-".join(_WORDS[(number * k + k) % len(_WORDS)] for k in (1, 3, 5, 7))


def story_title(number: int) -> str:
    return f"The {story_slug(number).replace('-', ' ')} story number {number}"


def story(number: int, extra: str = "") -> bytes:
    sentences = [
        f"On day {number} the {_WORDS[(number + k) % 24]} by the {_WORDS[(number * k) % 24]} "
        f"was opened again, said the keeper of the {_WORDS[(number + 2 * k) % 24]}, "
        f"who had waited {k + number} years for it to happen."
        for k in range(12)
    ]
    body = "".join(f"<p>{' '.join(sentences[k : k + 3])}</p>" for k in range(0, 12, 3))
    return (
        f"<!doctype html><html lang=en><head><title>{story_title(number)}</title></head><body>"
        f"<nav><a href='/'>Front page</a> <a href='/about'>About us</a></nav>"
        f"<main><article><h1>{story_title(number)}</h1>{body}{extra}</article></main>"
        f"<footer>All rights reserved</footer></body></html>"
    ).encode()


_NOT_HERE = Answer(b"not here", 404, "text/plain")


@contextmanager
def serve(host: str = "127.0.0.1", port: int = 0) -> Iterator[Site]:
    """A site on a free port of a loopback address until the block ends."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            site.asked_at.append((time.monotonic(), path))
            answer = site.queries.get(self.path) or site.pages.get(path, _NOT_HERE)
            if answer.drop:
                site.requests[path] += 1
                self.close_connection = True
                return
            etag = f'"{md5(answer.body).hexdigest()}"'  # noqa: S324 - names a version, no secret
            validator = ("ETag", etag)
            condition = self.headers.get("if-none-match")
            if site.last_modified is not None:
                validator = ("Last-Modified", site.last_modified)
                condition = self.headers.get("if-modified-since")
            if answer.status == 200 and condition == validator[1]:
                site.unchanged[path] += 1
                self.send_response(304)
                self.send_header(*validator)
                self.end_headers()
                return
            site.requests[path] += 1
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            if "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body)))
            else:
                self.close_connection = True
            self.send_header(*validator)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    site.url = f"http://{host}:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
