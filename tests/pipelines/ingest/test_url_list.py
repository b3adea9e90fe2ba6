"""Lists of addresses as spreadsheets, scripts and people write them."""

from pathlib import Path

import pytest

from pipelines.errors import IngestError
from pipelines.ingest.url_list import load_url_list
from tests.pipelines.ingest.archives import news_page
from tests.pipelines.ingest.kept import articles_in, take_in

A, B = "https://a.example/7,75398,1111.html", "https://b.example/flood?x=1;y=2"
EXPECTED = {"a.html": A, "in/b.html": B}

LISTS = {
    "tabs": f"a.html\t{A}\nin/b.html\t{B}\n",
    "tabs, address first": f"{A}\ta.html\r\n{B}\tin/b.html\r\n",
    "quoted": f'"a.html","{A}"\n"in/b.html","{B}"\n',
    "further columns": f'"{A}",a.html,2031-03-04\n{B},in/b.html,2031-03-05\n',
    "a number first": f"1\ta.html\t{A}\n2\tin/b.html\t{B}\n",
    "a header": f'url,file,saved at\n"{A}",a.html,"4 March, 2031"\n{B},in/b.html,\n',
    "a header, the number first": f'id\tURL\tFile Name\n1\t{A}\ta.html\n2\t{B}\tin/b.html\n',
    "semicolons": f'file;url\na.html;"{A}"\nin\\b.html;"{B}"\n',
    "a comment and gaps": f"# of today\n\na.html\t{A}\n\n./in//b.html\t{B}",
    "JSON lines": f'{{"file": "a.html", "url": "{A}"}}\n{{"path": "in/b.html", "url": "{B}"}}\n',
}  # fmt: skip


@pytest.mark.parametrize("what", LISTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_list_is_read_whoever_wrote_it(tmp_path: Path, what: str, encoding: str) -> None:
    path = tmp_path / "list"
    path.write_bytes(LISTS[what].encode(encoding))
    assert load_url_list(path) == EXPECTED


def test_names_are_the_same_in_either_way_to_write_them(tmp_path: Path) -> None:
    (tmp_path / "list").write_text(f"ho\u0308he.html\t{A}\n")
    assert load_url_list(tmp_path / "list") == {"h\u00f6he.html": A}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"a.html,{A}\n" + f"b.html,{B},1,2,3,4,5\n", "line 2: more cells"),
        (f"a.html\t{A}\na.html\t{B}\n", "two addresses for a.html"),
        ("a.html\nb.html\n", "no line of it has"),
        ("", "no line of it has"),
        ("a.html\tftp://a.example/\n", "no line of it has"),
    ],
)
def test_what_cannot_be_meant_is_said(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "list").write_text(text)
    with pytest.raises(IngestError, match=message):
        load_url_list(tmp_path / "list")


def test_a_list_in_no_encoding_that_is_known_is_said(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"h\xf6he.html\thttps://a.example/\n")
    with pytest.raises(IngestError, match="UTF-8 or UTF-16"):
        load_url_list(tmp_path / "list")


@pytest.mark.parametrize("place", ["list.tsv", "in/list.txt", "in/list.jsonl"])
def test_pages_that_are_not_in_the_list_are_named(tmp_path: Path, place: str) -> None:
    line = "page-%d.html\thttps://a.example/%d\n"
    if place.endswith("jsonl"):
        line = '{"file": "page-%d.html", "url": "https://a.example/%d"}\n'
    (tmp_path / "in").mkdir()
    for number in range(4):
        (tmp_path / f"in/page-{number}.html").write_text(news_page(number))
    (tmp_path / place).write_text("".join(line % (n, n) for n in range(2)))
    outcome = take_in(tmp_path, "in", "--urls", place)
    assert outcome.code == 0
    listed = [url for url in articles_in(tmp_path) if url.startswith("https:")]
    assert listed == ["https://a.example/0", "https://a.example/1"]
    for number in (2, 3):
        assert f"in/page-{number}.html: not in the list of addresses" in outcome.err
