"""Questions put to the bot: acknowledged in time, answered once, seen by the asker alone unless they want otherwise."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import discord
import structlog

from triagebot.compose.words import Voice
from triagebot.doors.discord.attachments import Attached, Fetcher
from triagebot.doors.discord.cards import card
from triagebot.doors.discord.clerk import ASKED, Clerk, language_of, target_of
from triagebot.doors.discord.cooldown import Cooldown
from triagebot.doors.discord.desk import BusyError
from triagebot.doors.discord.insisting import insist, insist_briefly
from triagebot.doors.discord.presses import Act, Press
from triagebot.doors.discord.showing import SILENT, buttons, shown
from triagebot.errors import StoreError
from triagebot.records import Report, Verdict

# A person may ask a few times in a row, then every ten seconds.
BURST, EVERY_SECONDS = 4, 10.0
ANSWERED_ALREADY, UNKNOWN_INTERACTION = 40060, 10062

Interaction = discord.Interaction[Any]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person wants read: a text, files, and where both come from."""

    text: str
    files: tuple[Attached, ...] = ()
    title: str = ""
    url: str = ""
    public: bool = False


class Asking:
    """Answers commands, menus and forms."""

    def __init__(self, clerk: Clerk, fetcher: Fetcher, staff_roles: frozenset[int]) -> None:
        self.clerk = clerk
        self._fetcher = fetcher
        self._staff_roles = staff_roles
        self._cooldown = Cooldown(BURST, EVERY_SECONDS)

    def is_staff(self, interaction: Interaction) -> bool:
        """Tell whether somebody is staff: by a configured role, or as one who may manage messages here."""
        roles = interaction.user._roles if isinstance(interaction.user, discord.Member) else ()  # noqa: SLF001 - the public list needs a cache
        return interaction.permissions.manage_messages or any(role in self._staff_roles for role in roles)

    def voice(self, interaction: Interaction) -> Voice:
        """Return the bot's words in the language in which somebody uses Discord."""
        return self.clerk.voice("zh" if interaction.locale.value.startswith("zh") else "en")

    async def answer(self, interaction: Interaction, question: Question) -> None:
        """Answer a question; whoever asks too often, or while too many wait, is told so."""
        waiting = 0.0 if self.is_staff(interaction) else self._cooldown.wait(interaction.user.id, time.monotonic())
        if waiting:
            await self.tell(interaction, "discord-slower", seconds=f"{waiting:.0f}")
            return
        try:
            with self.clerk.queue(interaction.guild_id or 0):
                await self._answer_in_turn(interaction, question)
        except BusyError:
            await self.tell(interaction, "discord-busy")

    async def _answer_in_turn(self, interaction: Interaction, question: Question) -> None:
        if not await self.promise(interaction, hidden=not question.public):
            return
        report = await self.report(interaction, question)
        if not report.body.strip() and not report.title.strip():
            await self.fulfil(interaction, card(self.voice(interaction).say("discord-empty")), ())
            return
        verdict = await self.clerk.judge(report, ASKED)
        await self.clerk.remember(verdict)
        language = language_of(interaction.locale.value, verdict)
        presses = presses_for(verdict, interaction.user.id, interaction.id, public=question.public)
        await self.fulfil(interaction, self.clerk.card(verdict, language), presses, self.clerk.voice(language))
        log.info("question answered", target=report.id, outcome=verdict.outcome.value)

    async def report(self, interaction: Interaction, question: Question) -> Report:
        """Return what is to be read for a question, its files fetched."""
        target = target_of(interaction.guild_id or 0, interaction.user.id, interaction.id)
        texts = await self._fetcher.texts(question.files)
        body = body_of(question.text, texts)
        return Report(id=target, title=question.title, body=body, origin="discord", url=question.url)

    # --- saying it ---

    async def promise(self, interaction: Interaction, *, hidden: bool) -> bool:
        """Acknowledge in time, and tell whether of all replicas it is ours to answer.

        The acknowledgement comes first: Discord waits three seconds.  It may be refused because another replica was
        faster, or because our own got through though its answer was lost: the claim in the store decides.
        """

        async def defer() -> None:
            await interaction.response.defer(ephemeral=hidden, thinking=True)

        first = await acknowledged(insist_briefly("acknowledging", defer))
        if first is None:
            return False
        return await self._claimed(f"discord:interaction:{interaction.id}", otherwise=first)

    async def _claimed(self, key: str, *, otherwise: bool) -> bool:
        try:
            return await self.clerk.claim(key)
        except StoreError as error:
            log.warning("database failed", why=str(error))
            return otherwise

    async def fulfil(
        self, interaction: Interaction, what: Any, presses: Iterable[Press], voice: Voice | None = None
    ) -> None:
        """Fill the promised message: done twice it is the same message still."""
        made = list(presses)
        view = buttons(made, voice or self.voice(interaction)) if made else None

        async def fill() -> None:
            told = shown(what)
            files = [told.pop("file")] if "file" in told else []
            await interaction.edit_original_response(**told, attachments=files, view=view)

        await insist("answering", fill)
        await self.clerk.finish(f"discord:interaction:{interaction.id}")

    async def tell(self, interaction: Interaction, key: str, **values: str) -> None:
        """Say one of the bot's phrases to the asker alone, at once."""
        text = self.voice(interaction).say(key, **values)

        async def say() -> None:
            if interaction.response.is_done():
                await interaction.followup.send(text, ephemeral=True, allowed_mentions=SILENT)
            else:
                await interaction.response.send_message(text, ephemeral=True, allowed_mentions=SILENT)

        await acknowledged(insist_briefly("telling", say))


async def acknowledged(call: Any) -> bool | None:
    """Await a first answer: True when it was taken, False when there was one already, None when it came too late."""
    try:
        await call
    except discord.InteractionResponded:
        return False
    except discord.HTTPException as error:
        if error.code == ANSWERED_ALREADY:
            return False
        if error.code == UNKNOWN_INTERACTION:
            log.warning("interaction too late or not known")
            return None
        raise
    return True


def body_of(text: str, files: Iterable[tuple[str, str]]) -> str:
    """Return a text with its files, each in a block of code, so that nothing in it is read as prose.

    A file that comes alone is given as it is: its lines keep their numbers.
    """
    attached = list(files)
    if len(attached) == 1 and not text.strip():
        return attached[0][1]
    parts = [text] if text.strip() else []
    for name, content in attached:
        fence = "`" * max(3, _longest_run(content) + 1)
        parts.append(f"{_plain(name)}\n{fence}\n{content.strip(chr(10))}\n{fence}")
    return "\n\n".join(parts)


def _longest_run(text: str) -> int:
    longest = 0
    while "`" * (longest + 1) in text and longest < len(text):
        longest += 1
    return longest


def _plain(name: str) -> str:
    return "".join(sign for sign in name if sign.isalnum() or sign in "._- ")[:80]


def presses_for(verdict: Verdict, asker: int, about: int, *, public: bool) -> list[Press]:
    """Return the buttons below an answer."""
    acts = [Act.SOLVED, Act.WRONG, Act.WHY] if verdict.answers else [Act.WHY] if verdict.missing else []
    acts += [Act.ISSUE]
    acts += [Act.DELETE] if public else []
    return [Press(act=act, asker=asker, about=about) for act in acts]
