"""`winnow inspect`: how a page was read, as one HTML file or as lines for a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from scraper.article import Article
from scraper.extract.explanation import Explanation, SegmentExplanation
from scraper.sites.rules import SiteRules

# What decided, in words for somebody who has not read the code.
_REASONS = {
    "model": "",
    "rule body": "inside the site rule {}",
    "rule remove": "taken out by the site rule {}",
    "rule outside": "outside the site rule {}",
    "known boilerplate": "learned: the site repeats it, in {} articles",
    "advertising label": "the label of an advertisement",
    "teaser label": "the label of teasers or of buttons to share",
    "second opinion": "the model found nothing here; trafilatura did",
    "byline": "told by the authors and dates of the record",
    "comment": "a reader wrote it under the story",
    "copy": "the page says it twice, word for word",
    "between": "it stands between two paragraphs of the text",
    "box": "a box of the site between two paragraphs",
}


@dataclass(frozen=True, slots=True)
class _Line:
    """One segment as it is shown."""

    text: str
    kept: bool
    kind: str
    percent: int
    reason: str
    path: str


def render_inspection(explanation: Explanation, *, name: str, rules: SiteRules | None) -> str:
    """The page that shows what was kept, what was dropped, and why; no script, no request.

    Args:
        explanation: From `scraper.extract.extractor.explain_page`.
        name: What was read: a URL or a file.
        rules: The site rules that acted; None without any.

    Example:
        >>> from scraper.extract.extractor import explain_page
        >>> from scraper.page import Page
        >>> page = Page(url="", body=b"<p>Rain fell all night on the hills above the town.")
        >>> render_inspection(explain_page(page), name="page.html", rules=None)[:15]
        '<!doctype html>'
    """
    environment = Environment(
        loader=PackageLoader("pipelines.browse"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    lines = [_line(segment) for segment in explanation.segments]
    return environment.get_template("inspection.html").render(
        name=name,
        article=explanation.article,
        fields=tuple(_fields(explanation.article)),
        rules=tuple(_rules(explanation, rules)),
        lines=lines,
        kept=sum(line.kept for line in lines),
    )


def inspection_lines(explanation: Explanation) -> Iterator[str]:
    """How a page was read, for a terminal: a line a segment, with a plus where it was kept."""
    for line in map(_line, explanation.segments):
        sign = "+" if line.kept else "-"
        why = f" ({line.reason})" if line.reason else ""
        yield f"{sign} {line.percent:3d}% {line.kind:10} {line.text}{why}"


def _line(segment: SegmentExplanation) -> _Line:
    is_outside = segment.reason == "rule remove" and segment.detail.startswith("body ")
    reason = "rule outside" if is_outside else segment.reason
    return _Line(
        segment.text,
        segment.kept,
        segment.kind,
        round(100 * segment.probability),
        _REASONS.get(reason, reason).replace("{}", segment.detail),
        segment.path,
    )


def _fields(article: Article) -> Iterator[tuple[str, str, str]]:
    """Name, value and origin of every field of the record that has a value."""
    values = {
        "title": article.title,
        "site_name": article.site_name,
        "authors": ", ".join(article.authors),
        "published_at": article.published_at,
        "modified_at": article.modified_at,
        "language": article.language,
        "section": article.section,
        "tags": ", ".join(article.tags),
        "access": article.access,
        "canonical_url": article.canonical_url,
        "image_url": article.image_url,
        "description": article.description,
    }
    for name, value in values.items():
        if value:
            yield name, value, article.evidence.get(name, "")


def _rules(explanation: Explanation, rules: SiteRules | None) -> Iterator[tuple[str, str, str]]:
    """Each rule: its name, its selector, and what it did on this page."""
    if rules is None:
        return
    evidence = explanation.article.evidence
    for name, field in (("title", "title"), ("authors", "authors"), ("date", "published_at")):
        if selector := getattr(rules, name):
            has_acted = evidence.get(field) == f"rule {name}"
            yield name, selector, f"gave the {name}" if has_acted else "found nothing here"
    if rules.body:
        decided = [s.kept for s in explanation.segments if s.detail == f'body "{rules.body}"']
        inside, outside = decided.count(True), decided.count(False)
        did = f"kept {_segments(inside)}, left out {_segments(outside)} outside it"
        yield "body", rules.body, did if decided else "found nothing here"
    for selector in rules.remove:
        count = sum(s.detail == f'remove "{selector}"' for s in explanation.segments)
        yield "remove", selector, f"took out {_segments(count)}" if count else "found nothing here"


def _segments(count: int) -> str:
    return "1 segment" if count == 1 else f"{count:,} segments"
