"""The words for the tables of crawls, pages and what is learned; `schema` reads them."""

CRAWL_TABLES = (
    """
sources: Where articles come from.
    id: Number of the source.
    name: Its name in sources.toml.
    url: Its front page, section, feed or sitemap; NULL for an archive.
    kind: site, archive, demo, or removed: taken out, its articles kept.
    added_at: When it was first used, UTC.
    last_success_at: When a page of it was last fetched and read, UTC.
    settings: A sum of the settings its lists were last read with.
    dates_right: Stories that a list called changed and that were, the latest counting most.
    dates_wrong: The same of those that were not; too many, and its dates are not believed.
""",
    """
crawls: One row a crawl.
    id: Number of the crawl.
    started_at: UTC.
    finished_at: UTC; NULL while it runs. The next crawl closes one that was killed.
    fetched: Requests answered with a page.
    not_modified: Requests answered with: what you have is current.
    articles_new: Articles seen for the first time.
    articles_changed: Articles whose title or text had changed.
    articles_unchanged: Articles that had not.
    failed: What went wrong; each is a row in failures.
    bytes: Transferred over the wire.
    suspect: Versions that were not believed; each is a row in suspect_versions.
    owner: The process that runs or ran it.
    outcome: done, stopped or killed; NULL while it runs.
""",
    """
urls: The frontier: every URL found, and when it is to be fetched.
    id: Number of the URL.
    url: The URL, normalised.
    source_id: The source it was found for.
    host: Host, with the port unless that is the usual one.
    kind: What is expected there: article, page, feed or sitemap.
    depth: How many links away from the source's own URL.
    priority: Higher is sooner; lists, sitemaps of an index, new stories by date, known ones.
    state: due, leased (being fetched), done, failed or gone.
    next_fetch_at: When it is due again, UTC; NULL for now or never, by state.
    lease_owner: Who is fetching it.
    lease_expires_at: When it is due again should they not come back, UTC.
    attempts: Tries since it last succeeded.
    etag: The server's name for what was fetched last, to ask whether it changed.
    last_modified: The same as a date, as the server wrote it.
    lastmod: When it changed by its feed or sitemap, UTC.
    added_at: When it was found, UTC.
    last_fetched_at: When it was last tried, UTC.
    last_error: Why the last try failed; NULL when it did not.
    redirects_to: Where it led when it was last asked; NULL when it answered itself.
    listed_at: When a feed, sitemap or page last named it, UTC.
    listing: What its feed or sitemap said of the story, as JSON: the last resort for its fields.
    links_found: Stories it led to when it was last read; NULL for an article.
    links_usual: The same on average, the latest counting most, of the times it led to any.
""",
    """
hosts: How hosts behave.
    host: As in urls.
    failures_in_a_row: Of its own; 0 when the last request was answered.
    backoff_until: The host is backed off from until then, UTC.
    last_error: Why the last failure was one.
    last_success_at: When it last answered, noted once a crawl and after failures, UTC.
    last_failure_at: When it last failed, UTC.
    refusals: Answers such as 403 or 500, less the pages that it gave since.
""",
    """
robots: The robots.txt of each site, asked for once a day.
    origin: Scheme, host and port, such as https://example.org.
    body: What it said; empty for a site that has none.
    fetched_at: UTC.
""",
    """
fetches: One row a request.
    id: Number of the request.
    url_id: What was asked for.
    crawl_id: In which crawl.
    source_id: For which source.
    fetched_at: UTC.
    status: HTTP status; NULL when there was no answer.
    bytes: Transferred over the wire.
    elapsed_ms: From request to last byte.
    error: Why it failed; NULL when it did not.
""",
    """
fetch_days: Requests that are older than five weeks, summed up.
    source_id: Of this source.
    day: UTC, such as 2026-03-02.
    status: The answers with this HTTP status; 0 where no answer came.
    requests: How many there were.
    failed: Those of them that were failures.
    bytes: Transferred over the wire, together.
    elapsed_ms: From request to last byte, together.
""",
    """
pages: Raw pages, each content once, so that extraction can be run again.
    hash: Over the content.
    url: Where it was first fetched, after redirects.
    status: HTTP status.
    content_type: The header as sent.
    encoding: How body is compressed: zstd.
    headers: Those headers extraction can use, a JSON object.
    size_bytes: Of the page before compression.
    fetched_at: When it was first fetched, UTC.
    body: The page, compressed.
    source_id: The source it was first fetched for; NULL when that is not known.
""",
    """
article_pages: The further raw pages of articles that are spread over several.
    article_id: The article; its first page is articles.page_hash.
    position: Which page, 2 for the second.
    page_hash: The page, in pages unless it was kept for long enough.
""",
    """
failures: Everything that went wrong.
    id: Number of the failure.
    url_id: The URL in the frontier; NULL when it is not one.
    source_id: The source; NULL when it belongs to none.
    crawl_id: The crawl it happened in.
    url: What it was about.
    stage: Where it happened: fetch, ingest, discover, extract, store.
    error: Kind of error.
    message: What it said.
    failed_at: UTC.
""",
    """
sites: Sites whose recurring blocks are learned.
    site: Its registrable domain (example.org, someone.github.io), or an address with its port.
    articles_count: Articles that were counted.
    updated_at: When the last was, UTC.
""",
    """
site_blocks: Blocks of a site's articles; one that is in many of them is boilerplate.
    site: The site, named as in sites.
    fingerprint: Stands for the block's text; 64 bits, signed.
    articles_count: In how many articles it was.
    last_seen_at: When it last was, UTC.
""",
    """
exports: How far each named export has got.
    name: The name given with --since last.
    change_id: Everything up to this one (in articles) was given out.
    rows: Rows of the last export.
    exported_at: When that was, UTC.
""",
    """
ingests: How far each archive or file has been read.
    id: Number of the archive or file.
    name: Its path or URL.
    version: Changes when the file does; it is then read again.
    source_id: The source its articles belong to.
    next_offset: Byte of the file at which reading goes on.
    next_record: How many records to pass over there.
    pages: Pages read so far, with or without an article.
    articles: New and changed articles so far.
    skipped: What was left out so far: not wanted, or no article.
    failed: What was damaged or could not be read; each is a row in failures.
    reasons: Why things were left out, a JSON object of counts.
    started_at: UTC.
    updated_at: When reading last got further, UTC.
    finished_at: UTC; NULL while there is more to read.
""",
)
