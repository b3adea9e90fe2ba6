"""A value and where on the page it was found."""

from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Found(NamedTuple, Generic[T]):
    """A value of a field, and the name of its source as the article's evidence gives it.

    An empty value with "" as its source means that nothing was found.
    """

    value: T
    source: str
