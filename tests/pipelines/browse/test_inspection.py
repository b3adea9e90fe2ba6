"""What people see who ask why a page was read as it was."""

import re
from pathlib import Path

import pytest

from tests.pipelines.command_line import run_winnow

STORY = "".join(
    f"<p>On day {day} the ferry carried {day * 90} people and a piano across the strait, slowly."
    for day in range(2, 9)
)
PAGE = f"""<html><title>Ferry carries piano | The Strait</title>
<nav><a href=/>Home</a> <a href=/sea>Sea</a></nav>
<article><h1>Ferry carries piano</h1><div class=promo><p>Ferry offers for readers of this paper
are in the shop, where the captain's own tea is sold by the pound.</div>{STORY}</article>
<footer>Imprint of the Strait &lt;script&gt;alert(1)&lt;/script&gt;</footer>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "strait"\nurl = "https://strait.example/"\n'
        '[source.rules]\nremove = [".promo"]\n'
    )
    return tmp_path


def test_every_text_of_the_page_is_there_in_order_and_marked(folder: Path) -> None:
    outcome = run_winnow(folder, "inspect", "page.html")
    assert (outcome.code, outcome.out) == (0, "")
    page = (folder / "inspection.html").read_text()
    rows = re.findall(r'<li class="(kept|dropped) ([a-z-]+)">.*?<p>(.*?)</p>', page, re.DOTALL)
    texts = [text for _, _, text in rows]
    assert [text for text in texts if text.startswith("On day")] == [
        f"On day {day} the ferry carried {day * 90} people and a piano across the strait, slowly."
        for day in range(2, 9)
    ]
    assert {kept for kept, _, text in rows if text.startswith("On day")} == {"kept"}
    assert rows[0][:2] == ("dropped", "navigation")
    assert rows[-1][:2] == ("dropped", "footer")


def test_a_hostile_page_stays_text(folder: Path) -> None:
    run_winnow(folder, "inspect", "page.html")
    page = (folder / "inspection.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_rules_of_the_site_act_and_say_so(folder: Path) -> None:
    url = "https://strait.example/sea/piano"
    lines = run_winnow(folder, "inspect", "page.html", "-f", "text", "--url", url).out.splitlines()
    offer = next(line for line in lines if "tea is sold" in line)
    assert offer.startswith("-")
    assert offer.endswith("(a site rule takes it out)")
    other = run_winnow(folder, "inspect", "page.html", "-f", "text", "--url", "https://b.example/")
    assert "site rule" not in other.out


def test_what_is_no_html_page_is_one_line(folder: Path) -> None:
    (folder / "note.txt").write_text("The ferry is late.\n")
    outcome = run_winnow(folder, "inspect", "note.txt")
    assert outcome.code == 1
    assert outcome.err == "error: note.txt: this is text; only HTML has segments to look into\n"
    assert not (folder / "inspection.html").exists()
    assert run_winnow(folder, "inspect", "missing.html").code == 1
