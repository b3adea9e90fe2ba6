"""Pages as browsers and their extensions save them, each with its address."""

import base64
import json
import quopri
from pathlib import Path

import pytest

from tests.pipelines.command_line import run_winnow
from tests.pipelines.ingest.archives import news_page
from tests.pipelines.ingest.kept import articles_in, failures_in, take_in, texts_in

URL = "https://courier.example/2031/03/04/flood.html"
PAGE = news_page(7).replace("hills above", "hügel above")
PICTURE = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"


def related(
    *parts: bytes, head: bytes = b"", kind: bytes = b"related", mark: bytes = b"=_x"
) -> bytes:
    """A message of several parts."""
    lines = b'MIME-Version: 1.0\r\nContent-Type: multipart/%b;\r\n\tboundary="%b"\r\n' % (
        kind,
        mark,
    )
    body = b"".join(b"--%b\r\n%b\r\n" % (mark, part) for part in parts)
    return head + lines + b"\r\npreamble\r\n" + body + b"--%b--\r\n" % mark


def html_part(page: str = PAGE, coding: str = "quoted-printable", head: str = "") -> bytes:
    """A part with a page."""
    data = page.encode()
    match coding:
        case "quoted-printable":
            data = quopri.encodestring(data)
        case "base64":
            data = base64.encodebytes(data)
    lines = f"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: {coding}\r\n"
    return f"{lines}{head}\r\n".encode() + data


LOCATED = f"Content-Location: {URL}\r\n"
FRAME = html_part(news_page(8), head="Content-Location: https://ads.example/frame.html\r\n")
MESSAGES = {
    "chrome": related(html_part(head=LOCATED), PICTURE, FRAME,
                      head=b"From: <Saved by Blink>\r\nSnapshot-Content-Location: %b\r\n"
                      % URL.encode()),
    "base64": related(html_part(coding="base64", head=LOCATED), FRAME),
    "as it is": related(html_part(coding="8bit", head=LOCATED)),
    "page behind pictures": related(PICTURE, html_part(head=LOCATED)),
    "a choice inside": related(
        related(b"Content-Type: text/plain\r\n\r\nFlood", html_part(head=LOCATED),
                kind=b"alternative", mark=b"inner"), PICTURE),
    "named start": related(
        FRAME, html_part(head=f"Content-ID: <main@x>\r\n{LOCATED}"), mark=b'y'
    ).replace(b"boundary=", b'start="<main@x>"; boundary='),
    "base address": related(html_part(head="Content-Base: https://courier.example/2031/03/04/\r\n"
                                           "Content-Location: flood.html\r\n")),
    "folded": related(html_part(head=f"Content-Location: {URL[:30]}\r\n {URL[30:]}\r\n")),
    "one part": b"MIME-Version: 1.0\r\n" + html_part(head=LOCATED),
    "line feeds": related(html_part(head=LOCATED), FRAME).replace(b"\r\n", b"\n"),
    "cut off": related(html_part(head=LOCATED)).rpartition(b"All rights")[0],
}  # fmt: skip


@pytest.mark.parametrize("what", MESSAGES)
@pytest.mark.parametrize("path", ["in/page.mhtml", "in", "in/renamed", "-"])
def test_mhtml_is_decoded_and_has_its_address(tmp_path: Path, what: str, path: str) -> None:
    (tmp_path / "in").mkdir()
    name = "renamed" if path == "in/renamed" else "page.mhtml"
    (tmp_path / "in" / name).write_bytes(MESSAGES[what])
    outcome = take_in(tmp_path, path, stdin=MESSAGES[what] if path == "-" else b"")
    assert (outcome.code, outcome.errors) == (0, [])
    assert articles_in(tmp_path) == {URL: "Flood report 7"}
    assert "hügel above" in texts_in(tmp_path)[0]
    expected = [(URL, "CutShort")] if what == "cut off" else []
    assert failures_in(tmp_path) == expected


@pytest.mark.parametrize(
    "message",
    [
        related(PICTURE),
        related(html_part("")),
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n",
        b"x" * 3000,
        related(b"x" * 100, kind=b"related" * 100),
    ],
)
def test_what_holds_no_page_is_a_failure(tmp_path: Path, message: bytes) -> None:
    (tmp_path / "page.mht").write_bytes(message)
    assert take_in(tmp_path, "page.mht").code == 1
    assert failures_in(tmp_path) == [("page.mht", "not a page")]


def test_parts_in_parts_without_end_are_a_failure(tmp_path: Path) -> None:
    inner = html_part()
    for number in range(200):
        inner = related(inner, mark=b"m%d" % number)
    (tmp_path / "page.mht").write_bytes(inner)
    outcome = take_in(tmp_path, "page.mht")
    assert outcome.code == 1
    assert "deep" in outcome.errors[0]


def single_file(page: str, url: str = URL) -> str:
    """A page as SingleFile saves it."""
    comment = (
        f"<!--\n Page saved with SingleFile \n url: {url} \n saved date: Tue Mar 04 2031 18:30:00 "
        "GMT+0200 (Eastern European Standard Time)\n-->"
    )
    return page.replace('<html lang="en">', f'<html lang="en">{comment}')


def test_a_page_of_single_file_has_its_address_and_time(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(single_file(news_page(7)))
    assert take_in(tmp_path, "a.html", "--keep-pages").code == 0
    assert list(articles_in(tmp_path)) == [URL]


def test_a_page_that_is_large_for_its_pictures_is_read(tmp_path: Path) -> None:
    picture = base64.b64encode(bytes(range(256)) * 40_000).decode()
    data = f"data:image/png;base64,{picture}"
    images = f'<img src="{data}"><img src={data} alt=x>'
    page = single_file(news_page(7)).replace("<main>", f"<main>{images}")
    assert len(page) > 25_000_000
    (tmp_path / "a.html").write_text(page)
    outcome = take_in(tmp_path, "a.html")
    assert (outcome.code, outcome.errors) == (0, [])
    assert articles_in(tmp_path) == {URL: "Flood report 7"}
    (tmp_path / "b.html").write_text(news_page(8) + "<p>" + "words " * 2_000_000)
    assert take_in(tmp_path, "b.html").code == 1


def test_frames_of_a_saved_page_are_no_articles(tmp_path: Path) -> None:
    saved = tmp_path / "in"
    for name in ("Flood_files/ad.html", "Flood_files/deep/saved_resource.html",
                 "Regen-Dateien/x.htm", "my_files/story.html",
                 "other/saved_resource.html"):  # fmt: skip
        (saved / name).parent.mkdir(parents=True, exist_ok=True)
        (saved / name).write_text(news_page(len(name)))
    (saved / "Flood.html").write_text(news_page(1))
    (saved / "Regen.htm").write_text(news_page(2))
    outcome = take_in(tmp_path, "in")
    assert outcome.code == 0
    assert "3 frame" in outcome.out
    assert len(articles_in(tmp_path)) == 4


@pytest.mark.parametrize("path", ["in", "in/a", "in/b.html", "-"])
def test_a_control_character_makes_no_binary_file(tmp_path: Path, path: str) -> None:
    (tmp_path / "in").mkdir()
    page = news_page(7).encode().replace(b"boats", b"bo\x00ats").replace(b"<title>", b"<title>\x07")
    name = "b.html" if path == "in/b.html" else "a"
    (tmp_path / "in" / name).write_bytes(page)
    outcome = take_in(tmp_path, path, stdin=page if path == "-" else b"")
    assert (outcome.code, outcome.errors) == (0, [])
    assert "This was report number 7." in texts_in(tmp_path)[0]


def test_what_is_binary_is_a_failure_in_a_folder_as_alone(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/data").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "in/paper.pdf").write_bytes(b"%PDF-1.7\n" + bytes(100))
    (tmp_path / "in/empty.html").write_bytes(b"")
    (tmp_path / "in/style.css").write_text("p {}")
    (tmp_path / "in/a.html").write_text(news_page(1))
    names = ["in/data", "in/empty.html", "in/paper.pdf"]
    outcome = take_in(tmp_path, "in")
    assert outcome.code == 1
    assert failures_in(tmp_path) == [(name, "not a page") for name in names]
    assert "1 beside pages" in outcome.out
    for name in names:
        assert take_in(tmp_path, name, "--anew").code == 1


@pytest.mark.parametrize("what", ["chrome", "base64", "cut off"])
def test_one_page_in_mhtml_is_extracted_decoded(tmp_path: Path, what: str) -> None:
    (tmp_path / "page.mhtml").write_bytes(MESSAGES[what])
    outcome = run_winnow(tmp_path, "extract", "page.mhtml")
    assert outcome.code == 0
    record = json.loads(outcome.out)
    assert (record["url"], record["title"]) == (URL, "Flood report 7")
    assert "hügel above" in record["text"]
