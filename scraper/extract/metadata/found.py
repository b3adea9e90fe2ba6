"""A value and where on the page it was found."""

from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Found(NamedTuple, Generic[T]):
    """`source` is what evidence shows; "" together with an empty value means nothing was found."""

    value: T
    source: str
