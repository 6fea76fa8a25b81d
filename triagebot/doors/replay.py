"""The replay door: shows the reports that were given up, and wakes one of them or all."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime

import click

from triagebot.errors import TriageError
from triagebot.settings import read_settings
from triagebot.store import DeadLetter, Store
from triagebot.wiring import open_store


@click.command(epilog="Example: triagebot replay   then   triagebot replay owner/repo#17   or   triagebot replay --all")
@click.argument("report", required=False)
@click.option("--all", "everything", is_flag=True, help="Wake every report that was given up.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of a table.")
@click.option("--config", metavar="FILE", help="TOML file of settings; the environment overrides it.")
def replay(report: str | None, *, everything: bool, as_json: bool, config: str | None) -> None:
    """List the reports that were given up; name one (REPORT), or --all, and the server tries them again.

    It works beside a running server.  Exit status 1: the named report was not given up.
    """
    try:
        sys.exit(_run(report or "", config, everything=everything, as_json=as_json))
    except TriageError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def _run(report: str, config: str | None, *, everything: bool, as_json: bool) -> int:
    if report and everything:
        raise click.UsageError("Name one report or give --all, not both.")
    store = open_store(read_settings(os.environ, config).database_url, create=False)
    try:
        return _wake(store, report) if report or everything else _list(store.upkeep.dead(), as_json=as_json)
    finally:
        store.close()


def _wake(store: Store, report: str) -> int:
    count = store.inbox.replay(report)
    if report and not count:
        click.echo(f"{report} was not given up. `triagebot replay` lists those that were.", err=True)
        return 1
    click.echo(f"{count} {'report' if count == 1 else 'reports'} will be tried again.")
    return 0


def _list(letters: list[DeadLetter], *, as_json: bool) -> int:
    for letter in letters:
        click.echo(json.dumps(asdict(letter)) if as_json else _row(letter))
    if not letters and not as_json:
        click.echo("No report was given up.")
    return 0


def _row(letter: DeadLetter) -> str:
    when = datetime.fromtimestamp(letter.at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    tries = f"{letter.attempts} {'try' if letter.attempts == 1 else 'tries'}"
    waiting = f"{letter.deliveries} {'delivery' if letter.deliveries == 1 else 'deliveries'}"
    return f"{letter.key}  given up {when} after {tries}, {waiting} waiting\n    {letter.error}"
