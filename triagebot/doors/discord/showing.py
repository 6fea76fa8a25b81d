"""Cards and buttons as discord.py's objects."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import discord

from triagebot.compose.words import Voice
from triagebot.doors.discord.cards import Card
from triagebot.doors.discord.presses import PATTERN, Act, Press, read

SILENT = discord.AllowedMentions.none()
_FILE = "answer.md"
_STYLES = {
    Act.SOLVED: discord.ButtonStyle.success,
    Act.APPLY: discord.ButtonStyle.success,
    Act.WRONG: discord.ButtonStyle.danger,
}


class Button(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=PATTERN):
    """A button whose meaning is its id; it is made anew from the id at every press, nothing is kept in memory."""

    def __init__(self, press: Press, label: str = "") -> None:
        style = _STYLES.get(press.act, discord.ButtonStyle.secondary)
        super().__init__(discord.ui.Button(label=label or press.act.value, style=style, custom_id=press.code()))
        self.press = press

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: Any, /
    ) -> Button:
        """Return the button that was pressed."""
        del interaction, item
        return cls(read(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to the client."""
        await interaction.client.pressed(interaction, self.press)


def buttons(presses: Iterable[Press], voice: Voice) -> discord.ui.View:
    """Return a row of buttons, labelled in a language."""
    view = discord.ui.View(timeout=None)
    for press in presses:
        view.add_item(Button(press, voice.say(f"discord-button-{press.act}")))
    return view


def shown(card: Card) -> dict[str, Any]:
    """Return a card as arguments for sending: an embed, and a file where the text was cut."""
    told: dict[str, Any] = {"embed": embed(card), "allowed_mentions": SILENT}
    if card.whole:
        told["file"] = discord.File(io.BytesIO(card.whole.encode("utf-8", "replace")), _FILE)
    return told


def embed(card: Card) -> discord.Embed:
    """Return a card's embed."""
    made = discord.Embed(description=card.text, colour=card.colour)
    return made.set_footer(text=card.note) if card.note else made
