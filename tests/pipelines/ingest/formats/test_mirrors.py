"""What wget, HTTrack and ArchiveBox leave, each page with the address that it had."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipelines.ingest.file_urls import find_file_url
from pipelines.ingest.inputs import Input
from tests.pipelines.ingest.archives import news_page
from tests.pipelines.ingest.kept import articles_in, take_in


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("www.a.example/2031/flood.html", "https://www.a.example/2031/flood.html"),
        ("www.a.example/2031/index.html", "https://www.a.example/2031/"),
        ("www.a.example/story.php?id=7", "https://www.a.example/story.php?id=7"),
        ("www.a.example/story.php?id=7.html", "https://www.a.example/story.php?id=7"),
        ("www.a.example/story.php@id=7&x=y.html", "https://www.a.example/story.php?id=7&x=y"),
        ("www.a.example/index.html?p=12", "https://www.a.example/?p=12"),
        ("www.a.example/story.php.html", "https://www.a.example/story.php"),
        ("www.a.example/@ann/flood.html", "https://www.a.example/@ann/flood.html"),
        ("www.a.example/a b/höhe.html", "https://www.a.example/a%20b/h%C3%B6he.html"),
        ("www.a.example/a%2Fb.html", "https://www.a.example/a%2Fb.html"),
        ("www.a.example/x?y=a%2Fb", "https://www.a.example/x?y=a%2Fb"),
        ("www.a.example/\udcff.html", "https://www.a.example/%FF.html"),
        ("http/www.a.example/b.html", "http://www.a.example/b.html"),
        ("www.a.example:8080/b.html", "http://www.a.example:8080/b.html"),
        ("www.a.example+8443/b.html", "http://www.a.example:8443/b.html"),
        ("127.0.0.1:8000/b.html", "http://127.0.0.1:8000/b.html"),
        ("xn--hhe-rna.example/b.html", "https://xn--hhe-rna.example/b.html"),
        ("index.php/b.html", None),
        ("www.a.example/../b.html", None),
        ("v1.2/b.html", None),
        ("b.html", None),
    ],
)
def test_the_folders_of_a_mirror_spell_the_address(name: str, url: str | None) -> None:
    assert find_file_url(Input(f"mirror/{name}", root="mirror"), "", {}) == url
    assert find_file_url(Input(f"mirror/{name}"), "", {}) == url
    if url and not name.startswith("http/"):
        host = name.partition("/")[0]
        assert find_file_url(Input(f"mirror/{name}", root=f"mirror/{host}"), "", {}) == url


def fill(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_mirror_of_wget(tmp_path: Path) -> None:
    files = {
        "www.a.example/robots.txt": "User-agent: *",
        "www.a.example/2031/flood.html": news_page(1),
        "www.a.example/2031/flood.html.orig": news_page(1),
        "www.a.example/story.php?id=7": news_page(2),
        "www.a.example/story.php?id=8.html": news_page(3),
        "www.a.example/style.css?ver=5": "p {}",
        "www.a.example/img.png@w=200": "x",
    }
    fill(tmp_path / "in", files)
    outcome = take_in(tmp_path, "in")
    assert (outcome.code, outcome.errors) == (0, [])
    assert list(articles_in(tmp_path)) == [
        "https://www.a.example/2031/flood.html",
        "https://www.a.example/story.php?id=7",
        "https://www.a.example/story.php?id=8",
    ]
    for reason in ("3 beside pages", "1 second copy"):
        assert reason in outcome.out


def test_a_project_of_httrack(tmp_path: Path) -> None:
    def mirrored(number: int, url: str) -> str:
        comment = (
            f"\n<!-- Mirrored from {url} by HTTrack Website Copier/3.x [XR&CO'2014], "
            "Tue, 04 Mar 2031 08:30:00 GMT -->\n"
        )
        return news_page(number).replace('<html lang="en">', f'<html lang="en">{comment}')

    files = {
        "hts-log.txt": "HTTrack 3.49 launched. " + "It mirrored all that there was. " * 30,
        "hts-cache/new.txt": "date size",
        "index.html": news_page(9),
        "www.a.example/story9f3b.html": mirrored(1, "www.a.example/story.php?id=7"),
        "www.a.example/flood.html": mirrored(2, "www.a.example/flood"),
    }
    fill(tmp_path / "in", files)
    outcome = take_in(tmp_path, "in")
    assert (outcome.code, outcome.errors) == (0, [])
    expected = ["https://www.a.example/flood", "https://www.a.example/story.php?id=7"]
    assert list(articles_in(tmp_path)) == expected
    assert "3 beside pages" in outcome.out


URL = "https://www.a.example/2031/flood"


@pytest.mark.parametrize(
    "kept",
    [
        ("singlefile.html", "output.html", "www.a.example/2031/flood.html"),
        ("output.html", "www.a.example/2031/flood.html"),
        ("www.a.example/2031/flood.html", "readability/content.html"),
        ("readability/content.html",),
    ],
)
def test_a_page_that_archivebox_kept_in_several_ways_is_one(
    tmp_path: Path, kept: tuple[str, ...]
) -> None:
    index = {"url": URL, "timestamp": "1930000000.1", "history": {}, "title": "x"}
    own = {"index.html": news_page(9), "index.json": json.dumps(index), "headers.json": "{}"}
    snapshot = {f"archive/1930000000.1/{n}": news_page(1) for n in kept}
    snapshot |= {f"archive/1930000000.1/{name}": text for name, text in own.items()}
    top = {"ArchiveBox.conf": "", "index.html": news_page(8), "sources/a.txt": f"{URL}\n" * 99}
    fill(tmp_path / "in", {**snapshot, **top})
    outcome = take_in(tmp_path, "in")
    assert (outcome.code, outcome.errors) == (0, [])
    assert articles_in(tmp_path) == {URL: "Flood report 1"}
    assert f"{len(kept)} second copy" in outcome.out
    alone = take_in(tmp_path, "in/archive/1930000000.1/" + kept[0], "--anew")
    assert list(articles_in(tmp_path)) == [URL] or "/" in kept[0], alone


def test_an_index_of_anything_else_is_no_snapshot(tmp_path: Path) -> None:
    files = {"www.a.example/index.json": '{"url": "https://b.example/"}'}
    files |= {f"www.a.example/{n}.html": news_page(n) for n in range(2)}
    files |= {"www.a.example/c/index.json": "[" * 9000, "www.a.example/c/2.html": news_page(2)}
    fill(tmp_path / "in", files)
    assert take_in(tmp_path, "in").code == 0
    assert len(articles_in(tmp_path)) == 3
