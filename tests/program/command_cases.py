"""Every command: runs that succeed, one for each choice that its options have, and mistakes.

The keys are the paths of the commands; a test holds them to be all that there are.
"""

from tests.pipelines.loopback_site import story_title
from tests.program.case import Case, mistake, wrong_usage
from tests.program.case_checks import (
    added_a_source,
    describes_tables,
    has_all_sources,
    has_hits,
    has_json_hits,
    holds,
    is_backup,
    is_log_of_a_crawl,
    is_split,
    is_the_story,
    names_sources,
    serves,
    wrote_html,
    wrote_parts,
)
from tests.program.newsroom import ARTICLES

_NO_DATABASE = "database none.db: there is no such file; a crawl makes one"
_NO_SOURCES = "No such file or directory; `winnow add URL` makes one"
_LIVE = "--sources live.toml --db new.db"
_PAGE = "saved --urls urls.tsv --all-pages"

COLLECT = {
    "demo": (
        Case(arguments="--serve", until="Ctrl-C stops.", meanwhile=serves("/", b"<html")),
        mistake("--db nothing", "database nothing: this is a folder; name a file in it"),
        wrong_usage("--here", "No such option: --here"),
    ),
    "add": (
        Case(arguments="{site}/ --allow-private --every 2h", check=added_a_source,
             out=("sitemap  {site}/sitemap.xml  3 entries",), note="next: winnow crawl"),
        Case(arguments="{site}/ {site}/sitemap.xml --allow-private", check=names_sources(3),
             out=("added          {site}/  as ", "added          {site}/sitemap.xml  as "),
             note="2 added to data/sources.toml, 0 there already, 0 not added"),
        Case(arguments="sites.opml --allow-private", check=names_sources(3),
             out=('as "ships": A sitemap', 'as "the-front-page": no feeds, 1 sitemap'),
             note="2 added"),
        Case(arguments="- --allow-private", stdin="sites.txt", check=names_sources(3),
             out=("added          {site}/  as ", "there already  {site}  named twice"),
             note="2 added to data/sources.toml, 1 there already, 0 not added"),
        mistake("{site}/", "which is loopback; --allow-private lets it be fetched"),
        mistake("{site}/none --allow-private", "404"),
        mistake("none.opml", "none.opml: there is no such file, and it is no address", 2),
        mistake("empty.html", "empty.html: there is no address in it", 2),
        wrong_usage("a.example b.example --name a", "--name is for one address"),
        wrong_usage("a.example --every soon", "--every: write a length of time as"),
        wrong_usage("mailto:x", '"mailto:x" is no web address'),
    ),
    "remove": (
        Case(arguments="harbour --yes", out=('removed "harbour": ', "; 3 articles stay"),
             note="its entry in data/sources.toml is gone", check=holds("data/articles.db", 3)),
        Case(arguments="harbour --with-articles --yes", out=("3 articles, 1 earlier version, ",),
             check=holds("data/articles.db", 0)),
        Case(arguments="live --yes --sources live.toml --db new.db",
             out=('removed "live": its entry; it has nothing in the database',)),
        mistake("harbour", "there is nobody to ask here: --yes removes it without asking", 2),
        mistake("harbor --yes", 'there is no source "harbor"; did you mean "harbour"?', 2),
        mistake("archive --yes", "there are articles and nothing else; --with-articles", 2),
        mistake("harbour --yes --db letter.db", "letter.db: this is not a SQLite database"),
        mistake("harbour --yes --sources none.toml", _NO_SOURCES, 2),
        wrong_usage("", "Missing argument 'SOURCE'"),
    ),
    "crawl": (
        Case(arguments=f"{_LIVE} --executor local --log json", check=is_log_of_a_crawl("new.db")),
        Case(arguments=f"{_LIVE} --executor processes --workers 1 --limit 1 live",
             check=holds("new.db", 1), out=("2 left for the next crawl",)),
        Case(arguments=f"{_LIVE} --executor dask --workers 1", extra="cluster",
             check=holds("new.db", ARTICLES), out=("live",)),
        mistake("nobody", 'there is no source "nobody"; there are harbour', 2),
        mistake("--sources none.toml", _NO_SOURCES, 2),
        wrong_usage("--executor spark", "'spark' is not one of 'local', 'processes', 'dask'"),
    ),
    "watch": (
        Case(arguments="--metrics 127.0.0.1:0", until="watching data/sources.toml",
             meanwhile=serves("/metrics", b"winnow_source_articles"), out=("stopped",)),
        Case(arguments="--log json", until='"event": "started"', out=('"event": "stopped"',)),
        mistake("--sources broken.toml", "broken.toml, line 4: ", 2),
        wrong_usage("--log xml", "'xml' is not one of 'text', 'json'"),
    ),
    "retry": (
        Case(arguments=f"{_LIVE} --workers 1 live", before=(f"crawl {_LIVE} --workers 1",),
             note="0 addresses are asked again", check=holds("new.db", ARTICLES)),
        Case(arguments=f"{_LIVE} {{site}}/news/council-winter-market-river-0000.html",
             before=(f"crawl {_LIVE} --workers 1",), note="1 address is asked again"),
        mistake("--sources live.toml nobody", 'no source "nobody" was crawled yet', 2),
        mistake("--sources live.toml https://a.example/x", "no address that a source", 2),
        mistake("--db none.db", _NO_DATABASE),
    ),
    "ingest": (
        Case(arguments="- --all-pages --db new.db --executor local", stdin="saved/ferry.html",
             out=("1 articles new",), check=holds("new.db", 1)),
        Case(arguments=f"{_PAGE} --db new.db --executor processes --workers 1",
             out=("1 articles new",), check=holds("new.db", 1)),
        Case(arguments=f"{_PAGE} --db new.db --executor dask --workers 1", extra="cluster",
             out=("1 articles new",), check=holds("new.db", 1)),
        Case(arguments=f"{_PAGE} --to parts --executor local", extra="cluster",
             out=("1 articles in parts",), check=wrote_parts),
        Case(arguments=f"{_PAGE} --db new.db --executor dask --cluster nowhere", extra="cluster",
             code=1, error="no Dask scheduler answers at nowhere: missing port number"),
        mistake("none.warc.gz", "none.warc.gz: there is no such file or folder"),
        mistake("saved --urls none.tsv", "none.tsv: No such file or directory"),
        wrong_usage("saved --source ''", "a source has a name"),
    ),
    "load": (
        Case(arguments="parts --db new.db", extra="cluster", out=("1 new",),
             before=(f"ingest {_PAGE} --to parts --executor local",), check=holds("new.db", 1)),
        Case(arguments="none --db new.db", extra="cluster", code=1,
             error="none: there is no such folder"),
        mistake("nothing --db letter.db", "letter.db: this is not a SQLite database"),
    ),
    "reextract": (
        Case(arguments="--dry-run --workers 1", out=("4 pages: 0 articles would change",)),
        mistake("nobody", 'no source "nobody" in the database: archive, harbour'),
    ),
}  # fmt: skip

READ_ONE_PAGE = {
    "extract": (
        Case(arguments="saved/ferry.html --format markdown",
             out=("\n## The timetable\n", "\n- Noon, to the island and back\n")),
        Case(arguments="- --format text", stdin="saved/ferry.html", out=("\nThe timetable\n",)),
        Case(arguments="{site}/news/council-winter-market-river-0000.html --allow-private",
             check=is_the_story),
        mistake("binary.html", "this is binary data, not a page"),
        mistake("{site}/none.html --allow-private", "404"),
        wrong_usage("saved/ferry.html --format pdf", "'pdf' is not one of"),
    ),
    "inspect": (
        Case(arguments="saved/ferry.html --format html -o page.html",
             check=wrote_html("page.html", story_title(0), "All rights reserved"),
             note="page.html: open it in a browser"),
        Case(arguments="saved/ferry.html --format text --url https://a.example/ --db none.db "
             "--sources none.toml", note=f"without site rules: none.toml: {_NO_SOURCES}",
             out=("heading    The timetable\n",)),
        mistake("letter.db", "letter.db: this is text; only HTML has segments to look into"),
        wrong_usage("", "Missing argument 'FILE|URL'"),
    ),
}  # fmt: skip

EXPLORE = {
    "search": (
        Case(arguments="crowns --format terminal", out=(f"{story_title(0)}  harbour · 2026",)),
        Case(arguments="crowns --format tsv", check=has_hits),
        Case(arguments="crowns --format json", check=has_json_hits),
        mistake("crowns --db none.db", _NO_DATABASE),
        wrong_usage("", "Missing argument 'QUERY'"),
    ),
    "diff": (
        Case(arguments="1", out=("version 1 → 2", "again at [-noon-][+one o'clock+].")),
        mistake(f"{2**64}", f"there is no article {2**64} in the database"),
        mistake("²", "there is no article ² in the database"),
    ),
    "browse": (
        Case(arguments="--port {port}", extra="browse", until="(Ctrl-C ends it)",
             meanwhile=serves("/articles/articles.json", story_title(0).encode())),
        Case(arguments="--db none.db", extra="browse", code=1, error=_NO_DATABASE),
    ),
    "report": (
        Case(arguments="-o out/report.html", note="report in out/report.html",
             check=wrote_html("out/report.html", "<svg", "harbour")),
        mistake("-o nothing", "report nothing: Is a directory", 2),
    ),
    "schema": (
        Case(arguments="faqs --format text", out=("  question ", "The question.")),
        Case(arguments="--format markdown", out=("### articles (table)\n",)),
        Case(arguments="--format json", check=describes_tables),
        wrong_usage("nobody", 'there is no table "nobody"; there are articles,'),
    ),
    "status": (
        Case(arguments="", out=("harbour", f"{ARTICLES} articles, 1 earlier versions")),
        Case(arguments="--format json", check=has_all_sources),
        mistake("--check --sources scripted.toml", "a: never crawled"),
        mistake("--sources none.toml", _NO_SOURCES, 2),
        wrong_usage("--format xml", "'xml' is not one of 'table', 'json'"),
    ),
    "export": (
        Case(arguments="csv -o out/a.csv --manifest --split-by month",
             check=is_split("a-2026-03.csv", "a-undated.csv")),
        Case(arguments="csv -o out/a.csv --manifest --split-by source",
             check=is_split("a-harbour.csv")),
        Case(arguments="csv --since-last weekly --columns id", out=("id\r\n", "\n1\r\n")),
        mistake("wrac", "there is no format 'wrac'; did you mean warc? Known: csv,", 2),
        mistake("csv --table faq", "there is no table 'faq'; did you mean faqs? Known: ", 2),
        mistake("csv --where 'titel = 1'", "in the filter: there is no column 'titel'", 2),
        mistake("warc --table faqs", "warc is all stored pages; this is for tables: --table", 2),
        mistake("csv --db other.db", "this SQLite database was not made by winnow"),
        wrong_usage("", "Missing argument 'csv|"),
    ),
}  # fmt: skip

KEEP = {
    "db check": (
        Case(note="data/articles.db is sound"),
        mistake("--db letter.db", "letter.db: this is not a SQLite database"),
    ),
    "db reindex": (
        Case(note="the full-text indexes are made anew", check=holds("data/articles.db", ARTICLES)),
        mistake("--db letter.db", "letter.db: this is not a SQLite database"),
    ),
    "db vacuum": (
        Case(note="given back", check=holds("data/articles.db", ARTICLES)),
        mistake("--db nothing", "database nothing: this is a folder"),
    ),
    "db prune": (
        Case(note="0 pages forgotten"),
        mistake("--sources none.toml", _NO_SOURCES, 2),
    ),
    "db backup": (
        Case(arguments="copies/b.db", note="in copies/b.db", check=is_backup),
        mistake("data/articles.db", "this is the database itself; name another file"),
    ),
    "db stats": (
        Case(out=("articles ", "schema ")),
        mistake("--db empty.html", "empty.html: there is nothing in it; a crawl fills it"),
    ),
}  # fmt: skip

CASES: dict[str, tuple[Case, ...]] = {**COLLECT, **READ_ONE_PAGE, **EXPLORE, **KEEP}

WITHOUT_EXTRAS = (
    ("crawl --sources scripted.toml", "render"),
    ("ingest s3://bucket/pages", "cluster"),
)
"""Further runs, and the extra that they name where there is none."""
