"""The command `status`."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.text import Text

from pipelines.cli.shared_options import (
    DbOption,
    SourcesOption,
    database_path,
    known_sources_path,
)
from pipelines.cli.terminal import (
    figures_table,
    format_ago,
    format_bytes,
    label,
    output_console,
    print_error,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipelines.settings import SourceSettings
    from pipelines.store.frontier.waiting import Waiting
    from pipelines.store.statistics.source_status import DatabaseTotals, SourceHealth
    from scraper.backoff import Backoff


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("status")(status_command)


def status_command(
    context: typer.Context,
    db: DbOption = None,
    sources: SourcesOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Print problems only; exit 1 when there are any.")
    ] = False,
    output_format: Annotated[Literal["table", "json"], typer.Option("--format", "-f")] = "table",
) -> None:
    """Show how the sources are doing: freshness, failures, signs of a changed layout.

    Example: winnow status

    Example: winnow status --check || mail -s "winnow" desk@example.com
    """
    from pipelines.health import find_problems
    from pipelines.store.crawl.hosts import load_backing_off
    from pipelines.store.database.database import open_to_read
    from pipelines.store.frontier.urls import hosts_in_frontier
    from pipelines.store.frontier.waiting import count_waiting
    from pipelines.store.statistics.source_signs import latest_crawl_at, source_signs
    from pipelines.store.statistics.source_status import (
        database_totals,
        removed_sources,
        source_health,
    )

    with closing(open_to_read(database_path(context, db))) as database:
        health = source_health(database)
        totals, removed = database_totals(database), removed_sources(database)
        backing_off = load_backing_off(database)
        asked = hosts_in_frontier(database, backing_off)  # others are of sources that were removed
        backing_off = {host: backoff for host, backoff in backing_off.items() if host in asked}
        now = datetime.now(UTC)
        waiting = {source.name: count_waiting(database, source.id) for source in health}
        signs, latest = source_signs(database, now), latest_crawl_at(database)
    settings = _known_settings(known_sources_path(context, sources))
    problems = find_problems(
        health, backing_off, settings, now, signs=signs, latest_crawl_at=latest
    )
    if output_format == "json":
        record = {
            "sources": [
                {**asdict(source), "stories_waiting": _waiting_record(waiting[source.name])}
                for source in health
            ],
            "removed_sources": [{"name": n, "articles": kept} for n, kept in removed.items()],
            "problems": [asdict(problem) for problem in problems],
            "hosts_backing_off": [
                {
                    "host": host,
                    "failures_in_a_row": backoff.failures_in_a_row,
                    "until": backoff.until.isoformat() if backoff.until else None,
                    "last_error": backoff.why,
                }
                for host, backoff in backing_off.items()
            ],
            "totals": asdict(totals),
        }
        sys.stdout.write(json.dumps(record, ensure_ascii=False, indent=2) + "\n")
    elif not check:
        print_health(health, totals, backing_off, waiting, removed)
    if output_format != "json" or check:
        for problem in problems:
            print_error(f"{problem.subject}: {problem.message}")
    if check and problems:
        raise typer.Exit(1)


def _known_settings(path: Path | None) -> dict[str, SourceSettings]:
    if path is None:
        return {}
    from pipelines.settings import load_settings

    return {s.name: s for s in load_settings(path, has_secrets=False).sources}


def print_health(
    health: list[SourceHealth],
    totals: DatabaseTotals,
    backing_off: Mapping[str, Backoff],
    waiting: Mapping[str, Waiting],
    removed: Mapping[str, int],
) -> None:
    """How the sources are doing, a line each, then archives under way, hosts to wait for, sums."""
    table = figures_table()
    table.add_column("source", overflow="fold")
    table.add_column("last\nsuccess", no_wrap=True)
    for name in (
        "articles", "new\n24 h", "usual\na day", "failed\n7 days",
        "confi-\ndence", "usual", "waiting",
    ):  # fmt: skip
        table.add_column(name, justify="right", no_wrap=True)
    for source in health:
        table.add_row(
            label(source.name),
            format_ago(source.last_success_at),
            str(source.articles),
            str(source.new_last_day),
            "—" if source.usual_per_day is None else f"{source.usual_per_day:.0f}",
            _failures(source),
            _confidence(source),
            "—" if source.confidence_usual is None else f"{source.confidence_usual:.2f}",
            str(source.waiting),
        )
    console = output_console()
    console.print(table)
    for name, stories in waiting.items():
        if stories.newest is not None and stories.oldest is not None:
            console.print(label(f"{name}: {_describe_waiting(stories)}"))
    for host, backoff in backing_off.items():
        until = format_ago(backoff.until.isoformat() if backoff.until else None)
        console.print(label(f"{host}: asked again {until} ({backoff.why})", "yellow"))
    for name, kept in removed.items():
        console.print(label(f"{name}: removed, {kept} articles kept", "dim"))
    console.print(
        Text(
            f"{totals.articles} articles, {totals.revisions} earlier versions, {totals.pages} raw "
            f"pages, {totals.failures} failures, {format_bytes(totals.bytes)}"
        )
    )


def _describe_waiting(stories: Waiting) -> str:
    newest, oldest = (moment and moment.date() for moment in (stories.newest, stories.oldest))
    days = f"of {newest}" if newest == oldest else f"from {newest} back to {oldest}"
    return f"{stories.count} stories are still to be read, {days}"


def _waiting_record(stories: Waiting) -> dict[str, object]:
    return {
        "count": stories.count,
        "newest": stories.newest.isoformat() if stories.newest else None,
        "oldest": stories.oldest.isoformat() if stories.oldest else None,
    }


def _failures(source: SourceHealth) -> Text:
    if source.failure_share is None:
        return Text("—")
    style = "red" if source.failure_share > 0.25 else ""
    return Text(f"{source.failures} ({source.failure_share:.0%})", style=style)


def _confidence(source: SourceHealth) -> str:
    recent = source.confidence if source.confidence_recent is None else source.confidence_recent
    return "—" if recent is None else f"{recent:.2f}"
