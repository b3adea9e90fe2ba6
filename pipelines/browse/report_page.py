"""`winnow report`: one HTML file with charts, readable without a network."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.browse.charts import draw_tenths, stack_days
from pipelines.browse.written_dates import long_date
from pipelines.store.statistics.report_figures import Count, ReportFigures


def render_report(figures: ReportFigures) -> str:
    """The report as a complete HTML page: no script, no request to anywhere.

    Example:
        >>> from pipelines.store.database.database import open_database
        >>> from pipelines.store.statistics.report_figures import load_report
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
        per_day=stack_days(figures.days, tuple(figures.per_day.items())),
        confidence=draw_tenths(figures.confidence),
        share_of=_share_of,
        date=long_date,
    )


def _share_of(count: Count, counts: tuple[Count, ...]) -> float:
    """A count as a percentage of the largest, for the length of its bar."""
    return 100 * count.count / max(other.count for other in counts)
