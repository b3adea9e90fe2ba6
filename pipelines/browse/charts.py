"""Bars and their axes, as numbers that a template turns into SVG.

A drawing is 100 wide and 100 high and is stretched to its place; labels stand beside it as text, so
that they keep their size in a narrow window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

# Told apart by people with any colour vision (Okabe and Ito 2008); the last is for all the rest.
COLOURS: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c8c")
_FEWEST_DAYS: Final = 7
_WIDEST_BAR: Final = 6.0  # percent; the bars of one week would be slabs
_MOST_DATES: Final = 5  # so many stand side by side on a telephone, 390 pixels wide


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle, in percent of the drawing from its upper left corner.

    Attributes:
        label: What it stands for, as a tooltip says it.
    """

    x: float
    y: float
    width: float
    height: float
    colour: str
    label: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of an axis, `at` percent of its length from the left or the bottom."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over two axes; `legend` is name and colour for each layer of them."""

    bars: tuple[Bar, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    legend: tuple[tuple[str, str], ...] = ()


def stack_days(days: Sequence[str], layers: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """A bar a day, one colour a layer; layers beyond the palette share the last colour.

    Days before the first article are left out, down to a week: what is new fills its chart.

    Args:
        days: ISO dates without gaps.
        layers: Name, and a count for each day.
    """
    totals = [sum(counts[day] for _, counts in layers) for day in range(len(days))]
    first = next((day for day, total in enumerate(totals) if total), 0)
    first = max(0, min(first, len(days) - _FEWEST_DAYS))
    coloured = _colour(layers, len(days))
    scale = _scale(max(totals, default=0))
    step = 100 / max(1, len(days) - first)
    width = min(_WIDEST_BAR, step * 0.8)
    bars: list[Bar] = []
    for day in range(first, len(days)):
        top = 100.0
        for name, counts, colour in coloured:
            if counts[day]:
                height = 100 * counts[day] / scale[-1]
                top -= height
                x = (day - first + 0.5) * step - width / 2
                label = f"{_day_label(days[day])}, {name}: {counts[day]:,}"
                bars.append(Bar(x, top, width, height, colour, label))
    legend = tuple((name, colour) for name, _, colour in coloured)
    return Chart(tuple(bars), _date_ticks(days[first:]), _count_ticks(scale), legend)


def draw_tenths(counts: Sequence[int]) -> Chart:
    """How many values fall into each tenth of 0 to 1."""
    scale = _scale(max(counts, default=0))
    step = 100 / max(1, len(counts))
    bars = []
    for tenth, count in enumerate(counts):
        if not count:
            continue
        height = 100 * count / scale[-1]
        label = f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}: {count:,}"
        bars.append(Bar((tenth + 0.1) * step, 100 - height, step * 0.8, height, COLOURS[0], label))
    across = tuple(Tick(percent, f"{percent / 100:g}") for percent in (0, 25, 50, 75, 100))
    return Chart(tuple(bars), across, _count_ticks(scale))


def _colour(
    layers: Sequence[tuple[str, Sequence[int]]], days: int
) -> list[tuple[str, Sequence[int], str]]:
    own, rest = layers[: len(COLOURS) - 1], layers[len(COLOURS) - 1 :]
    coloured = [(name, counts, COLOURS[place]) for place, (name, counts) in enumerate(own)]
    if rest:
        others = [sum(counts[day] for _, counts in rest) for day in range(days)]
        coloured.append((f"{len(rest)} others", others, COLOURS[-1]))
    return coloured


def _scale(highest: int) -> list[int]:
    """Round numbers from 0 to `highest` or just above, at most six.

    Example:
        >>> _scale(41), _scale(3), _scale(0)
        ([0, 10, 20, 30, 40, 50], [0, 1, 2, 3], [0, 1])
    """
    highest = max(1, highest)
    power = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * power
            count = -(-highest // step)
            if count <= 5:
                return [step * number for number in range(count + 1)]
        power *= 10


def _count_ticks(scale: Sequence[int]) -> tuple[Tick, ...]:
    return tuple(Tick(100 * number / scale[-1], f"{number:,}") for number in scale)


def _date_ticks(days: Sequence[str]) -> tuple[Tick, ...]:
    """At most five dates, each under the middle of its bar."""
    apart = max(1, -(-(len(days) - 1) // (_MOST_DATES - 1)))
    return tuple(
        Tick(100 * (place + 0.5) / len(days), _day_label(days[place]))
        for place in range(0, len(days), apart)
    )


def _day_label(day: str) -> str:
    moment = date.fromisoformat(day)
    return f"{moment.day} {moment:%b}"
