"""Records of pages: JSON lines as others write them, and ARC archives."""

import base64
import gzip
import json
from pathlib import Path

import pytest

from pipelines.ingest.inputs import find_inputs
from pipelines.ingest.items import START, Place
from pipelines.ingest.read_input import read_input
from tests.pipelines.ingest.archives import WEATHER, news_page, page_url, skips_of, urls_of
from tests.pipelines.ingest.kept import articles_in, failures_in, take_in, texts_in

TEXT = "\n\n".join(WEATHER)
RECORDS = [
    {"url": page_url(0), "html": news_page(0), "fetched_at": "2031-03-04T10:00:00Z"},
    {"title": "Flood report 1", "text": TEXT + " One.", "metadata": {"url": page_url(1)}},
    {"id": 2, "link": page_url(2), "body": news_page(2), "text": "Flood", "status": 200},
    {"url": page_url(3), "httpResponseBody": base64.b64encode(news_page(3).encode()).decode()},
    {"raw_content": f"Flood report 4\n\n{TEXT} Four.", "url": page_url(4), "headers": {}},
]
ALL = {page_url(number): f"Flood report {number}" for number in range(5)}
LINES = [json.dumps(record) for record in RECORDS]
FORMS = {
    "lines": "\n".join(LINES),
    "with a mark": "\ufeff" + "\r\n".join(LINES) + "\r\n",
    "an array over many lines": "[\n" + ",\n".join(LINES) + "\n]\n",
    "an array on one": json.dumps(RECORDS),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", ["in/items.jl", "in", "in/items.json", "-"])
def test_json_lines_are_read(tmp_path: Path, form: str, path: str) -> None:
    (tmp_path / "in").mkdir()
    data = FORMS[form].encode()
    (tmp_path / ("in/items.json" if path == "in/items.json" else "in/items.jl")).write_bytes(data)
    outcome = take_in(tmp_path, path, stdin=data if path == "-" else b"")
    assert (outcome.code, outcome.errors) == (0, [])
    assert articles_in(tmp_path) == ALL


def test_a_record_without_a_page_is_a_failure_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = [LINES[0], '{"url": "https://a.example/none"}', "{broken", "7", "", LINES[1]]
    gone = json.dumps({"url": "https://a.example/gone", "html": news_page(9), "status": 404})
    (tmp_path / "items.jsonl").write_text("\n".join([*lines, gone]))
    outcome = take_in(tmp_path, "items.jsonl")
    assert outcome.code == 1
    assert list(articles_in(tmp_path)) == [page_url(0), page_url(1)]
    assert failures_in(tmp_path) == [
        ("https://a.example/none", "not a page"),
        ("items.jsonl line 3", "damaged"),
        ("items.jsonl line 4", "damaged"),
    ]
    assert "1 status 404" in outcome.out


def test_what_is_no_json_lines_at_all_is_one_failure_and_not_a_million(tmp_path: Path) -> None:
    (tmp_path / "items.jsonl").write_text("name,address\n" * 5_000)
    outcome = take_in(tmp_path, "items.jsonl")
    assert outcome.code == 1
    assert len(failures_in(tmp_path)) == 21


@pytest.mark.parametrize("form", FORMS)
def test_reading_goes_on_at_any_place_and_spans_hold_each_record_once(
    tmp_path: Path, form: str
) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(FORMS[form])
    (file,) = find_inputs([str(path)])
    items = list(read_input(file, START, {}))
    for index, item in enumerate(items):
        assert urls_of(list(read_input(file, item.after, {}))) == urls_of(items)[index + 1 :]
    if form == "lines":
        size = path.stat().st_size
        for cut in range(1, size, 97):
            parts = [*read_input(file, START, {}, cut), *read_input(file, Place(cut), {})]
            assert urls_of(parts) == urls_of(items)


def arc_record(url: str, page: str, version: int = 1) -> bytes:
    """A response as ARC has it."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.encode()
    more = "" if version == 1 else "200 CHECKSUM - 1234 a.arc "
    line = f"{url} 192.0.2.7 20310304100000 text/html {more}{len(block)}\n"
    return line.encode() + block + b"\n"


def arc(version: int, members: str) -> bytes:
    """An archive of three pages."""
    fields = "URL IP-address Archive-date Content-type Archive-length"
    head = f"{version} 0 Courier\n{fields}\n"
    first = f"filedesc://a.arc 0.0.0.0 20310304100000 text/plain {len(head)}\n{head}\n".encode()
    name = b"dns:courier.example 192.0.2.1 20310304100000 text/dns 12\n192.0.2.7   \n"
    pages = [arc_record(page_url(n), news_page(n), version) for n in range(3)]
    records = [first, name, *pages]
    match members:
        case "plain":
            return b"".join(records)
        case "whole":
            return gzip.compress(b"".join(records))
        case _:
            return b"".join(map(gzip.compress, records))


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("members", ["plain", "whole", "each"])
@pytest.mark.parametrize("path", ["in/a.arc", "in", "in/renamed", "-"])
def test_every_page_of_an_arc_is_read(
    tmp_path: Path, version: int, members: str, path: str
) -> None:
    (tmp_path / "in").mkdir()
    data = arc(version, members)
    suffix = "" if members == "plain" else ".gz"
    path += suffix if path == "in/a.arc" else ""
    name = "in/renamed" if path == "in/renamed" else f"in/a.arc{suffix}"
    (tmp_path / name).write_bytes(data)
    outcome = take_in(tmp_path, path, stdin=data if path == "-" else b"")
    assert (outcome.code, outcome.errors) == (0, [])
    assert list(articles_in(tmp_path)) == [page_url(number) for number in range(3)]
    assert all("This was report number" in text for text in texts_in(tmp_path))


@pytest.mark.parametrize("members", ["plain", "each"])
def test_damage_in_an_arc_costs_a_record_and_its_parts_hold_each_page_once(
    tmp_path: Path, members: str
) -> None:
    path = tmp_path / "a.arc"
    data = arc(1, members)
    path.write_bytes(data)
    (file,) = find_inputs([str(path)])
    items = list(read_input(file, START, {}))
    for cut in range(1, len(data), 211):
        parts = [*read_input(file, START, {}, cut), *read_input(file, Place(cut), {})]
        assert urls_of(parts) == urls_of(items)
    at = data.find(page_url(1).encode()) if members == "plain" else len(data) * 2 // 3
    path.write_bytes(data[:at] + b"\xff" * 30 + data[at + 30 :])
    (file,) = find_inputs([str(path)])
    items = list(read_input(file, START, {}))
    assert len(urls_of(items)) == 2
    assert len(skips_of(items)) == 1


def test_an_address_with_a_space_is_no_end_of_an_arc(tmp_path: Path) -> None:
    url = "https://courier.example/2031/03/04/flood report 9.html"
    (tmp_path / "a.arc").write_bytes(arc(1, "plain") + arc_record(url, news_page(9)))
    outcome = take_in(tmp_path, "a.arc")
    assert (outcome.code, outcome.errors) == (0, [])
    assert len(articles_in(tmp_path)) == 4
