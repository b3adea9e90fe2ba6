"""The examples in docstrings say what happens."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for package in ("pipelines", "scraper")
    for path in sorted((ROOT / package).rglob("*.py"))
    if ">>>" in path.read_text(encoding="utf-8")
]
NEED_EXTRAS = {
    "pipelines.integrations.for_datatrove": "datatrove",
    "pipelines.integrations.for_scrapy": "scrapy",
    "pipelines.train": "torch",
}


def test_there_are_examples() -> None:
    assert len(MODULES) > 50


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    for prefix, extra in NEED_EXTRAS.items():
        if name.startswith(prefix):
            pytest.importorskip(extra)
    result = doctest.testmod(import_module(name))
    assert result.failed == 0
