"""What is stored is the story of its address: walls, errors and other stories do not replace it."""

from collections.abc import Callable

import pytest

from pipelines.store.database.database import open_database
from tests.pipelines.crawl.passing_time import let_pass
from tests.pipelines.crawl.test_crawl import query, run_crawl
from tests.pipelines.loopback_site import Answer, Site, story, story_slug, story_title

_CONSENT = b"""<html lang=de><head><title>Ihre Privatsph\xc3\xa4re - Alder Bote</title></head><body>
<main><article><h1>Ihre Privatsph\xc3\xa4re ist uns wichtig</h1>
<p>Wir und unsere Partner speichern Cookies und verarbeiten personenbezogene Daten mit Ihrer
Einwilligung, damit wir Werbung ohne Umwege zeigen und die Reichweite messen k\xc3\xb6nnen.</p>
<p>Sie k\xc3\xb6nnen alles akzeptieren oder ablehnen. Ihre Zustimmung l\xc3\xa4sst sich jederzeit in
den Datenschutzeinstellungen widerrufen; manche Partner st\xc3\xbctzen sich auf ihr berechtigtes
Interesse, dem Sie dort widersprechen k\xc3\xb6nnen.</p></article></main></body></html>"""

_QUEUE = b"""<html><head><title>Alder Courier</title></head><body><main><article>
<p>So many readers have come to the harbour pages this morning that we let them in one after the
other. Keep this window open, and we shall bring you to the story you have asked for as soon as your
turn has come. Those who have waited longest are served first, whatever they came to read.</p>
<p>Our engineers have been called from their breakfast and are carrying more machines into the
cellar. Thank you for your patience; the tea is on the house.</p></article></main></body></html>"""

_NOT_THERE = b"""<html><head><title>Pagina non trovata | Corriere di Alder</title></head><body>
<main><article><h1>Pagina non trovata</h1><p>La pagina che cercavi non esiste, oppure \xc3\xa8 stata
spostata altrove dalla redazione durante il trasloco dell'archivio. Torna alla prima pagina, o
scrivi ai nostri bibliotecari, che la cercheranno volentieri per te.</p></article></main>
</body></html>"""

_CHECK = (
    b"<html><head><title>Un momento...</title></head><body><h1>Un momento...</h1>"
    b"<script src='/cdn-cgi/challenge-platform/h/b.js'></script></body></html>"
)


def _teaser(number: int) -> bytes:
    body = (
        f"<p>On day {number} the harbour was opened again, said the keeper, who had waited.</p>"
        "<p>Subscribe to read on. Subscribers have the whole story, every day.</p>"
    )
    title = story_title(number)
    return (
        f"<html lang=en><head><title>{title}</title></head><body><main><article>"
        f"<h1>{title}</h1>{body}</article></main></body></html>"
    ).encode()


def _crawl_stories(site: Site, count: int = 5) -> tuple[list[str], str]:
    paths = site.add_articles(count)
    site.add_sitemap(paths)
    return paths, site.sources_toml(path="/sitemap.xml")


def _rows(db: object) -> list[tuple[object, ...]]:
    return query(db, "SELECT title, revision FROM articles ORDER BY title")  # type: ignore[arg-type]


def _true_rows(count: int) -> list[tuple[str, int]]:
    return sorted((story_title(number), 1) for number in range(count))


_STAND_INS: dict[str, Callable[[int], Answer]] = {
    "consent": lambda _: Answer(_CONSENT),
    "words of its own": lambda _: Answer(_QUEUE),
    "not found": lambda _: Answer(_NOT_THERE),
    "bot check": lambda _: Answer(_CHECK),
    "teaser": lambda number: Answer(_teaser(number)),
    "moved to login": lambda number: Answer(
        status=302, headers={"Location": f"/enter?back=/news/{number}"}
    ),
    "moved to the front": lambda _: Answer(status=301, headers={"Location": "/"}),
}


@pytest.mark.parametrize("kind", _STAND_INS)
def test_what_stands_in_for_a_story_does_not_replace_it(site: Site, kind: str) -> None:
    paths, sources = _crawl_stories(site)
    site.pages["/enter"] = Answer(_QUEUE)
    site.pages["/"] = Answer(story(99))
    db = open_database(":memory:")
    assert run_crawl(db, sources).total("new") == 5
    well = dict(site.pages)

    site.pages |= {path: _STAND_INS[kind](number) for number, path in enumerate(paths)}
    let_pass(db, days=4)
    held = run_crawl(db, sources)
    assert (held.total("suspect"), held.total("changed"), held.total("new")) == (5, 0, 0)
    assert _rows(db) == _true_rows(5)
    assert query(
        db, "SELECT count(*), min(visits) FROM suspect_versions WHERE outcome = 'open'"
    ) == [(5, 1)]

    site.pages = well
    site.pages[paths[1]] = Answer(story(1, extra="<p>The keeper has since been thanked.</p>"))
    let_pass(db, hours=2)
    assert run_crawl(db, sources).total("changed") == 1
    assert query(db, "SELECT DISTINCT outcome FROM suspect_versions") == [("dismissed",)]
    assert query(db, "SELECT count(*) FROM revisions") == [(1,)]
    db.close()


@pytest.mark.parametrize("kind", [kind for kind in _STAND_INS if kind != "teaser"])
def test_what_stands_in_for_a_new_story_becomes_no_article(site: Site, kind: str) -> None:
    paths, sources = _crawl_stories(site)
    well = dict(site.pages)
    site.pages["/enter"] = Answer(_QUEUE)
    site.pages["/"] = Answer(story(99))
    site.pages |= {path: _STAND_INS[kind](number) for number, path in enumerate(paths)}
    db = open_database(":memory:")
    run_crawl(db, sources)
    for _ in range(2):
        let_pass(db, hours=4)
        run_crawl(db, sources)
    assert _rows(db) == []

    site.pages = well
    let_pass(db, days=2)
    run_crawl(db, sources)
    assert _rows(db) == _true_rows(5)
    assert query(db, "SELECT count(*) FROM revisions") == [(0,)]
    db.close()


def test_what_stays_for_days_is_believed(site: Site) -> None:
    paths, sources = _crawl_stories(site, 1)
    db = open_database(":memory:")
    run_crawl(db, sources)
    site.pages[paths[0]] = Answer(_teaser(0))
    seen = []
    for _ in range(9):
        let_pass(db, days=1)
        run_crawl(db, sources)
        seen.append(query(db, "SELECT revision FROM articles")[0][0])
    assert seen[:3] == [1, 1, 1]
    assert seen[-1] == 2
    assert query(db, "SELECT outcome FROM suspect_versions") == [("believed",)]
    db.close()


def test_a_story_rewritten_under_its_headline_is_a_new_version_at_once(site: Site) -> None:
    paths, sources = _crawl_stories(site, 1)
    db = open_database(":memory:")
    run_crawl(db, sources)
    rewritten = story(7).replace(story_title(7).encode(), story_title(0).encode())
    site.pages[paths[0]] = Answer(rewritten)
    let_pass(db, days=1)
    assert run_crawl(db, sources).total("changed") == 1
    db.close()


@pytest.mark.parametrize("claim", ["first", "section", "each other"])
def test_a_canonical_that_several_stories_name_merges_none_of_them(site: Site, claim: str) -> None:
    paths, sources = _crawl_stories(site, 4)
    for number, path in enumerate(paths):
        target = {"first": paths[0], "section": "/news/", "each other": paths[number ^ 1]}[claim]
        link = f"<link rel=canonical href='{target}'></head>".encode()
        site.pages[path] = Answer(story(number).replace(b"</head>", link))
    db = open_database(":memory:")
    for _ in range(3):
        run_crawl(db, sources)
        let_pass(db, days=3)
        assert _rows(db) == _true_rows(4)
    urls = query(db, "SELECT url FROM articles ORDER BY url")
    assert urls == sorted((site.url + path,) for path in paths)
    db.close()


def test_an_address_that_leads_to_the_latest_story_folds_none(site: Site) -> None:
    paths, sources = _crawl_stories(site, 3)
    site.add_sitemap(["/the-latest-of-our-stories", *paths])
    db = open_database(":memory:")
    for number in (0, 1, 2):
        site.pages["/the-latest-of-our-stories"] = Answer(
            status=302, headers={"Location": paths[number]}
        )
        run_crawl(db, sources)
        let_pass(db, days=2)
    assert _rows(db) == _true_rows(3)
    db.close()


def test_the_beginning_of_a_page_takes_no_whole_ones_place(site: Site) -> None:
    paths, sources = _crawl_stories(site, 2)
    whole = [site.pages[path] for path in paths]

    def cut(number: int, share: float) -> Answer:
        body = story(number)
        length = {"Content-Length": str(len(body))}
        return Answer(body[: int(len(body) * share)], headers=length)

    site.pages[paths[1]] = cut(1, 0.6)
    db = open_database(":memory:")
    run_crawl(db, sources)
    texts = "SELECT length(text), revision FROM articles ORDER BY url LIKE '%0001.html'"
    (first, _), (beginning, _) = query(db, texts)
    assert int(str(beginning)) > 100
    site.pages[paths[0]], site.pages[paths[1]] = cut(0, 0.6), cut(1, 0.8)
    let_pass(db, days=2)
    run_crawl(db, sources)
    (still, revision), (longer, other) = query(db, texts)
    assert (still, revision, other) == (first, 1, 1)
    assert int(str(longer)) > int(str(beginning))
    assert query(db, "SELECT reason FROM suspect_versions") == [("cut_short",)]
    site.pages[paths[0]], site.pages[paths[1]] = whole
    let_pass(db, days=2)
    run_crawl(db, sources)
    (still, revision), (all_of_it, other) = query(db, texts)
    assert (still, revision, other) == (first, 1, 1)
    assert int(str(all_of_it)) > int(str(longer))
    db.close()


def test_a_story_that_moved_keeps_its_row(site: Site) -> None:
    paths, sources = _crawl_stories(site, 2)
    db = open_database(":memory:")
    run_crawl(db, sources)
    new = f"/archive/{story_slug(0)}-0000"
    site.pages[new] = Answer(story(0, extra="<p>It has moved to the archive.</p>"))
    site.pages[paths[0]] = Answer(status=301, headers={"Location": new})
    site.add_sitemap([new, paths[1]])
    let_pass(db, days=2)
    run_crawl(db, sources)
    assert query(db, "SELECT count(*) FROM articles") == [(2,)]
    assert query(db, "SELECT max(revision) FROM articles") == [(2,)]
    db.close()


def test_what_was_merged_comes_apart_with_its_versions(site: Site) -> None:
    """As older versions left it: one row, three addresses, each one's text in turn."""
    _, sources = _crawl_stories(site, 3)
    db = open_database(":memory:")
    run_crawl(db, sources)
    (one, _), *others = query(db, "SELECT id, url FROM articles ORDER BY id")
    for number, (article_id, url) in enumerate(others, 1):
        db.conn.execute(
            "INSERT INTO revisions (article_id, revision, seen_at, replaced_at, title, text, "
            "content_hash, diff) SELECT ?, ?, first_seen_at, first_seen_at, title, "
            "text || ' Old.', 'old' || id, '[]' FROM articles WHERE id = ?",
            (one, number, article_id),
        )
        db.conn.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        db.conn.execute("INSERT INTO article_urls (url, article_id) VALUES (?, ?)", (url, one))
    db.conn.execute("UPDATE articles SET revision = 3")
    db.conn.execute("UPDATE urls SET etag = NULL, last_modified = NULL")
    db.conn.commit()

    let_pass(db, days=3)
    run_crawl(db, sources)
    assert [row[0] for row in _rows(db)] == [title for title, _ in _true_rows(3)]
    versions = query(
        db,
        "SELECT a.title, r.title, r.revision, a.revision FROM revisions r "
        "JOIN articles a ON a.id = r.article_id",
    )
    assert sorted(versions) == sorted(
        (title, title, 1, 2) for title, revision in _rows(db) if revision == 2
    )
    assert len(versions) == 2
    assert query(db, "SELECT url FROM article_urls WHERE url IN (SELECT url FROM articles)") == []
    db.close()


def test_a_story_found_at_its_new_address_first_is_joined_with_what_was_known_of_it(
    site: Site,
) -> None:
    paths, sources = _crawl_stories(site, 2)
    db = open_database(":memory:")
    run_crawl(db, sources)
    new = f"/archive/{story_slug(0)}-0000"
    site.pages[new] = Answer(story(0, extra="<p>It has moved to the archive.</p>"))
    site.add_sitemap([new, *paths])
    let_pass(db, minutes=10)
    run_crawl(db, sources)
    assert query(db, "SELECT count(*) FROM articles") == [(3,)]
    site.pages[new] = Answer(story(0, extra="<p>It has moved to the archive for good.</p>"))
    site.pages[paths[0]] = Answer(status=301, headers={"Location": new})
    let_pass(db, days=2)
    run_crawl(db, sources)
    assert query(db, "SELECT url, revision FROM articles ORDER BY id") == [
        (site.url + new, 3),
        (site.url + paths[1], 1),
    ]
    texts = [str(row[0]) for row in query(db, "SELECT text FROM revisions ORDER BY revision")]
    assert ["moved to the archive." in text for text in texts] == [False, True]
    assert query(db, "SELECT replaced_at = (SELECT changed_at FROM articles WHERE id = 1) "
                     "FROM revisions WHERE revision = 2") == [(1,)]  # fmt: skip
    db.close()


def test_a_front_page_that_tells_of_every_story_stays_in_the_place_of_none(site: Site) -> None:
    """It begins with a story's headline and lead: that one may be misled until others have it."""
    paths, sources = _crawl_stories(site, 6)
    db = open_database(":memory:")
    run_crawl(db, sources)
    texts = query(db, "SELECT url, text FROM articles ORDER BY id")
    cards = "".join(
        f'<article><h2><a href="{path}">{story_title(n)}</a></h2>'
        f"<p>{story(n).decode().partition('<p>')[2][:160]}</p></article>"
        for n, path in enumerate(paths)
    )
    front = f"<html><head><title>The Paper</title></head><body><main>{cards}</main></body></html>"
    for path in paths:
        site.pages[path] = Answer(front.encode())
    pages = {path: Answer(story(n)) for n, path in enumerate(paths)}
    let_pass(db, days=2)
    run_crawl(db, sources)
    kept = query(db, "SELECT url, text FROM articles ORDER BY id")
    assert sum(row in texts for row in kept) >= 5
    site.pages |= pages
    let_pass(db, days=2)
    run_crawl(db, sources)
    assert query(db, "SELECT url, text FROM articles ORDER BY id") == texts
    db.close()
