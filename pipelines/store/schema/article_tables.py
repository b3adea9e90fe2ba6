"""The words for the tables of articles and their parts; `schema` reads them."""

ARTICLE_TABLES = (
    """
articles: One row an article, always its newest version; older ones are in revisions.
    id: Number of the article; it stays the same for good.
    url: Where the article was first found; the key, with canonical_url.
    canonical_url: The URL the page itself names as its proper one, where that can be believed.
    source_id: The source that led to it; NULL for an article that belongs to none.
    site_name: What the site calls itself.
    title: The headline.
    description: The summary the page gives of itself.
    language: BCP 47 tag, such as en or pt-BR.
    section: The part of the site it is filed under.
    published_at: Date, or date and time in UTC, by the page itself; ISO 8601.
    modified_at: When the page says that it was last changed; ISO 8601.
    image_url: The picture that stands for the article.
    word_count: Words of text.
    access: free, paywalled or unknown.
    robots: Directives of X-Robots-Tag and meta robots, a JSON array.
    next_page_url: Where the article goes on, when it is spread over pages.
    confidence: 0 to 1, how likely text is the main content and all of it.
    content_hash: Over title and text without counters and white space; equal for equal versions.
    record_hash: Over everything extracted; equal when nothing at all changed.
    page_hash: The raw page it was read from, in pages when that was kept.
    duplicate_of: The article this one repeats; NULL for an original.
    has_cjk: 1 when it holds Chinese, Japanese or Korean letters.
    revision: Number of the version, 1 for the first.
    change_id: Grows with every change in the whole table; exports go on from it.
    first_seen_at: When the article was first stored, UTC.
    changed_at: When this version was first seen, UTC.
    last_seen_at: When the article was last met, changed or not, UTC.
    extractor_version: Which version of the extractor read it.
    evidence: For each field where its value came from, a JSON object.
    text: The main content as plain text, one block a line, without the title.
    markdown: The main content as Markdown.
    page_kind: article, live_blog, list, forum, product, document, wall or error; NULL if not known.
    page_kind_probability: 0 to 1, how likely page_kind is right.
""",
    """
articles_fts: Full-text index over articles: words, without regard to accents and case.
    title: As in articles; weighs most.
    description: As in articles.
    text: As in articles.
""",
    """
articles_fts_cjk: Full-text index over articles in Chinese, Japanese or Korean, by three letters.
    title: As in articles; weighs most.
    description: As in articles.
    text: As in articles.
""",
    """
article_urls: Further URLs an article is known under: redirects, AMP and print variants.
    url: The other URL.
    article_id: The article.
""",
    """
article_blocks: The whole record of an article, for programs.
    article_id: The article.
    record: JSON, zstd-compressed: the blocks in order and all fields as the page had them.
""",
    """
headings: The section headings of an article, in reading order.
    article_id: The article.
    position: 0 for the first heading.
    level: 1 to 6.
    text: The heading.
    parent_position: Position of the heading this one is under; NULL at the top.
""",
    """
list_items: The items of all lists of an article, in reading order.
    article_id: The article.
    list_position: Which list of the article, 0 for the first; nested lists have their own number.
    position: Which item of that list, 0 for the first.
    depth: 0 for a list of its own, 1 for one inside an item, and so on.
    ordered: 1 for a numbered list.
    text: The item, without what is nested under it.
""",
    """
faqs: Questions an article answers.
    article_id: The article.
    position: 0 for the first pair.
    question: The question.
    answer: Its answer.
    source: Where the pair was found: html, json-ld, microdata or text.
""",
    """
comments: What readers wrote under an article, where the page shows it.
    article_id: The article.
    position: 0 for the first comment, in the page's order.
    depth: 0 for a comment on the article, 1 for an answer to one, and so on.
    author: The name it is signed with; NULL where there is none.
    published_at: When it was written, as in articles; NULL where the page does not say.
    text: The comment, a line for each paragraph.
""",
    """
entries: The posts of a live blog, in the page's order.
    article_id: The article.
    position: 0 for the first one on the page, most often the newest.
    published_at: When it was posted, as in articles; NULL where the page does not say.
    heading: What it is headed with; NULL where nothing is.
    author: Who wrote it; NULL where the page does not say.
    text: The post, a line for each paragraph.
""",
    """
images: The pictures inside an article.
    article_id: The article.
    position: 0 for the first picture.
    url: The picture.
    alt: What stands in for it.
    caption: What is said about it.
""",
    """
links: Links in an article's text, in reading order.
    article_id: The article.
    position: 0 for the first link.
    url: Where it leads: an absolute http(s) address.
    text: The words that lead there.
    rel: What the page says about it, such as nofollow or sponsored; NULL when nothing.
    block_kind: In what it stands: heading, paragraph, list, quote, table or figure.
    text_offset: Characters of articles.text before it; NULL in the caption of a picture.
""",
    """
tables: Tables of data inside an article.
    article_id: The article.
    position: 0 for the first table.
    caption: What is said about it.
    row_count: Rows, with the header.
    column_count: Cells of the longest row.
    rows: The cells: a JSON array of rows, each an array of texts.
""",
    """
quotes: Words of somebody else set apart in an article.
    article_id: The article.
    position: 0 for the first quote.
    text: The quote.
""",
    """
authors: Everybody who signs articles.
    id: Number of the author.
    name: As the page writes it.
""",
    """
article_authors: Who wrote what.
    article_id: The article.
    position: 0 for the author named first.
    author_id: The author.
""",
    """
tags: Everything articles are tagged with.
    id: Number of the tag.
    name: As the page writes it.
""",
    """
article_tags: Which article has which tag.
    article_id: The article.
    position: 0 for the tag named first.
    tag_id: The tag.
""",
    """
revisions: Older versions of articles; the newest is in articles.
    article_id: The article.
    revision: Number of the version, 1 for the first.
    seen_at: When this version was first seen, UTC.
    replaced_at: When the next version was first seen, UTC.
    title: The headline then.
    text: The main content then.
    content_hash: As in articles, of this version.
    diff: What the next version made of it: a JSON array of paragraphs with change, old and new.
""",
    """
article_marks: One row: what was given to articles that are gone, and is never given again.
    id: The highest number.
    change_id: The highest number of a change.
""",
    """
suspect_versions: What came in place of an article, or of a new version of one, and is not believed.
    id: Number of the suspect version.
    url_id: The URL in the frontier that was asked.
    source_id: The source it was asked for.
    article_id: The article that stays as it was; NULL where there is none yet.
    url: What was asked.
    host: As in urls.
    reason: wall, error_page, front_page, same_text, redirect, unlike, shrunk or cut_short.
    message: The same in words.
    title: The headline it had.
    text: The main content it had.
    content_hash: As in articles, of this version.
    confidence: As in articles.
    page_hash: The raw page, in pages when that was kept.
    visits: How many times in a row it was met.
    first_seen_at: When it was first met, UTC.
    last_seen_at: When it was last met, UTC.
    outcome: open, believed (it stayed for days) or dismissed (the article is back).
    settled_at: When that was known, UTC; NULL while it is open.
""",
    """
duplicate_keys: What articles are filed under to find copies of one another.
    band_key: A part of the text's fingerprint; copies share some.
    article_id: The article.
""",
)
