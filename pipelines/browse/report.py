"""`winnow report`: one HTML file with charts, readable without a network."""

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.store.report import Count, ReportFigures

# Told apart by people with any colour vision (Okabe and Ito 2008); the last is for all the rest.
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c8c")
_CHART_WIDTH, _CHART_HEIGHT = 720, 220


@dataclass(frozen=True, slots=True)
class _Bar:
    """A rectangle of the chart, in its user units."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    label: str


@dataclass(frozen=True, slots=True)
class _Chart:
    bars: tuple[_Bar, ...]
    legend: tuple[tuple[str, str], ...]
    highest: int
    width: int = _CHART_WIDTH
    height: int = _CHART_HEIGHT


def render_report(figures: ReportFigures) -> str:
    """The report as a complete HTML page: no script, no request to anywhere.

    Example:
        >>> from pipelines.store.database import open_database
        >>> from pipelines.store.report import load_report
        >>> render_report(load_report(open_database(":memory:")))[:15]
        '<!doctype html>'
    """
    environment = Environment(
        loader=PackageLoader("pipelines.browse"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(
        figures=figures,
        per_day=_stack_days(figures),
        confidence=_confidence_bars(figures),
        share_of=_share_of,
    )


def _stack_days(figures: ReportFigures) -> _Chart:
    """Bars of articles a day, one colour a source; sources beyond the palette share the last."""
    named = list(figures.per_day.items())
    own, rest = named[: len(_COLOURS) - 1], named[len(_COLOURS) - 1 :]
    layers = [(name, counts, _COLOURS[i]) for i, (name, counts) in enumerate(own)]
    if rest:
        others = tuple(map(sum, zip(*(counts for _, counts in rest), strict=True)))
        layers.append((f"{len(rest)} others", others, _COLOURS[-1]))
    totals = [sum(counts[day] for _, counts, _ in layers) for day in range(len(figures.days))]
    highest = max(totals, default=0)
    step = _CHART_WIDTH / max(1, len(figures.days))
    bars: list[_Bar] = []
    for day, date in enumerate(figures.days):
        top = float(_CHART_HEIGHT)
        for name, counts, colour in layers:
            if counts[day]:
                height = counts[day] / highest * _CHART_HEIGHT
                top -= height
                label = f"{date} · {name}: {counts[day]:,}"
                bars.append(_Bar(day * step + 1, top, step - 2, height, colour, label))
    legend = tuple((name, colour) for name, _, colour in layers)
    return _Chart(tuple(bars), legend, highest)


def _confidence_bars(figures: ReportFigures) -> _Chart:
    highest = max(figures.confidence)
    step = _CHART_WIDTH / len(figures.confidence)
    bars = []
    for tenth, count in enumerate(figures.confidence):
        height = count / highest * _CHART_HEIGHT if highest else 0.0
        label = f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}: {count:,}"
        top = _CHART_HEIGHT - height
        bars.append(_Bar(tenth * step + 2, top, step - 4, height, _COLOURS[0], label))
    return _Chart(tuple(bars), (), highest)


def _share_of(count: Count, counts: tuple[Count, ...]) -> float:
    """A count as a percentage of the largest, for the length of its bar."""
    return 100 * count.count / max(other.count for other in counts)
