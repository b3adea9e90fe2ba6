"""The words for the views; `schema` reads them."""

VIEWS = (
    """
article_overview: Articles with what is said of them in other tables: one readable row each.
    id: Number of the article.
    title: The headline.
    authors: Their names, with semicolons between.
    published_at: Date, or date and time in UTC, by the page itself.
    source: Name of the source.
    site_name: What the site calls itself.
    section: The part of the site it is filed under.
    language: BCP 47 tag.
    tags: With semicolons between.
    word_count: Words of text.
    headings: How many.
    list_items: How many.
    faqs: How many questions are answered.
    revision: Number of the version, 1 for the first.
    confidence: 0 to 1, how likely the main content is right.
    access: free, paywalled or unknown.
    duplicate_of: The article this one repeats.
    first_seen_at: When it was first stored, UTC.
    changed_at: When this version was first seen, UTC.
    url: Where it was found.
""",
    """
faq_overview: Questions and answers with the article they are from.
    article_id: The article.
    position: 0 for its first pair.
    question: The question.
    answer: Its answer.
    found_in: Where the pair was found: html, json-ld, microdata or text.
    title: Headline of the article.
    published_at: When that was published.
    language: BCP 47 tag.
    source: Name of the source.
    url: Where the article was found.
""",
    """
source_health: How each source is doing.
    id: Number of the source.
    name: Its name.
    url: Its address.
    kind: site, archive, demo, or removed: taken out, its articles kept.
    last_success_at: When a page of it was last fetched and read, UTC.
    articles: How many there are of it.
    newest_article_at: When the last new one was first seen, UTC.
    average_confidence: 0 to 1, over all its articles.
    fetches_7_days: Requests of the last seven days.
    failures_7_days: Those that failed.
    failure_share_7_days: The share that failed; NULL without requests.
""",
)
