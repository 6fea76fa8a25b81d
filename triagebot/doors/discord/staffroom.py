"""Commands for maintainers: /labels, and "Suggest as FAQ" in the menu of a message; hidden from others, and checked."""

from __future__ import annotations

from typing import Any

import discord
import structlog
from discord import app_commands

from triagebot.doors.discord import limits
from triagebot.doors.discord.asking import Asking, Interaction, Question
from triagebot.doors.discord.cards import card
from triagebot.doors.discord.commands import Phrases, attached
from triagebot.doors.discord.labelling import Labelling

log = structlog.get_logger()


def add_staff_commands(tree: app_commands.CommandTree[Any], asking: Asking, labelling: Labelling) -> None:
    """Put the commands for maintainers into the tree."""
    phrases = Phrases(asking.clerk)
    _add_labels(tree, labelling, phrases)
    _add_proposal(tree, asking, phrases)


def _add_labels(tree: app_commands.CommandTree[Any], labelling: Labelling, phrases: Phrases) -> None:
    @tree.command(name="labels", description=phrases("labels-command"))
    @app_commands.describe(report=phrases("labels-report"))
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def _labels(interaction: Interaction, report: app_commands.Range[str, 1, limits.FORM_TEXT]) -> None:
        await labelling.advise(interaction, report)


def _add_proposal(tree: app_commands.CommandTree[Any], asking: Asking, phrases: Phrases) -> None:
    @tree.context_menu(name=phrases("menu-suggest"))
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def _suggest(interaction: Interaction, message: discord.Message) -> None:
        await _propose(asking, interaction, message)


async def _propose(asking: Asking, interaction: Interaction, message: discord.Message) -> None:
    """Keep a message, without its secrets, and its error for whoever looks after the FAQ."""
    if not asking.is_staff(interaction):
        await asking.tell(interaction, "discord-not-staff")
        return
    if not await asking.promise(interaction, hidden=True):
        return
    question = Question(text=message.content, files=attached(message.attachments), url=message.jump_url)
    report = await asking.report(interaction, question)
    voice = asking.voice(interaction)
    if not report.body.strip():
        await asking.fulfil(interaction, card(voice.say("discord-empty")), ())
        return
    error, fresh = await asking.clerk.propose(report, message.id, interaction.user.id)
    key = "discord-proposed" if fresh else "discord-proposed-before"
    log.info("proposal", message=message.id, fresh=fresh)
    await asking.fulfil(interaction, card(voice.say(key, error=error or voice.say("discord-no-error"))), ())
