"""/labels for maintainers: which labels a report deserves and why, put on the issue at the press of a button."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol, TypeVar

import structlog

from triagebot.compose.labels import label_line
from triagebot.compose.markdown import bullets, code
from triagebot.compose.words import Voice
from triagebot.doors.discord.asking import Asking, Interaction, acknowledged
from triagebot.doors.discord.cards import Card, card
from triagebot.doors.discord.clerk import SOURCE, Clerk, target_of
from triagebot.doors.discord.insisting import insist_briefly
from triagebot.doors.discord.presses import Act, Press
from triagebot.errors import RemoteError
from triagebot.records import Label, LeftAlone, Report, Verdict

log = structlog.get_logger()
_ISSUE = re.compile(
    r"(?:https?://[^\s/]{1,100}/)?([\w.-]{1,100}/[\w.-]{1,100})(?:/issues/|#)([0-9]{1,15})(?:[#?]\S{0,200})?"
)
_T = TypeVar("_T")
Work = Callable[[], Awaitable[tuple[Card, list[Press]]]]


class Tracker(Protocol):
    """Where issues and their labels are.  Every method raises RemoteError, or StoreError."""

    def look(self, target: str) -> Report | LeftAlone:
        """Return an issue as it is now, or why it is left alone."""
        ...

    def existing(self, target: str, labels: Sequence[str]) -> list[str]:
        """Return those labels that exist where an issue stands."""
        ...

    def put_for(self, target: str, label: str, who: str) -> None:
        """Put a label on an issue at a person's word."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What labels an issue deserves that it does not have, and the verdict they are from."""

    target: str
    labels: tuple[Label, ...]
    verdict: Verdict

    @property
    def digest(self) -> str:
        """A short name of the labels: an issue that was edited since deserves others."""
        return blake2b("\0".join(label.name for label in self.labels).encode(), digest_size=6).hexdigest()


class Labelling:
    """Advises labels, and puts those that a maintainer takes; `tracker` is None where no GitHub is connected."""

    def __init__(self, asking: Asking, tracker: Tracker | None) -> None:
        self._asking = asking
        self._clerk: Clerk = asking.clerk
        self._tracker = tracker
        # The way to GitHub serves one thread at a time.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="labels")

    async def advise(self, interaction: Interaction, asked: str) -> None:
        """Answer /labels with a text, or with the address of an issue of the project."""
        if not self._asking.is_staff(interaction):
            await self._asking.tell(interaction, "discord-not-staff")
        elif await self._asking.promise(interaction, hidden=True):
            shown, presses = await self._advice(interaction, asked.strip())
            await self._asking.fulfil(interaction, shown, presses)

    async def press(self, interaction: Interaction, press: Press) -> None:
        """Put the labels on, or leave it; whoever presses must be staff at that moment."""
        if not self._asking.is_staff(interaction):
            await self._asking.tell(interaction, "discord-not-staff")
            return
        if await acknowledged(insist_briefly("acknowledging", interaction.response.defer)) is None:
            return
        target = f"{self._clerk.knowledge.project}#{press.about}"
        shown, presses = await self._told(interaction, lambda: self._do(interaction, press, target))
        await self._asking.fulfil(interaction, shown, presses)

    async def _advice(self, interaction: Interaction, asked: str) -> tuple[Card, list[Press]]:
        voice, issue = self._asking.voice(interaction), _ISSUE.fullmatch(asked)
        if issue is None:
            target = target_of(interaction.guild_id or 0, interaction.user.id, interaction.id)
            verdict = await self._clerk.judge(Report(id=target, title="", body=asked, origin=SOURCE))
            return _shown(Advice(target="", labels=verdict.labels, verdict=verdict), voice), []
        if issue[1].casefold() != self._clerk.knowledge.project.casefold():
            return card(voice.say("discord-other-repository", repository=code(self._clerk.knowledge.project))), []
        target = f"{self._clerk.knowledge.project}#{int(issue[2])}"
        return await self._told(interaction, lambda: self._offer(interaction, target))

    async def _told(self, interaction: Interaction, work: Work) -> tuple[Card, list[Press]]:
        """Do something on GitHub; what it refuses is told to the maintainer who asked."""
        voice = self._asking.voice(interaction)
        if self._tracker is None:
            return card(voice.say("discord-no-github")), []
        try:
            return await work()
        except RemoteError as error:
            log.warning("GitHub failed", why=str(error))
            return card(voice.say("discord-github-failed", why=code(str(error)))), []

    async def _offer(self, interaction: Interaction, target: str, note: str = "") -> tuple[Card, list[Press]]:
        voice = self._asking.voice(interaction)
        advice = await self._looked_at(target)
        if isinstance(advice, LeftAlone):
            return card(voice.say("discord-left-alone", why=code(advice.why))), []
        number = int(target.rpartition("#")[2])
        presses = [
            Press(act=act, asker=interaction.user.id, about=number, rest=advice.digest)
            for act in (Act.APPLY, Act.DISMISS)
        ]
        return _shown(advice, voice, note), presses if advice.labels else []

    async def _looked_at(self, target: str) -> Advice | LeftAlone:
        """Look at an issue now and judge it; labels it has, or that a person took off, are not advised."""
        tracker = self._tracker
        if tracker is None:
            return LeftAlone(why="no GitHub is connected")
        seen = await self._beside(lambda: tracker.look(target))
        if isinstance(seen, LeftAlone):
            return seen
        verdict = await self._clerk.judge(seen)
        history = await self._clerk.recall(target, seen.labels)
        have = {name.casefold() for name in seen.labels | history.removed_labels}
        wanted = [label for label in verdict.labels if label.name.casefold() not in have]
        exist = set(await self._beside(lambda: tracker.existing(target, [label.name for label in wanted])))
        return Advice(target=target, labels=tuple(one for one in wanted if one.name in exist), verdict=verdict)

    async def _do(self, interaction: Interaction, press: Press, target: str) -> tuple[Card, list[Press]]:
        voice, who = self._asking.voice(interaction), interaction.user.id
        advice = await self._looked_at(target)
        if isinstance(advice, LeftAlone):
            return card(voice.say("discord-left-alone", why=code(advice.why))), []
        if advice.digest != press.rest:
            return await self._offer(interaction, target, voice.say("discord-labels-changed"))
        kind = "applied" if press.act is Act.APPLY else "dismissed"
        for label in advice.labels:
            await self._settle(target, label.name, kind, who)
        log.info("labels", target=target, kind=kind, labels=[label.name for label in advice.labels])
        names = ", ".join(code(label.name) for label in advice.labels)
        return card(voice.say(f"discord-labels-{kind}", labels=names, target=code(target))), []

    async def _settle(self, target: str, label: str, kind: str, who: int) -> None:
        tracker = self._tracker
        if kind == "applied" and tracker is not None:
            await self._beside(lambda: tracker.put_for(target, label, f"discord:{who}"))
        await self._clerk.feedback(target, f"label:{label}", kind, who)

    async def _beside(self, call: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)


def _shown(advice: Advice, voice: Voice, note: str = "") -> Card:
    if not advice.labels:
        return card(voice.say("discord-labels-none"), outcome=advice.verdict.outcome)
    of_issue = voice.say("discord-labels", target=code(advice.target))
    head = of_issue if advice.target else voice.say("discord-labels-text")
    lines = [label_line(label, advice.verdict.answers, voice) for label in advice.labels]
    return card("\n\n".join(filter(None, (note, head, bullets(lines)))), outcome=advice.verdict.outcome)
