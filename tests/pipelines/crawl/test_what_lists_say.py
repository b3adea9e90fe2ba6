"""What a feed says of a story whose page says nothing, from the feed to the row and back again."""

import asyncio
import json
from pathlib import Path

from sqlite_utils import Database

from pipelines.crawl.crawl import crawl
from pipelines.crawl.options import CrawlOptions
from pipelines.reextract import ReextractOptions, reextract
from pipelines.settings import parse_settings
from pipelines.store.database.database import open_database
from tests.pipelines.loopback_site import Answer, Site, story, story_title

FEED = """<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Kell</title>
<item><title>The story in the feed</title><link>{0}</link><dc:creator>Ida Lund</dc:creator>
<category>Ships</category><pubDate>Sat, 03 May 2025 08:00:00 GMT</pubDate></item>
<item><title>Another name</title><link>{1}</link></item></channel></rss>"""


def fields(db: Database) -> list[tuple[object, ...]]:
    rows = db.conn.execute(
        "SELECT a.title, substr(a.published_at, 1, 10), a.evidence, "
        "(SELECT group_concat(name) FROM authors JOIN article_authors ON author_id = authors.id "
        "WHERE article_id = a.id) FROM articles a ORDER BY a.url"
    ).fetchall()
    return [(title, day, json.loads(says).get("title"), who) for title, day, says, who in rows]


def test_a_story_without_a_title_has_what_its_feed_says(site: Site, tmp_path: Path) -> None:
    mute, named = story(1), story(2)
    for tag in (f"<title>{story_title(1)}</title>", f"<h1>{story_title(1)}</h1>"):
        mute = mute.replace(tag.encode(), b"")
    site.pages["/a.html"], site.pages["/b.html"] = Answer(mute), Answer(named)
    feed = FEED.format(f"{site.url}/a.html", f"{site.url}/b.html").encode()
    site.pages["/feed.xml"] = Answer(feed, content_type="application/rss+xml")
    db = open_database(tmp_path / "articles.db")
    settings = parse_settings(site.sources_toml(path="/feed.xml"))
    asyncio.run(crawl(settings, db, CrawlOptions(workers=1)))

    expected = [
        ("The story in the feed", "2025-05-03", "feed", "Ida Lund"),
        (story_title(2), None, "h1", None),
    ]
    assert fields(db) == expected

    # Read again from the page that was kept, it has them still.
    asyncio.run(reextract(db, ReextractOptions()))
    assert fields(db) == expected
