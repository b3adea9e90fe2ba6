"""The examples in the docstrings of store and export say what happens."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import pipelines.export
import pipelines.store

MODULES = [
    module.name
    for package in (pipelines.store, pipelines.export)
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + ".")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.failed == 0
