"""What people see who ask why a page was read as it was."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.store.crawl.site_blocks import add_site_blocks
from pipelines.store.database.database import open_database
from scraper.sites.learned import fingerprint_text
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
    assert offer.endswith('(taken out by the site rule remove ".promo")')
    other = run_winnow(folder, "inspect", "page.html", "-f", "text", "--url", "https://b.example/")
    assert "site rule" not in other.out


def test_text_outside_the_body_rule_is_told_from_what_a_remove_rule_takes_out(
    folder: Path,
) -> None:
    (folder / "sources.toml").write_text(
        '[[source]]\nname = "strait"\nurl = "https://strait.example/"\n'
        '[source.rules]\nbody = "article"\nremove = [".none", "div.promo", ".promo"]\n'
    )
    url = "https://strait.example/sea/piano"
    lines = run_winnow(folder, "inspect", "page.html", "-f", "text", "--url", url).out.splitlines()
    story = next(line for line in lines if "On day 3" in line)
    assert story.startswith("+")
    assert story.endswith('(inside the site rule body "article")')
    offer = next(line for line in lines if "tea is sold" in line)
    assert offer.endswith('(taken out by the site rule remove "div.promo")')
    imprint = next(line for line in lines if "Imprint" in line)
    assert imprint.endswith('(outside the site rule body "article")')


def test_the_page_says_what_each_rule_did_there(folder: Path) -> None:
    (folder / "sources.toml").write_text(
        '[[source]]\nname = "strait"\nurl = "https://strait.example/"\n'
        '[source.rules]\ntitle = "article h1"\ndate = "time"\nremove = [".promo", ".none"]\n'
    )
    run_winnow(folder, "inspect", "page.html", "--url", "https://strait.example/sea/piano")
    page = (folder / "inspection.html").read_text()
    rules = re.findall(r"<code>(.*?)</code></td><td>(.*?)</td>", page)
    assert rules == [
        ("article h1", "gave the title"),
        ("time", "found nothing here"),
        (".promo", "took out 1 segment"),
        (".none", "found nothing here"),
    ]


def test_what_the_crawl_learned_of_the_site_acts_and_says_so(folder: Path) -> None:
    box = "<p><a href=/weather>Weather of the strait</a>: more below"
    html = PAGE.replace("</article>", f"{box}</article>")
    (folder / "page.html").write_text(html)
    url = "https://strait.example/sea/piano"
    shown = run_winnow(folder, "inspect", "page.html", "-f", "text", "--url", url).out
    weather = next(line for line in shown.splitlines() if "Weather of" in line)
    assert weather.startswith("+")
    with closing(open_database(folder / "data" / "articles.db")) as db:
        names = [fingerprint_text("p", re.sub("<.*?>", "", box))]
        for article in range(8):
            add_site_blocks(db, "strait.example", names if article else [])
    shown = run_winnow(folder, "inspect", "page.html", "-f", "text", "--url", url).out
    weather = next(line for line in shown.splitlines() if "Weather of" in line)
    assert weather.startswith("-"), weather
    assert weather.endswith("(learned: the site repeats it, in 7 of 8 articles)")


def test_what_is_no_html_page_is_one_line(folder: Path) -> None:
    (folder / "note.txt").write_text("The ferry is late.\n")
    outcome = run_winnow(folder, "inspect", "note.txt")
    assert outcome.code == 1
    assert outcome.err == "error: note.txt: this is text; only HTML has segments to look into\n"
    assert not (folder / "inspection.html").exists()
    assert run_winnow(folder, "inspect", "missing.html").code == 1
