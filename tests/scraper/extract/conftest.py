"""Invented pages that several tests read."""

from collections.abc import Callable

import pytest

SENTENCES = (
    "The river rose by two metres in one night, and the lower bridge was closed before dawn.",
    "Farmers along the northern bank moved their animals to the old airfield, which lies higher.",
    "Nobody was hurt, the mayor said, but the damage to the fields would be felt for years.",
    "Engineers had warned of the weak embankment in the spring, in a report of ninety pages.",
    "The council met in the evening and agreed to pay for new pumps out of the reserve.",
    "By Thursday the water had fallen again, leaving mud in the cellars and a smell of oil.",
)
PARAGRAPHS = tuple(" ".join(SENTENCES[i:] + SENTENCES[:i]) for i in range(len(SENTENCES)))


@pytest.fixture(scope="session")
def paragraphs() -> tuple[str, ...]:
    """The paragraphs of the story that `article_page` tells."""
    return PARAGRAPHS


@pytest.fixture(scope="session")
def article_page() -> Callable[..., str]:
    """A function that makes a plain news page: navigation, headline, body, footer."""
    return _article_page


def _article_page(*, body: str | None = None, after: str = "") -> str:
    text = body or "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return f"""<!doctype html><html lang="en"><head>
    <title>River floods the valley | The Herald</title>
    </head><body>
    <header class="site-header"><nav class="main-nav"><ul>
      <li><a href="/">Home</a></li><li><a href="/politics">Politics</a></li>
      <li><a href="/sport">Sport</a></li><li><a href="/weather">Weather</a></li>
    </ul></nav></header>
    <main><article class="story">
      <h1>River floods the valley</h1>
      <p class="byline">By <a href="/authors/ida">Ida Lund</a></p>
      <div class="story-body">{text}</div>
    </article>{after}</main>
    <footer class="site-footer"><p>2024 The Herald. All rights reserved.</p>
      <ul><li><a href="/terms">Terms of use</a></li>
      <li><a href="/privacy">Privacy policy</a></li></ul>
    </footer></body></html>"""
