"""What a demo site serves at which path."""

import gzip
from dataclasses import dataclass
from hashlib import blake2b

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.demo.demo_articles import Story
from pipelines.demo.demo_feeds import render_feed, render_robots, render_sitemaps
from pipelines.demo.demo_sites import DemoSite, section_slug
from pipelines.demo.drawing import draw_image
from scraper.blocks import Figure, block_to_dict


@dataclass(frozen=True, slots=True)
class Resource:
    """What is served at one path."""

    body: bytes
    content_type: str

    @property
    def etag(self) -> str:
        """The ETag of the body, which changes with it."""
        return f'"{blake2b(self.body, digest_size=8).hexdigest()}"'


def render_site(site: DemoSite, base_url: str) -> dict[str, Resource]:
    """Everything the site serves, by path.

    Args:
        site: The newspaper.
        base_url: Where it is served, without a slash at the end: feeds name absolute URLs.
    """
    environment = Environment(
        loader=FileSystemLoader(site.folder / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shared = {
        "site": site,
        "base_url": base_url,
        "section_slug": section_slug,
        "people": _people,
        "faq_page": _faq_page,
    }
    resources: dict[str, Resource] = {}

    def add_page(path: str, template: str, **facts: object) -> None:
        html = environment.get_template(template).render(shared | facts)
        resources[path] = Resource(html.encode(), "text/html; charset=utf-8")

    add_page("/", "index.html", section=None, stories=site.stories)
    for section in site.sections:
        of_section = tuple(story for story in site.stories if story.section == section)
        path = f"/section/{section_slug(section)}/"
        add_page(path, "index.html", section=section, stories=of_section)
    for place, story in enumerate(site.stories):
        newer = site.stories[place - 1] if place else None
        older = site.stories[place + 1] if place + 1 < len(site.stories) else None
        blocks = [block_to_dict(block) for block in story.blocks]
        facts = {"story": story, "body": blocks, "newer": newer, "older": older}
        add_page(site.path_of(story), "article.html", **facts)
        for file_name in _image_names(story):
            drawing = draw_image(file_name).encode()
            resources[f"/images/{file_name}"] = Resource(drawing, "image/svg+xml")
    style = (site.folder / "templates" / "style.css").read_bytes()
    resources["/style.css"] = Resource(style, "text/css; charset=utf-8")
    resources["/robots.txt"] = Resource(
        render_robots(site.sitemap, base_url).encode(), "text/plain"
    )
    urls = {story: base_url + site.path_of(story) for story in site.stories}
    feed_path, feed_type, feed = render_feed(site.feed, site, base_url, urls)
    resources[feed_path] = Resource(feed.encode(), feed_type)
    for path, xml in render_sitemaps(site.sitemap, site, base_url, urls).items():
        is_packed = path.endswith(".gz")
        body = gzip.compress(xml.encode(), mtime=0) if is_packed else xml.encode()
        resources[path] = Resource(body, "application/gzip" if is_packed else "application/xml")
    return resources


def _image_names(story: Story) -> list[str]:
    in_text = [block.image_url for block in story.blocks if isinstance(block, Figure)]
    return [f"{story.slug}.svg", *in_text]


def _people(names: tuple[str, ...]) -> list[dict[str, str]]:
    """Authors as schema.org has them."""
    return [{"@type": "Person", "name": name} for name in names]


def _faq_page(faq: tuple[tuple[str, str], ...]) -> dict[str, object]:
    """Questions as a schema.org FAQPage."""
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": question,
                "acceptedAnswer": {"@type": "Answer", "text": f"<p>{answer}</p>"},
            }
            for question, answer in faq
        ],
    }
