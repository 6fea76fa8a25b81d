"""The commands people see: /triage, /faq, and what stands in the menu of a message; their names in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands
from discord.http import Route
from rapidfuzz import fuzz

from triagebot.compose.words import pick
from triagebot.doors.discord import limits
from triagebot.doors.discord.asking import Asking, Interaction, Question
from triagebot.doors.discord.attachments import Attached
from triagebot.doors.discord.cards import card
from triagebot.doors.discord.clerk import Clerk
from triagebot.doors.discord.entries import entry_text
from triagebot.doors.discord.forms import TriageForm
from triagebot.records import Entry, Knowledge

_CLOSE_ENOUGH = 60
Phrase = app_commands.locale_str


class Translator(app_commands.Translator):
    """Finds the Chinese names and descriptions of commands among the bot's phrases."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    async def translate(self, string: app_commands.locale_str, locale: discord.Locale, context: Any) -> str | None:
        """Return a phrase for Discord in Chinese, None for every other language."""
        del context
        key = string.extras.get("key")
        if not key or locale not in {discord.Locale.chinese, discord.Locale.taiwan_chinese}:
            return None
        return self._clerk.voice("zh").say(str(key))


class Phrases:
    """English texts of commands, each with the key under which other languages have it."""

    def __init__(self, clerk: Clerk) -> None:
        self._voice = clerk.voice("en")

    def __call__(self, key: str) -> app_commands.locale_str:
        """Return a phrase with its key."""
        return Phrase(self._voice.say(f"discord-{key}"), key=f"discord-{key}")


def add_commands(tree: app_commands.CommandTree[Any], asking: Asking) -> None:
    """Put the commands for everybody into the tree."""
    phrases = Phrases(asking.clerk)
    _add_triage(tree, asking, phrases)
    _add_faq(tree, asking, phrases)
    _add_menu(tree, asking, phrases)


def _add_triage(tree: app_commands.CommandTree[Any], asking: Asking, phrases: Phrases) -> None:
    @tree.command(name="triage", description=phrases("triage"))
    @app_commands.describe(text=phrases("triage-text"), log=phrases("triage-log"), public=phrases("public"))
    @app_commands.guild_only()
    async def triage(
        interaction: Interaction,
        text: app_commands.Range[str, 1, limits.FORM_TEXT] | None = None,
        log: discord.Attachment | None = None,
        public: bool = False,  # noqa: FBT001, FBT002 - Discord names it
    ) -> None:
        if text is None and log is None:
            await interaction.response.send_modal(TriageForm(asking.voice(interaction), public=public))
            return
        files = attached([log] if log else [])
        await asking.answer(interaction, Question(text=text or "", files=files, public=public))


def _add_faq(tree: app_commands.CommandTree[Any], asking: Asking, phrases: Phrases) -> None:
    knowledge = asking.clerk.knowledge

    @tree.command(name="faq", description=phrases("faq"))
    @app_commands.describe(entry=phrases("faq-entry"), public=phrases("public"))
    @app_commands.guild_only()
    async def faq(interaction: Interaction, entry: str, public: bool = False) -> None:  # noqa: FBT001, FBT002 - as above
        voice = asking.voice(interaction)
        found = next((one for one in find(knowledge, entry, 1)), None)
        if found is None:
            await asking.tell(interaction, "discord-no-entry")
        elif await asking.promise(interaction, hidden=not public):
            more = voice.say("discord-whole")
            await asking.fulfil(
                interaction, card(entry_text(found, voice), f"{knowledge.project} · {found.id}", more=more), ()
            )

    @faq.autocomplete("entry")
    async def _complete(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        language = asking.voice(interaction).language
        return [
            app_commands.Choice(name=limits.clip(pick(one.title, language), limits.CHOICE), value=one.id)
            for one in find(knowledge, typed, limits.CHOICES)
            if len(one.id) <= limits.CHOICE
        ]


def _add_menu(tree: app_commands.CommandTree[Any], asking: Asking, phrases: Phrases) -> None:
    @tree.context_menu(name=phrases("menu-triage"))
    @app_commands.guild_only()
    async def _triage_message(interaction: Interaction, message: discord.Message) -> None:
        files = attached(message.attachments)
        await asking.answer(interaction, Question(text=message.content, files=files, url=message.jump_url))


def attached(files: Iterable[discord.Attachment]) -> tuple[Attached, ...]:
    """Return attachments as the fetcher takes them."""
    return tuple(Attached(name=file.filename, url=file.url, kind=file.content_type or "") for file in files)


def find(knowledge: Knowledge, typed: str, most: int) -> list[Entry]:
    """Return the entries whose id or title, in any language, holds what was typed, or is close to it; best first."""
    wanted = typed.strip().casefold()[: limits.CHOICE]
    if not wanted:
        return list(knowledge.entries[:most])
    scored = [(_closeness(wanted, entry), entry) for entry in knowledge.entries]
    kept = [(score, entry) for score, entry in scored if score >= _CLOSE_ENOUGH]
    return [entry for _, entry in sorted(kept, key=lambda pair: -pair[0])[:most]]


def _closeness(wanted: str, entry: Entry) -> float:
    names = [entry.id.casefold(), *(title.casefold() for title in entry.title.values())]
    if wanted in names:
        return 300.0
    if any(wanted in name for name in names):
        return 200.0
    return max(fuzz.partial_ratio(wanted, name) for name in names)


async def sync(tree: app_commands.CommandTree[Any], translator: Translator, *, force: bool = False) -> bool:
    """Tell Discord the commands when they are not those it has; returns whether it was told.

    Discord counts what it is told, so nothing is told without need.
    """
    ours = [await command.get_translated_payload(tree, translator) for command in tree.get_commands()]
    # The library's own call leaves out what commands are called in other languages.
    asked = Route("GET", "/applications/{application_id}/commands", application_id=tree.client.application_id)
    theirs = await tree.client.http.request(asked, params={"with_localizations": "true"})
    if not force and _digest(ours) == _digest(theirs):
        return False
    await tree.sync()
    return True


# What tells two commands apart; Discord adds ids and defaults of its own.
_COMPARED = frozenset(
    "type name description name_localizations description_localizations options required autocomplete "
    "min_length max_length zh-CN zh-TW default_member_permissions".split()
)
_EMPTY: tuple[object, ...] = (None, "", False, [], {})


def _digest(commands: Iterable[Any]) -> str:
    told = sorted(json.dumps(_essence(command), sort_keys=True, ensure_ascii=True) for command in commands)
    return "\n".join(told)


def _essence(command: Any) -> Any:
    """Return what tells two commands apart, without what Discord adds or leaves out by itself."""
    if isinstance(command, dict):
        return {key: _essence(value) for key, value in command.items() if key in _COMPARED and value not in _EMPTY}
    if isinstance(command, list | tuple):
        return [_essence(one) for one in command]
    # Permissions are told as a number and shown as a text.
    return command if isinstance(command, bool) else str(command)
