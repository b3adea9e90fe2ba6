"""A window of a browser, and what went wrong in it."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (1280, 390)


@contextmanager
def look(
    browser: "Browser", width: int, scheme: Literal["light", "dark"] = "light"
) -> Iterator["Page"]:
    """A page to open addresses in; in the end it must have had no error and stayed at home."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, device_scale_factor=1
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert problems == []
    away = [
        url
        for url in asked
        if urlsplit(url).scheme not in {"file", "data"} and urlsplit(url).hostname != "127.0.0.1"
    ]
    assert away == []


def check_picture(page: "Page", file: Path) -> None:
    """What the window shows goes to `file`; it is not blank, and nothing is wider than it."""
    page.screenshot(path=file)
    size = page.viewport_size
    assert size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    width, colours = _read_png(file.read_bytes())
    assert width == size["width"]
    assert colours > 30, f"{file}: next to blank"


def _read_png(picture: bytes) -> tuple[int, int]:
    """Width in pixels, and how many different bytes its lines are made of: of a blank page few."""
    width = struct.unpack(">I", picture[16:20])[0]
    at, packed = 8, b""
    while at < len(picture):
        length = struct.unpack(">I", picture[at : at + 4])[0]
        if picture[at + 4 : at + 8] == b"IDAT":
            packed += picture[at + 8 : at + 8 + length]
        at += length + 12
    return width, len(set(zlib.decompress(packed)))
