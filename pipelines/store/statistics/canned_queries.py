"""Questions people ask of the database, as SQL with named parameters.

They appear in `winnow browse` as forms; run by hand they work in any SQLite shell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Query:
    """One question of the database, as SQL in which each `:name` is a field to fill in.

    Attributes:
        parameters: For each field what to write there; all may be left empty.
    """

    title: str
    description: str
    sql: str
    parameters: Mapping[str, str] = field(default_factory=dict)


QUERIES: dict[str, Query] = {
    "faq_of_a_topic": Query(
        "FAQ of a topic",
        "Questions and answers that mention a word, or whose article has it in its title "
        "or as a tag.",
        """
        SELECT f.question, f.answer, a.title, a.published_at, a.url, a.id AS article_id
        FROM faqs f JOIN articles a ON a.id = f.article_id
        WHERE f.question LIKE '%' || :topic || '%' OR f.answer LIKE '%' || :topic || '%'
           OR a.title LIKE '%' || :topic || '%'
           OR EXISTS (SELECT 1 FROM article_tags k JOIN tags t ON t.id = k.tag_id
                      WHERE k.article_id = a.id AND t.name = :topic COLLATE NOCASE)
        ORDER BY a.published_at DESC, a.id, f.position LIMIT 500
        """,
        {"topic": "a word, such as vote"},
    ),
    "articles_per_day": Query(
        "Articles per day and source",
        "How many articles each source published a day.",
        """
        SELECT date(a.published_at) AS day, s.name AS source, count(*) AS articles
        FROM articles a LEFT JOIN sources s ON s.id = a.source_id
        WHERE a.published_at IS NOT NULL
        GROUP BY day, source ORDER BY day DESC, articles DESC LIMIT 1000
        """,
    ),
    "most_revised": Query(
        "Most revised articles",
        "Articles that were changed after publication, the most often changed first.",
        """
        SELECT a.title, count(*) AS earlier_versions, max(r.replaced_at) AS last_change, a.url,
               a.id AS article_id
        FROM revisions r JOIN articles a ON a.id = r.article_id
        GROUP BY a.id ORDER BY earlier_versions DESC, last_change DESC LIMIT 200
        """,
    ),
    "who_writes_about": Query(
        "Who writes about what",
        "Authors by how many articles of theirs carry a tag or stand in a section.",
        """
        SELECT n.name AS author, coalesce(t.name, a.section) AS topic, count(*) AS articles
        FROM article_authors l JOIN authors n ON n.id = l.author_id
        JOIN articles a ON a.id = l.article_id
        LEFT JOIN article_tags k ON k.article_id = a.id
        LEFT JOIN tags t ON t.id = k.tag_id
        WHERE topic IS NOT NULL AND (:author = '' OR n.name LIKE '%' || :author || '%')
          AND (:topic = '' OR topic LIKE '%' || :topic || '%')
        GROUP BY author, topic ORDER BY articles DESC, author, topic LIMIT 500
        """,
        {"author": "part of a name", "topic": "part of a tag or section"},
    ),
    "headings_of_a_tag": Query(
        "Headings of a tag",
        "Section headings of all articles that carry a tag, in reading order.",
        """
        SELECT t.name AS tag, a.title, h.level, h.text AS heading, a.url, a.id AS article_id
        FROM tags t JOIN article_tags k ON k.tag_id = t.id
        JOIN articles a ON a.id = k.article_id JOIN headings h ON h.article_id = a.id
        WHERE :tag = '' OR t.name = :tag COLLATE NOCASE
        ORDER BY t.name, a.published_at DESC, a.id, h.position LIMIT 1000
        """,
        {"tag": "a tag; upper and lower case are the same"},
    ),
    "duplicates_across_sites": Query(
        "Duplicates across sites",
        "Articles that are copies of another one, with the one they copy.",
        """
        SELECT o.title AS original, coalesce(o.site_name, p.name) AS first_at, c.title AS copy,
               coalesce(c.site_name, s.name) AS copied_at, c.published_at,
               o.url AS original_url, c.url AS copy_url
        FROM articles c JOIN articles o ON o.id = c.duplicate_of
        LEFT JOIN sources s ON s.id = c.source_id LEFT JOIN sources p ON p.id = o.source_id
        ORDER BY c.first_seen_at DESC LIMIT 500
        """,
    ),
    "latest_failures": Query(
        "Latest failures",
        "What could not be fetched or read, and why, the latest first.",
        """
        SELECT f.failed_at, s.name AS source, f.stage, f.error, f.message, f.url
        FROM failures f LEFT JOIN sources s ON s.id = f.source_id
        ORDER BY f.failed_at DESC LIMIT 500
        """,
    ),
}
