"""How far a crawl is: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from types import TracebackType

from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as ProgressBar

from pipelines.cli.terminal import error_console, format_bytes, format_seconds, print_note
from pipelines.crawl.crawl_report import Progress

_SECONDS_BETWEEN_LINES = 10.0
_SECONDS_BETWEEN_DRAWINGS = 0.1
_RATE_WINDOW_SECONDS = 20.0


class CrawlDisplay:
    """Shows `Progress` values as they come; calling it is cheap.

    Args:
        quiet: Whether to show nothing at all.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._is_quiet = quiet
        self._is_terminal = sys.stderr.isatty()
        self._bar = ProgressBar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TextColumn("{task.fields[figures]}"),
            console=error_console(),
            transient=True,
            auto_refresh=True,
            refresh_per_second=8,
            disable=quiet or not self._is_terminal,
        )
        self._task = self._bar.add_task("crawling", total=None, figures="")
        self._shown_at = time.monotonic()
        self._samples: list[tuple[float, int]] = []
        self._last: Progress | None = None

    def __enter__(self) -> "CrawlDisplay":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def __call__(self, progress: Progress) -> None:
        """Show it, unless something was shown a moment ago."""
        now = time.monotonic()
        between = _SECONDS_BETWEEN_DRAWINGS if self._is_terminal else _SECONDS_BETWEEN_LINES
        if self._is_quiet or now - self._shown_at < between:
            return
        self._shown_at = now
        figures = self._figures(progress, now)
        if self._is_terminal:
            total = progress.done + progress.waiting
            self._bar.update(self._task, completed=progress.done, total=total, figures=figures)
        else:
            print_note(f"{progress.done} of {progress.done + progress.waiting} pages, {figures}")

    def _figures(self, progress: Progress, now: float) -> str:
        self._samples.append((now, progress.done))
        while len(self._samples) > 2 and now - self._samples[0][0] > _RATE_WINDOW_SECONDS:
            self._samples.pop(0)
        (begin, first), (end, last) = self._samples[0], self._samples[-1]
        rate = (last - first) / (end - begin) if end > begin else 0.0
        words = [f"{progress.articles} articles", format_bytes(progress.bytes)]
        if progress.failed:
            words.append(f"{progress.failed} failed")
        if rate:
            words.append(f"{rate:.1f} pages/s")
            words.append(f"{format_seconds(progress.waiting / rate)} left")
        return " · ".join(words)
