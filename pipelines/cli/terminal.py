"""What goes to the terminal: consoles, text made harmless, figures made readable."""

import codecs
import re
import sys
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

# C0 and C1 controls, and what turns the direction of text around: a title must not be able to
# move the cursor, recolour the screen or make itself look like something else. Surrogates are what
# Python makes of names that are no UTF-8.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ud800-\udfff]"
)
_PIPE_WIDTH = 160
_WIDE = 100


_ESCAPING = "winnow-escape"


def escape_what_cannot_be_shown() -> None:
    r"""Let what goes out be written on any terminal, of whatever encoding.

    A character that it lacks is written as JSON writes it, ``\u20ac``, so that a record in JSON
    stays one.
    """
    codecs.register_error(_ESCAPING, _escape)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=_ESCAPING)


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2].hex() for at in range(0, len(units), 2))
    return "".join(f"\\u{pair}" for pair in pairs), error.end


def harmless(text: str | None, *, one_line: bool = True) -> str:
    r"""`text` without anything a terminal would obey; empty for None.

    Example:
        >>> harmless("Rain\x1b[2J\nagain")
        'Rain�[2J again'
    """
    if text is None:
        return ""
    cleaned = _HARMFUL.sub("\ufffd", text)
    return " ".join(cleaned.split()) if one_line else cleaned


def label(text: str | None, style: str = "") -> Text:
    """Harmless text for a table: brackets are brackets and not markup."""
    return Text(harmless(text), style=style)


def output_console() -> Console:
    """Standard output; a pipe gets tables wide enough that nothing is cut off."""
    is_terminal = sys.stdout.isatty()
    return Console(
        width=None if is_terminal else _PIPE_WIDTH, highlight=False, soft_wrap=not is_terminal
    )


def figures_table(*, width: int | None = None) -> Table:
    """A table without lines, close enough that nine columns fit on a terminal of 80."""
    gap = 1 if output_console().width < _WIDE else 2
    padding = (0, gap, 0, 0)
    return Table(box=None, pad_edge=False, padding=padding, header_style="bold", width=width)


def error_console() -> Console:
    """Standard error, for progress and for what went wrong."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def print_error(message: str) -> None:
    """One line on standard error, whatever the message holds."""
    console = error_console()
    console.print(Text.assemble(("error: ", "bold red"), harmless(message)))


def print_note(message: str) -> None:
    """One line on standard error that is no error."""
    error_console().print(Text(harmless(message)))


def format_bytes(count: float) -> str:
    """A size people read.

    Example:
        >>> format_bytes(0), format_bytes(1_234_567)
        ('0 B', '1.2 MB')
    """
    if count < 1000:
        return f"{count:.0f} B"
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 1000:
            return f"{count:.1f} {unit}"
    return f"{count / 1000:.1f} TB"


def format_ago(moment: str | None, now: datetime | None = None) -> str:
    """How long ago a stored time was; a dash for None.

    Example:
        >>> format_ago("2026-03-04T08:00:00Z", datetime(2026, 3, 4, 10, 30, tzinfo=UTC))
        '2 h ago'
    """
    if moment is None:
        return "—"
    seconds = ((now or datetime.now(UTC)) - datetime.fromisoformat(moment)).total_seconds()
    if seconds < 0:
        return f"in {format_seconds(-seconds)}"
    return "just now" if seconds < 60 else f"{format_seconds(seconds)} ago"


def format_seconds(seconds: float) -> str:
    """A length of time in its largest unit.

    Example:
        >>> format_seconds(59), format_seconds(7200), format_seconds(200_000)
        ('59 s', '2 h', '2 d')
    """
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"
