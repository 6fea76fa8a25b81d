"""What happens when a button is pressed: only by the asker or staff, and whoever presses twice changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import discord
import structlog

from triagebot.compose.words import Voice
from triagebot.doors.discord.asking import Asking, Interaction, acknowledged
from triagebot.doors.discord.cards import card
from triagebot.doors.discord.clerk import post_target, target_of
from triagebot.doors.discord.insisting import insist, insist_briefly
from triagebot.doors.discord.linking import issue_link
from triagebot.doors.discord.presses import Act, Press
from triagebot.doors.discord.reasons import Chain, reasons_of
from triagebot.doors.discord.showing import SILENT, buttons, embed
from triagebot.errors import StoreError

log = structlog.get_logger()
# A button below a reply to a message says so: the message is found by its channel, not by its asker.
POST = "post"


class Pressing:
    """Does what buttons below answers ask for."""

    def __init__(self, asking: Asking, web: str) -> None:
        self._asking = asking
        self._clerk = asking.clerk
        self._web = web
        self._deeds: dict[Act, Callable[[Interaction, Press], Awaitable[None]]] = {
            Act.SOLVED: self._solved,
            Act.WRONG: self._wrong,
            Act.WHY: self._why,
            Act.ISSUE: self._issue,
            Act.DELETE: self._delete,
        }

    async def pressed(self, interaction: Interaction, press: Press) -> None:
        """Do what a button asks for, if whoever pressed it may."""
        if press.asker != interaction.user.id and not self._asking.is_staff(interaction):
            await self._asking.tell(interaction, "discord-not-yours")
            return
        try:
            await self._deeds[press.act](interaction, press)
        except StoreError as error:
            log.warning("database failed", why=str(error))
            await self._asking.tell(interaction, "discord-failed")

    def target(self, interaction: Interaction, press: Press) -> str:
        """Return the question a button is about; guild and channel are where it was pressed, whatever its id says."""
        guild = interaction.guild_id or 0
        if press.rest == POST:
            return post_target(guild, interaction.channel_id or 0, press.about)
        return target_of(guild, press.asker, press.about)

    async def _solved(self, interaction: Interaction, press: Press) -> None:
        await self._feedback(interaction, press, "solved")

    async def _wrong(self, interaction: Interaction, press: Press) -> None:
        await self._feedback(interaction, press, "wrong")

    async def _feedback(self, interaction: Interaction, press: Press, kind: str) -> None:
        """Keep what was said, then show that it was: a failure in between shows nothing that is not so."""
        if await acknowledged(insist_briefly("acknowledging", interaction.response.defer)) is None:
            return
        target, voice = self.target(interaction, press), self._asking.voice(interaction)
        for entry in _entries(await self._clerk.chain(target)):
            await self._clerk.feedback(target, entry, kind, interaction.user.id)
        if kind == "wrong" and press.rest == POST:
            await self._clerk.dismiss(target)
        left = [Act.WHY, Act.ISSUE] + ([Act.DELETE] if _is_public(interaction) else [])
        presses = [Press(act=act, asker=press.asker, about=press.about, rest=press.rest) for act in left]
        log.info("feedback", target=target, kind=kind)
        await self._change(interaction, voice.say(f"discord-{kind}"), presses, voice, keeps=kind == "solved")

    async def _change(
        self, interaction: Interaction, note: str, presses: list[Press], voice: Voice, *, keeps: bool
    ) -> None:
        """Show a note on the answer: below it, or in its place when it was wrong."""
        shown = interaction.message.embeds[0] if keeps and interaction.message and interaction.message.embeds else None
        made = shown.set_footer(text=note) if shown else embed(card(note))

        async def change() -> None:
            await interaction.edit_original_response(
                embed=made, attachments=[], view=buttons(presses, voice), allowed_mentions=SILENT
            )

        await insist("noting feedback", change)

    async def _why(self, interaction: Interaction, press: Press) -> None:
        def say(chain: Chain, voice: Voice) -> str:
            return reasons_of(chain, self._clerk.knowledge, voice)

        await self._whisper(interaction, press, say)

    async def _issue(self, interaction: Interaction, press: Press) -> None:
        def say(chain: Chain, voice: Voice) -> str:
            link = issue_link(chain, self._clerk.knowledge, voice, self._web) if chain else ""
            return voice.say("discord-issue", link=link) if link else ""

        await self._whisper(interaction, press, say)

    async def _whisper(self, interaction: Interaction, press: Press, say: Callable[[Chain, Voice], str]) -> None:
        """Tell whoever pressed, and nobody else, something about the kept verdict."""
        if not await self._asking.promise(interaction, hidden=True):
            return
        voice = self._asking.voice(interaction)
        chain = await self._clerk.chain(self.target(interaction, press))
        text = say(chain, voice) or voice.say("discord-forgotten")
        await self._asking.fulfil(interaction, card(text), ())

    async def _delete(self, interaction: Interaction, press: Press) -> None:
        if await acknowledged(insist_briefly("acknowledging", interaction.response.defer)) is None:
            return
        if press.rest == POST:
            await self._clerk.dismiss(self.target(interaction, press))
        try:
            await insist("deleting", interaction.delete_original_response)
        except discord.NotFound:
            log.info("reply was deleted already")


def _entries(chain: Chain) -> list[str]:
    return [answer["diagnosis"]["entry"] for answer in chain.get("answers", ())]


def _is_public(interaction: Interaction) -> bool:
    return interaction.message is not None and not interaction.message.flags.ephemeral
