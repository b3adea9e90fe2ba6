"""The command `export`."""

from collections.abc import Callable
from contextlib import closing
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from pipelines.cli.shared_options import DbOption, database_path
from pipelines.cli.terminal import print_note
from pipelines.errors import ExportError
from pipelines.export.export_format import FormatOption
from pipelines.export.formats import FORMATS, find_format
from pipelines.store.export.export_tables import EXPORT_TABLES

_OPTIONS: Final[dict[str, FormatOption]] = {
    option.name: option for form in FORMATS.values() for option in form.options
}
"""The options that only some formats have."""

_FORMATS_HELP: Final = "; ".join(
    f"{form.name}: {form.summary}{f' (extra {form.extra})' if form.extra else ''}"
    for form in FORMATS.values()
)
_FOLDERS: Final = ", ".join(form.name for form in FORMATS.values() if form.folder_writer)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("export")(_with_options_of_formats(export_command))


def export_command(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: typer.Context,
    format_name: Annotated[
        str, typer.Argument(metavar="|".join(FORMATS), help=f"{_FORMATS_HELP}.")
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            help=f"A file, a folder ({_FOLDERS}), a URL as s3://bucket/key, or - for here.",
        ),
    ] = "-",
    table: Annotated[str, typer.Option(help=", ".join(EXPORT_TABLES))] = "articles",
    columns: Annotated[
        str | None, typer.Option(help="Names with commas between, in the order wanted.")
    ] = None,
    where: Annotated[
        str | None, typer.Option(help='SQL over the columns, such as "word_count > 500".')
    ] = None,
    since: Annotated[str | None, typer.Option(help="Published since this date.")] = None,
    since_last: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only what changed since the last export of this name."),
    ] = None,
    split_by: Annotated[
        Literal["month", "source"] | None, typer.Option(help="One file for each.")
    ] = None,
    manifest: Annotated[
        bool, typer.Option("--manifest", help="Describe the output in a file beside it.")
    ] = False,
    db: DbOption = None,
    **format_options: bool | str,
) -> None:
    """Export articles, or their parts, for other programs.

    Example: winnow export csv --output articles.csv --columns title,url,published_at

    Example: winnow export jsonl --since 2026-01-01 --where "language = 'en'" > articles.jsonl

    Example: winnow export csv --table faqs --excel -o faqs.csv

    Example: winnow export warc -o pages.warc.gz
    """
    form = find_format(format_name)
    from pipelines.export.export import export_table, find_unused
    from pipelines.export.export_options import ExportOptions
    from pipelines.export.remote_files import is_url
    from pipelines.store.database.database import open_database, open_to_read

    options = ExportOptions(
        output=output,
        table=table,
        columns=tuple(name.strip() for name in (columns or "").split(",") if name.strip()),
        where=where,
        since=since,
        since_last=since_last,
        split_by=split_by,
        format_options={
            name: value for name, value in format_options.items() if value != _OPTIONS[name].default
        },
        manifest=manifest,
    )
    unused = [_flag(name) for name in find_unused(form, options)]
    if unused and form.content == "pages":  # what says how rows are chosen would do nothing
        flags = ", ".join(unused)
        raise ExportError(f"{form.name} is all stored pages; this is for tables: {flags}")
    for flag in unused:
        print_note(f"{flag} means nothing to {form.name} and is passed over")
    path = database_path(context, db)
    # How far a named export has got is written down.
    opened = open_database(path, create=False) if since_last is not None else open_to_read(path)
    with closing(opened) as database:
        count = export_table(database, form.name, options)
    if output != "-":
        print_note(f"{count} {form.content} in {output if is_url(output) else Path(output)}")


def _with_options_of_formats(command: Callable[..., None]) -> Callable[..., None]:
    """The command with a parameter for each option of a format, in place of `**format_options`."""
    own = [
        Parameter(
            option.name,
            Parameter.KEYWORD_ONLY,
            default=option.default,
            annotation=Annotated[
                type(option.default), typer.Option(_flag(option.name), help=option.help)
            ],
        )
        for option in _OPTIONS.values()
    ]
    stated = signature(command)
    shared = [p for p in stated.parameters.values() if p.kind is not Parameter.VAR_KEYWORD]
    # Typer makes options of what `inspect.signature` says.
    command.__signature__ = stated.replace(parameters=[*shared, *own])  # type: ignore[attr-defined]
    return command


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")
