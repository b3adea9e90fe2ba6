"""A folder as a user has it: sources.toml, and a database that the program itself has filled.

A site on loopback is crawled; one of its articles, saved and corrected, is taken in after that.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.pipelines.loopback_site import Answer, Site, serve, story
from tests.program.installed_program import Program

ARTICLES = 3
"""How many there are; the first has something for every table."""

_PARTS = """
<h2>The timetable</h2>
<p>The boats leave from the <a href="https://harbour.example/pier">old pier</a> all year round, and
nobody has to buy a ticket before the first of May.</p>
<ul><li>Seven in the morning, to the island</li><li>Noon, to the island and back</li></ul>
<h3>In winter</h3>
<blockquote><p>We have sailed in worse, and we will again, said the captain of the boat.</p>
</blockquote><table><caption>Fares</caption><tr><th>Who</th><th>Crowns</th></tr>
<tr><td>Adults</td><td>40</td></tr><tr><td>Children</td><td>10</td></tr></table>
<figure><img src="/images/ferry.jpg" alt="The ferry" width="800" height="500"><figcaption>The ferry
at the old pier in March.</figcaption></figure>
<h2>Frequently asked questions</h2>
<details><summary>When does the ferry leave?</summary><p>At seven, and again at noon.</p></details>
<details><summary>May I bring a bicycle?</summary><p>Yes, and it costs nothing.</p></details>
"""
_HEAD = (
    b'<meta name=author content="Ada Byron"><meta name=keywords content="ferry,harbour">'
    b'<meta property="article:published_time" content="2026-03-04T08:30:00Z"><title>'
)


def fill_folder(folder: Path, program: Program) -> None:
    """Make data/sources.toml and data/articles.db in `folder`.

    The site is gone when this returns; what the database holds of it stays.
    """
    (folder / "data").mkdir(parents=True)
    with serve() as site:
        paths = publish(site)
        (folder / "data/sources.toml").write_text(site.sources_toml("harbour", "/sitemap.xml"))
        crawled = program.run(folder, "crawl", "--workers", "1", "--quiet")
        assert (crawled.code, crawled.out, crawled.err) == (0, "", "")
        saved = folder / "saved"
        saved.mkdir()
        corrected = rich_story().replace(b"at noon", b"at one o'clock")
        (saved / "ferry.html").write_bytes(corrected)
        (folder / "urls.tsv").write_text(f"ferry.html\t{site.url}{paths[0]}\n")
    taken = program.run(
        folder, "ingest", "saved", "--urls", "urls.tsv", "--executor", "local", "--all-pages",
        "--keep-pages",
    )  # fmt: skip
    assert taken.code == 0, taken.err
    assert "0 articles new, 1 changed" in taken.out


def publish(site: Site) -> list[str]:
    """Put the articles on a site; their paths."""
    paths = site.add_articles(ARTICLES)
    site.pages[paths[0]] = Answer(rich_story())
    site.add_index(paths)
    site.add_sitemap(paths)
    return paths


def rich_story() -> bytes:
    """A page with a part of every kind."""
    return story(0, _PARTS).replace(b"<title>", _HEAD)


def add_lists(folder: Path, site: Site) -> None:
    """Put lists of addresses there: one that a feed reader has written, and a plain one."""
    (folder / "sites.txt").write_text(
        f"# ours\n{site.url}/\n\n{site.url}/sitemap.xml  # ships\n{site.url}\n"
    )
    (folder / "sites.opml").write_text(
        f'<opml version="2.0"><body><outline text="Harbour"><outline text="Ships" type="rss" '
        f'xmlUrl="{site.url}/sitemap.xml"/></outline><outline text="The front page" '
        f'htmlUrl="{site.url}/"/></body></opml>'
    )


def add_mistakes(folder: Path) -> None:
    """Put the files and folders there that people name by mistake."""
    (folder / "empty.html").touch()
    (folder / "binary.html").write_bytes(bytes(range(256)) * 8)
    (folder / "letter.db").write_text("This is a letter, and no database at all.")
    (folder / "nothing").mkdir()
    with closing(sqlite3.connect(folder / "other.db")) as other:
        other.execute("CREATE TABLE music (name)")
    (folder / "broken.toml").write_text(
        "[[source]]\nname = 'a'\nurl = 'https://a.example/'\nevry = 1\n"
    )
    (folder / "scripted.toml").write_text(
        "[[source]]\nname = 'a'\nurl = 'http://127.0.0.1/'\nrender = 'always'\n"
        "allow_private = true\n"
    )
