"""The command `diff`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from pipelines.cli.shared_options import DbOption, database_path
from pipelines.cli.terminal import harmless, output_console, print_note
from pipelines.errors import StoreError

if TYPE_CHECKING:
    from rich.console import Console

    from pipelines.store.articles.revisions import ParagraphChange, Revision
    from pipelines.store.articles.suspects import SeenSuspect

_MOST_LINES_OF_A_SUSPECT = 5


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("diff")(diff_command)


def diff_command(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL|ID", help="The article's URL, or its id.")],
    db: DbOption = None,
    revision: Annotated[
        int | None, typer.Option(min=1, help="Only what came after this version.")
    ] = None,
) -> None:
    """Show what changed between the versions of an article, and which were not believed.

    A version that is not believed, such as a consent wall in place of the text, does not become the
    article; it is shown with the reason, and kept in the table suspect_versions.

    Example: winnow diff https://www.example.com/news/flood

    Example: winnow diff 17 --revision 2
    """
    from pipelines.store.articles.articles import find_article
    from pipelines.store.articles.revisions import load_revisions
    from pipelines.store.articles.suspects import load_suspects
    from pipelines.store.database.database import open_database

    with closing(open_database(database_path(context, db), create=False)) as database:
        article_id = int(url) if _is_id(url) else find_article(database, url)
        revisions = [] if article_id is None else load_revisions(database, article_id)
        suspects = load_suspects(database, article_id=article_id, url=url)
    if not revisions and not suspects:
        raise StoreError(f"there is no article {url} in the database")
    console = output_console()
    shown = [r for r in revisions[:-1] if revision is None or r.revision == revision]
    if not revisions:
        print_note("no version of it is believed yet")
    elif not shown:
        print_note("one version only" if len(revisions) == 1 else "there is no such version")
    for version in shown:
        console.print(Text(_heading(version), style="bold"))
        for change in version.changes:
            if change.change != "equal":
                console.print(_render_change(change))
        console.print()
    for suspect in suspects if revision is None else ():
        _print_suspect(console, suspect)


def _print_suspect(console: Console, suspect: SeenSuspect) -> None:
    seen = f"first seen {_minute(suspect.first_seen_at)} UTC"
    if suspect.visits > 1:
        seen += f", {suspect.visits} times to {_minute(suspect.last_seen_at)}"
    outcome = {"open": "not believed", "dismissed": "not believed", "believed": "believed since"}
    heading = f"suspect version, {seen}, {outcome[suspect.outcome]}: {harmless(suspect.message)}"
    console.print(Text(heading, style="bold yellow"))
    if suspect.title:
        console.print(Text(f"? {harmless(suspect.title)}", style="yellow"))
    for line in suspect.text.split("\n")[:_MOST_LINES_OF_A_SUSPECT]:
        console.print(Text(f"? {harmless(line)}", style="yellow"))
    console.print()


def _is_id(text: str) -> bool:
    """Whether it is a number, and one that SQLite can hold."""
    return text.isascii() and text.isdigit() and len(text) < 19


def _heading(version: Revision) -> str:
    then = _minute(version.replaced_at or "")
    return f"version {version.revision} → {version.revision + 1}, seen {then} UTC"


def _minute(stored: str) -> str:
    return stored[:16].replace("T", " ")


def _render_change(change: ParagraphChange) -> Text:
    if change.change == "insert":
        return Text(f"+ {harmless(change.new)}", style="green")
    if change.change == "delete":
        return Text(f"- {harmless(change.old)}", style="red")
    line = Text("~ ")
    for word in change.words:
        text = harmless(word.text, one_line=False).replace("\n", " ")
        if word.change == "insert":
            line.append(f"[+{text}+]", style="green")
        elif word.change == "delete":
            line.append(f"[-{text}-]", style="red strike")
        else:
            line.append(text)
    return line
