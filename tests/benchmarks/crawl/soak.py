"""A long crawl: whether memory after many pages is what it was after few, and hosts are kept busy.

    python -m tests.benchmarks.crawl.soak --pages 100000 --hosts 50
    python -m tests.benchmarks.crawl.soak --pages 2000 --hosts 200 --delay 1

Each page is made when it is asked for, by a server in a process of its own. Printed are the memory
of all processes of the crawl, about once for each tenth of the pages, its slope from the second
tenth on, and with a delay the share of the requests that the delays allow.
"""

import argparse
import asyncio
import multiprocessing
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.benchmarks.processes import family, proportional_bytes

_PORT = 8931
_CRAWL = [sys.executable, "-c", "from pipelines.cli import main; main()", "crawl", "--quiet"]
_WORDS = (
    "harbour council bridge winter ferry market school river station museum garden orchard "
    "library festival railway lantern meadow quarry tunnel vineyard weather signal timber canal"
).split()


def story(host: str, number: int) -> bytes:
    """A small article that no other page of the site repeats."""
    chance = random.Random(f"{host}/{number}")
    paragraphs = (
        "<p>" + " ".join(chance.choices(_WORDS, k=60)).capitalize() + ".</p>" for _ in range(4)
    )
    title = " ".join(chance.choices(_WORDS, k=6)).capitalize()
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head><body><article>"
        f"<h1>{title}</h1>{''.join(paragraphs)}</article></body></html>"
    ).encode()


def sitemap(host: str, pages: int) -> bytes:
    """All pages of a host."""
    urls = (f"<url><loc>http://{host}:{_PORT}/news/{n}.html</loc></url>" for n in range(pages))
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<urlset xmlns="{space}">{"".join(urls)}</urlset>'.encode()


def serve(hosts: list[str], pages: int) -> None:
    """Answer on every host until the process is ended."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode()
                found = re.fullmatch(r"/news/(\d+)\.html", path)
                status, body, kind = "404 Not Found", b"", "text/plain"
                if found is not None:
                    status, body, kind = "200 OK", story(host, int(found[1])), "text/html"
                elif path == "/sitemap.xml":
                    status, body, kind = "200 OK", sitemap(host, pages), "application/xml"
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def run() -> None:
        for host in hosts:
            await asyncio.start_server(answer, host, _PORT)
        await asyncio.Event().wait()

    asyncio.run(run())


def watch(process: "subprocess.Popen[bytes]", database: Path, pages: int) -> list[tuple[int, int]]:
    """Pages stored and memory, about ten times until the crawl ends."""
    samples: list[tuple[int, int]] = []
    while process.poll() is None:
        time.sleep(0.5)
        try:
            with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
                done = db.execute("SELECT max(id) FROM fetches").fetchone()[0] or 0
        except sqlite3.Error:
            continue
        # At the end the processes that read pages are gone, and their memory says nothing.
        if pages * 0.95 > done >= pages / 10 * (len(samples) + 1):
            memory = sum(proportional_bytes(pid) for pid in family(process.pid))
            samples.append((done, memory))
            print(f"  {done:7} pages  {memory / 1e6:6.0f} MB", flush=True)
    return samples


def main() -> None:
    """Crawl, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=int(os.environ.get("WINNOW_SOAK", "400")))
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--delay", type=float, default=0.0)
    options = parser.parse_args()
    hosts = [f"127.0.{1 + i // 250}.{1 + i % 250}" for i in range(options.hosts)]
    of_each = -(-options.pages // options.hosts)
    server = multiprocessing.get_context("spawn").Process(
        target=serve, args=(hosts, of_each), daemon=True
    )
    server.start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sources.toml").write_text(
            "[defaults]\nallow_private = true\nkeep_pages = false\n"
            f"max_articles_per_crawl = {of_each}\ndelay_seconds = {options.delay}\n"
            + "".join(
                f'[[source]]\nname = "s{i}"\nurl = "http://{host}:{_PORT}/sitemap.xml"\n'
                for i, host in enumerate(hosts)
            )
        )
        started = time.monotonic()
        process = subprocess.Popen(_CRAWL, cwd=folder)
        samples = watch(process, folder / "data/articles.db", of_each * options.hosts)
        seconds = time.monotonic() - started
        with closing(sqlite3.connect(folder / "data/articles.db")) as db:
            articles = db.execute("SELECT count(*) FROM articles").fetchone()[0]
            first, last, count = db.execute(
                "SELECT min(julianday(fetched_at)), max(julianday(fetched_at)), count(*) "
                "FROM fetches"
            ).fetchone()
    server.terminate()
    server.join()
    print(f"{articles} articles in {seconds:.0f} s")
    if len(samples) > 2:
        (early, low), (late, high) = samples[1], samples[-1]
        slope = (high - low) / max(late - early, 1)
        print(f"memory {low / 1e6:.0f} -> {high / 1e6:.0f} MB, {slope:.0f} bytes a page")
    if options.delay:
        allowed = options.hosts * ((last - first) * 86_400 / options.delay + 1)
        print(f"{count / allowed:.1%} of the requests that the delays allow")


if __name__ == "__main__":
    main()
