"""`triagebot serve`: the doors that the settings have keys for, in one process, or one of them alone."""

from __future__ import annotations

import os
import sys

import click

from triagebot.errors import TriageError
from triagebot.settings import read_settings


@click.command(epilog="Example: triagebot serve --config /etc/triagebot.toml")
@click.option("--config", metavar="FILE", help="TOML file of settings; the environment overrides it.")
@click.option("--only", type=click.Choice(["github", "discord"]), help="Leave the other door shut.")
def serve(config: str | None, only: str | None) -> None:
    """Answer GitHub's webhook and Discord until stopped, each if it has a token (docs/operations.md)."""
    try:
        run(config, only)
    except TriageError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def run(config: str | None, only: str | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C.  `config` names a TOML file of settings, `only` a door to open alone.

    Raises SettingsError, InputError, KnowledgeError or StoreError before anything is served.
    """
    settings = read_settings(os.environ, config)
    github = settings.github_token or settings.github_app_id
    if only == "discord" or (settings.discord_token and not github and only is None):
        from triagebot.doors import discord  # noqa: PLC0415 - heavy

        discord.run(config)
        return
    from triagebot.doors import web  # noqa: PLC0415 - heavy

    if settings.discord_token and only is None:
        from triagebot.doors import discord  # noqa: PLC0415 - heavy

        discord.refuse(settings)
        web.run(config, discord.open_door)
    else:
        web.run(config)
