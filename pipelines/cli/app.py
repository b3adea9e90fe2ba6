"""The `winnow` program: its commands, and what happens when one of them cannot do its work."""

import errno
import os
import sys
from inspect import getdoc
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from pipelines.cli import db, extract, inspect
from pipelines.cli.collect import add, crawl, demo, ingest, load, reextract, remove, retry, watch
from pipelines.cli.explore import browse, diff, export, report, schema, search, status
from pipelines.cli.shared_options import DbOption, SourcesOption
from pipelines.cli.terminal import escape_what_cannot_be_shown, print_error
from pipelines.errors import ExportError, PipelineError, SettingsError
from scraper.errors import RefusedAddressError, ScraperError

FAILED = 1
WRONG_USAGE = 2

app = typer.Typer(
    name="winnow",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
PANELS = {
    "Collect": (demo, add, remove, crawl, watch, retry, ingest, load, reextract),
    "Read one page": (extract, inspect),
    "Explore and export": (search, diff, browse, report, schema, status, export),
    "Keep": (db,),
}
"""The modules of all commands, in the order and under the headings of `winnow --help`."""


def _register(panel: str, module: ModuleType) -> None:
    commands, groups = len(app.registered_commands), len(app.registered_groups)
    module.register(app)
    for command in app.registered_commands[commands:]:
        command.rich_help_panel = panel
    for group in app.registered_groups[groups:]:
        group.rich_help_panel = panel


def _reflow(group: typer.Typer) -> None:
    """Let the help break its lines where the terminal ends, not where the source's lines do."""
    for command in group.registered_commands:
        paragraphs = getdoc(command.callback) or ""
        command.help = "\n\n".join(" ".join(p.split()) for p in paragraphs.split("\n\n"))
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            _reflow(inner.typer_instance)


for panel_name, modules in PANELS.items():
    for command_module in modules:
        _register(panel_name, command_module)
_reflow(app)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("winnow-news")
        except PackageNotFoundError:
            number = "unknown (not installed)"
        typer.echo(f"winnow {number}")
        raise typer.Exit


@app.callback()
def winnow(
    db: DbOption = None,
    sources: SourcesOption = None,
    is_version_wanted: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """News pages in, clean articles out: crawl, extract, store, search and export.

    First steps: winnow demo

    Then:        winnow add https://www.example.com/news && winnow crawl
    """


def main() -> None:
    """Run the command line and exit.

    0: done; 1: some of the work failed, standard error says which, or the reader of what is
    printed has gone; 2: wrong usage; 130: interrupted.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started it, who wants to hear nothing
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - until the end
    escape_what_cannot_be_shown()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; every error has been printed by then."""
    code = FAILED
    try:
        app(arguments, prog_name="winnow")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else FAILED
    except (SettingsError, ExportError) as error:
        print_error(str(error))
        code = WRONG_USAGE
    except RefusedAddressError as error:  # of the commands that fetch one page
        print_error(f"{error}; --allow-private lets it be fetched")
    except (PipelineError, ScraperError) as error:
        print_error(str(error))
    except OSError as error:
        if error.errno != errno.EPIPE:
            print_error(": ".join(filter(None, (error.filename, error.strerror or str(error)))))
    except UnicodeEncodeError as error:  # an argument, into the database or a file
        about = error.object[max(0, error.start - 40) : error.end + 40]
        print_error(f"{about}: this is no UTF-8; write it in the encoding of the terminal")
        code = WRONG_USAGE
    except KeyboardInterrupt:
        code = 130
    return _flushed(code)


def _flushed(code: int) -> int:
    """The exit code, once everything is out; of a reader that has gone it alone tells."""
    try:
        sys.stdout.flush()
    except OSError as error:
        # Python flushes again at its end and would complain then.
        with Path(os.devnull).open("w") as nothing:
            os.dup2(nothing.fileno(), sys.stdout.fileno())
        if error.errno != errno.EPIPE and code == 0:  # else what went wrong has been said
            print_error(f"standard output: {error.strerror or error}")
        return code or FAILED
    return code
