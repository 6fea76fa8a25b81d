"""The Discord door: `triagebot discord` answers where people ask first, `triagebot discord sync` names commands."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from triagebot import __version__
from triagebot.errors import InputError, SettingsError, TriageError
from triagebot.logs import set_up_logs
from triagebot.pipeline import Triage
from triagebot.settings import Settings, read_settings
from triagebot.store import Store
from triagebot.wiring import load_knowledge, open_account, open_store, open_tracker, with_labels

if TYPE_CHECKING:  # heavy: discord.py is imported when this door is opened, not when it is listed
    from triagebot.doors.discord.door import Door

_config = click.option("--config", metavar="FILE", help="TOML file of settings; the environment overrides it.")


@click.group("discord", invoke_without_command=True, epilog="Example: triagebot discord --config /etc/triagebot.toml")
@_config
@click.pass_context
def discord(context: click.Context, config: str | None) -> None:
    """Answer on Discord until stopped; settings come from the environment (docs/operations.md)."""
    context.obj = config
    if context.invoked_subcommand is None:
        _told(lambda: run(config))


@discord.command("sync", epilog="Example: triagebot discord sync")
@click.option("--force", is_flag=True, help="Tell Discord the commands even if it has the same.")
@click.pass_context
def sync(context: click.Context, *, force: bool) -> None:
    """Tell Discord the bot's commands, if they changed."""
    _told(lambda: run_sync(context.obj, force=force))


@discord.command("proposals", epilog="Example: triagebot discord proposals --close 3")
@click.option(
    "--close", type=click.IntRange(1, 2**31 - 1), metavar="NUMBER", help="Note that a proposal was looked at."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_context
def proposals(context: click.Context, close: int | None, *, as_json: bool) -> None:
    """Show what maintainers proposed for the FAQ, as beginnings of entries."""
    _told(lambda: run_proposals(context.obj, close, as_json=as_json))


def _told(command: Callable[[], None]) -> None:
    try:
        command()
    except TriageError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def run(config: str | None) -> None:
    """Serve until SIGTERM or Ctrl-C.  `config` names a TOML file of settings.

    Raises SettingsError, InputError, KnowledgeError or StoreError.
    """
    settings = read_settings(os.environ, config)
    refuse(settings)
    set_up_logs(settings.log_level)
    core = _core(settings)
    store = open_store(settings.database_url)
    try:
        asyncio.run(_serve(settings, store, core))
    finally:
        store.close()


def run_sync(config: str | None, *, force: bool) -> None:
    """Tell Discord the commands if they changed, and say whether they had.  Raises as run does."""
    settings = read_settings(os.environ, config)
    refuse(settings)
    set_up_logs(settings.log_level)
    core = _core(settings)
    store = open_store(settings.database_url)
    try:
        told = asyncio.run(_tell_commands(settings, store, core, force=force))
    finally:
        store.close()
    click.echo("Discord was told the commands." if told else "Discord has these commands already.")


def _core(settings: Settings) -> Triage:
    """Return the core with what the settings name; a label model that does not fit is told, and left out."""
    knowledge, complaint = with_labels(load_knowledge(settings.knowledge), settings.label_model)
    if complaint:
        click.echo(complaint, err=True)
    return Triage(knowledge)


def run_proposals(config: str | None, close: int | None, *, as_json: bool) -> None:
    """Print what waits for review, or close one of it.  Raises SettingsError, InputError and StoreError."""
    from triagebot.doors.discord.drafts import draft  # noqa: PLC0415 - only here

    store = open_store(read_settings(os.environ, config).database_url)
    try:
        if close is not None and not store.proposals.close(close):
            raise InputError(f"{close}: no proposal of this number waits")
        for waiting in store.proposals.open():
            click.echo(json.dumps(asdict(waiting), ensure_ascii=False) if as_json else draft(waiting))
    finally:
        store.close()


def refuse(settings: Settings) -> None:
    """Raise SettingsError when the door cannot be opened with these settings."""
    problems = []
    if not settings.discord_token:
        problems.append(
            "TRIAGEBOT_DISCORD_TOKEN: not set. Copy it from the developer portal (the application > Bot) and set it."
        )
    if settings.discord_connection == "http" and not settings.discord_public_key:
        problems.append(
            "TRIAGEBOT_DISCORD_PUBLIC_KEY: not set, and without the gateway interactions come over HTTP only. "
            "Copy it from the developer portal (the application > General Information)."
        )
    if problems:
        raise SettingsError("\n".join(problems))


async def _serve(settings: Settings, store: Store, core: Triage) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    from triagebot.doors.discord.interactions import listening  # noqa: PLC0415 - heavy

    async with open_door(settings, store, core) as door, listening(settings, door.routes) as url:
        print(welcome(settings, store, core, url), flush=True)  # noqa: T201 - for whoever started it
        await door.stay_until(stop)


async def _tell_commands(settings: Settings, store: Store, core: Triage, *, force: bool) -> bool:
    return await open_door(settings, store, core).tell_commands(force=force)


def open_door(settings: Settings, store: Store, core: Triage) -> Door:
    """Return the door: an asynchronous context inside which Discord is served; /labels needs a way to GitHub."""
    from triagebot.doors.discord.door import Door  # noqa: PLC0415 - heavy

    connected = settings.github_token or settings.github_app_id
    tracker = open_tracker(open_account(settings), core, store) if connected else None
    return Door(settings, store, core, tracker)


def welcome(settings: Settings, store: Store, core: Triage, url: str = "") -> str:
    """Return what is told to whoever started the door: where it listens, and what is next."""
    listens = _listed(settings.discord_forum_channels, "posts of") + _listed(settings.discord_help_channels, "help in")
    lines = [
        f"triagebot {__version__} answers on Discord ({settings.discord_api_url})",
        f"  listens    {', '.join(listens) or 'nowhere: commands only (TRIAGEBOT_DISCORD_FORUM_CHANNELS)'}",
        f"  staff      {', '.join(map(str, sorted(settings.discord_staff_roles))) or 'who may manage messages'}",
        f"  knowledge  {len(core.knowledge.entries)} entries for {core.knowledge.project}",
        f"  database   {store.place}",
        *([f"  endpoint   POST {url}/discord/interactions  (signed only)"] if url else []),
        "Next: type /triage in any channel the bot can see.  Ctrl-C stops.",
    ]
    return "\n".join(lines)


def _listed(channels: frozenset[int], what: str) -> list[str]:
    return [f"{what} {channel}" for channel in sorted(channels)]
