"""The clerk: everything the Discord door asks of the house, each call beside the event loop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, ParamSpec, TypeVar

import structlog

from triagebot.compose import DISCORD
from triagebot.compose.markdown import code
from triagebot.compose.words import Voice
from triagebot.doors.discord.cards import Card, card
from triagebot.doors.discord.desk import Desk
from triagebot.errors import StoreError
from triagebot.pipeline import Triage
from triagebot.ports import Standing
from triagebot.records import Action, History, Kind, Knowledge, Outcome, Policy, Report, Verdict
from triagebot.redaction import redact
from triagebot.store import Proposal, Said, Store

SOURCE = "discord"
# Unasked, the bot speaks only when it is sure: what would be a suggestion is left out.
LISTENING = Policy(suggest_from=Policy().act_from)
ASKED = Policy()
# Of longer texts the beginning and the end are read: there the errors are, mostly at the end.
LONGEST_TEXT = 128 * 1024

log = structlog.get_logger()
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Clerk:
    """Reads reports, finds the words, and remembers; one clerk serves the whole door."""

    def __init__(self, core: Triage, store: Store, desk: Desk) -> None:
        self._core = core
        self._store = store
        self._desk = desk
        self._voices = {language: Voice(core.knowledge, language) for language in ASKED.languages}

    @property
    def knowledge(self) -> Knowledge:
        """What the answers are from."""
        return self._core.knowledge

    def voice(self, language: str) -> Voice:
        """Return the bot's own words in a language."""
        return self._voices.get(language) or self._voices[ASKED.languages[0]]

    # --- reading and answering ---

    def queue(self, guild: int) -> AbstractContextManager[None]:
        """Hold a place in the queue; raises BusyError when too many wait."""
        return self._desk.place(guild)

    async def judge(self, report: Report, policy: Policy = ASKED) -> Verdict:
        """Return the verdict on a report, whose secrets are taken out before anything sees it."""
        clean = replace(report, title=redact(report.title), body=redact(_shortened(report.body)))
        return await self._desk.judge(clean, policy)

    def card(self, verdict: Verdict, language: str = "", note: str = "") -> Card:
        """Return the reply to a verdict as a card; a silent verdict says that nothing is known.

        `note` is the phrase that stands small below, "" for the usual one.
        """
        reply, _ = self._core.answer(verdict, dialect=DISCORD, language=language)
        voice = self.voice(reply.language)
        text = reply.text or voice.say("discord-nothing")
        return card(text, voice.say(note or "discord-note"), verdict.outcome, voice.say("discord-whole"))

    # --- remembering ---

    async def remember(self, verdict: Verdict) -> None:
        """Keep the verdict for whoever asks why; a database that fails keeps nobody from their answer."""
        await self._tried(self._store.memory.keep_verdict, verdict)

    async def chain(self, target: str) -> dict[str, Any]:
        """Return the verdict that was kept on a report; empty when there is none."""
        kept = await asyncio.to_thread(self._store.memory.chain, target)
        chain: dict[str, Any] = json.loads(kept).get("verdict", {}) if kept else {}
        return chain

    async def recall(self, target: str, labels: frozenset[str] = frozenset()) -> History:
        """Return what was said and done before to a message, or to an issue with the labels it has."""
        return await asyncio.to_thread(self._store.memory.recall, Report(id=target, title="", body="", labels=labels))

    async def adopt(self, target: str, reply: int, text: str) -> None:
        """Write down our reply as it stands."""
        await asyncio.to_thread(self._store.memory.adopt, target, Standing(comment=str(reply), text=text))

    async def dismiss(self, target: str) -> None:
        """Write down that a person did away with our reply: it is not written again."""
        gone = Action(kind=Kind.COMMENT, target=target, value="", key=f"dismissed:{target}")
        await asyncio.to_thread(self._store.memory.dismiss, gone)

    async def claim(self, key: str) -> bool:
        """Tell whether we are the one of all replicas that does this; raises StoreError."""
        return await asyncio.to_thread(self._store.claims.claim_once, key)

    async def finish(self, key: str) -> None:
        """Say that what was claimed is done for good."""
        await self._tried(self._store.claims.finish, key)

    async def release(self, key: str) -> None:
        """Give back what was claimed, for whoever comes next."""
        await self._tried(self._store.claims.release, key)

    async def last_heard(self) -> float:
        """Return when we last took something on, in seconds since 1970; 0 when we never did.  Raises StoreError."""
        return await asyncio.to_thread(self._store.claims.latest, "discord:")

    async def abandoned(self) -> list[str]:
        """Return what was claimed and never finished.  Raises StoreError."""
        return await asyncio.to_thread(self._store.claims.abandoned)

    async def feedback(self, target: str, entry: str, kind: str, who: int) -> None:
        """Keep what a person said of an answer, beside what is said on GitHub; raises StoreError."""
        said = Said(report=target, entry=entry, kind=kind, who=str(who), source=SOURCE)
        await asyncio.to_thread(self._store.feedback.say, said)

    async def propose(self, report: Report, message: int, who: int) -> tuple[str, bool]:
        """Keep a text for review; returns its error as code, and whether it was not kept before.  Raises StoreError."""
        verdict = await self.judge(report)
        first = next(iter(verdict.assessment.case.signatures), None)
        error = f"{first.type}: {first.message}".removeprefix(": ") if first else ""
        kept = Proposal(
            report=f"discord:{message}",
            text=verdict.assessment.case.document.report.body,
            error=error,
            fingerprint=first.fingerprint if first else "",
            url=report.url,
            who=str(who),
        )
        fresh = await asyncio.to_thread(self._store.proposals.propose, kept)
        return code(error) if error else "", fresh

    async def _tried(self, call: Callable[_P, _T], *args: _P.args, **named: _P.kwargs) -> _T | None:
        try:
            return await asyncio.to_thread(call, *args, **named)
        except StoreError as error:
            log.warning("database failed", why=str(error))
            return None


def target_of(guild: int, asker: int, about: int) -> str:
    """Return what the store calls a question: nobody reaches another person's by guessing its number."""
    return f"discord:{guild}:{asker}:{about}"


def post_target(guild: int, channel: int, message: int) -> str:
    """Return what the store calls a message: whoever presses a button can only mean one of the same channel."""
    return f"discord:{guild}:{channel}:{message}"


def language_of(locale: str, verdict: Verdict) -> str:
    """Return the language to answer in: Chinese for whoever writes it or uses Discord in it, logs being English."""
    written = verdict.assessment.case.document.language
    return "zh" if locale.startswith("zh") else written


def is_worth_saying(verdict: Verdict) -> bool:
    """Tell whether a verdict is said unasked: a sure answer, or what is missing."""
    return verdict.outcome is Outcome.ANSWER or bool(verdict.missing)


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_TEXT:
        return text
    head = LONGEST_TEXT // 4
    return f"{text[:head]}\n\n{text[head - LONGEST_TEXT :]}"
