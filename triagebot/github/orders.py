"""Commands are carried out: who may, what changes, and the reaction or the one short comment that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from triagebot.compose import GITHUB
from triagebot.compose.because import because
from triagebot.compose.markdown import code
from triagebot.compose.words import Voice
from triagebot.decide.restraint import restrain
from triagebot.github.commands import TRIGGER, WORDS, read_commands
from triagebot.pipeline import Triage
from triagebot.plan import note
from triagebot.records import Command, Commanded, Comment, History, LeftAlone, Level
from triagebot.service import MAINTAINERS, Outcome, Service
from triagebot.service.thread import notes_in

_MAINTAINERS_ONLY = frozenset({"apply", "faq"})


class Orders:
    """Carries out the commands of comments: what people think first, then the report, then the answers."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._hearing: dict[str, Callable[[Commanded, Command], None]] = {
            "wrong": self._wrong,
            "quiet": self._quiet,
            "again": self._again,
            "faq": self._faq,
        }

    def hear(self, commanded: Commanded) -> None:
        """Keep what a comment says of our answers, before the report is looked at."""
        for command in commanded.commands:
            if not _refusal(commanded, command) and command.word in self._hearing:
                self._hearing[command.word](commanded, command)

    def recall(self, target: str, comment: Comment, reporter: str) -> None:
        """Hear a comment again that was heard by a bot without a memory; what was withdrawn stands in our comment."""
        commands = tuple(c for c in read_commands(comment.body) if c.word != "wrong")
        by_reporter = comment.author.casefold() == reporter.casefold()
        self.hear(Commanded(target=target, comment=comment, commands=commands, by_reporter=by_reporter))

    def answer(self, commanded: Commanded, done: Outcome | LeftAlone) -> None:
        """Answer a comment once the report was looked at: by a reaction, and where words are needed by one comment.

        Strangers get a reaction only: nobody makes us write by writing.
        """
        if isinstance(done, LeftAlone) and done.mute:
            return
        failures = {command: self._failure(commanded, command, done) for command in commanded.commands}
        said = [
            text for command, failure in failures.items() if (text := self._told(commanded, command, failure, done))
        ]
        if said and _may_speak(commanded):
            standing = self._service.thread(commanded.target) if isinstance(done, LeftAlone) else done.thread
            history = History(notes=notes_in(standing))
            for action in note(commanded.target, f"answer:{commanded.comment.id}", "\n\n".join(said), history):
                self._service.act(action)
        self._service.react(commanded.target, commanded.comment.id, "confused" if any(failures.values()) else "+1")

    # --- before the report is looked at ---

    def _wrong(self, commanded: Commanded, _command: Command) -> None:
        entries = self._service.said_entries(commanded.target)
        self._service.say(commanded.target, "wrong", commanded.comment.author, entries)

    def _quiet(self, commanded: Commanded, _command: Command) -> None:
        self._service.say(commanded.target, "quiet", commanded.comment.author)

    def _again(self, commanded: Commanded, _command: Command) -> None:
        self._service.unsay(commanded.target, "quiet")

    def _faq(self, commanded: Commanded, command: Command) -> None:
        if command.argument in self._service.entry_ids(commanded.target):
            self._service.unsay(commanded.target, "faq")
            self._service.say(commanded.target, "faq", commanded.comment.author, [command.argument])

    # --- after it was looked at ---

    def _failure(self, commanded: Commanded, command: Command, done: Outcome | LeftAlone) -> str:
        """Return the phrase that tells why a command did nothing; "" when it did what it says."""
        if refusal := _refusal(commanded, command):
            return refusal
        if command.word == "wrong" and not self._service.heard(commanded.target, "wrong"):
            return "command-nothing"
        if command.word == "faq" and command.argument not in self._service.entry_ids(commanded.target):
            return "command-no-entry"
        if command.word == "apply" and not self._applied(commanded, done):
            return "command-no-labels"
        return ""

    def _told(self, commanded: Commanded, command: Command, failure: str, done: Outcome | LeftAlone) -> str:
        """Return what is said to a command in words; "" where a reaction is enough."""
        core = self._service.core(commanded.target)
        if core is None:
            return done.why if isinstance(done, LeftAlone) else ""
        language = done.language if isinstance(done, Outcome) else "en"
        voice = Voice(core.knowledge, language)
        if failure:
            shown = code(f"{TRIGGER} {command.word} {command.argument}".strip())
            return voice.say(failure, command=shown, words=", ".join(code(word) for word in WORDS))
        if command.word == "why":
            return done.why if isinstance(done, LeftAlone) else _why(done, core, language)
        return ""

    def _applied(self, commanded: Commanded, done: Outcome | LeftAlone) -> bool:
        """Put on the labels that were only suggested: they are the maintainer's from then on."""
        names = list(_hinted(done)) if isinstance(done, Outcome) else []
        there = self._service.existing(commanded.target, names)
        for name in there:
            self._service.put_for(commanded.target, name, commanded.comment.author)
        return bool(there)


def asks_to_look(commanded: Commanded) -> bool:
    """Tell whether a comment asks, by somebody who may, to look at a report whatever exempts it."""
    return any(c.word in {"again", "faq"} and not _refusal(commanded, c) for c in commanded.commands)


def _hinted(done: Outcome) -> Iterator[str]:
    said = restrain(done.verdict, done.rules.policy, done.rules.triage.knowledge.entries)
    return (label.name for label in said.labels if label.level is Level.SUGGEST)


def _why(done: Outcome, core: Triage, language: str) -> str:
    return because(done.verdict, core.knowledge, language, GITHUB)


def _refusal(commanded: Commanded, command: Command) -> str:
    """Return the phrase that refuses a command: unknown, or not for this person."""
    if command.word not in WORDS:
        return "command-unknown"
    maintainer = commanded.comment.association in MAINTAINERS
    allowed = maintainer or (commanded.by_reporter and command.word not in _MAINTAINERS_ONLY)
    return "" if allowed else "command-maintainers"


def _may_speak(commanded: Commanded) -> bool:
    return commanded.by_reporter or commanded.comment.association in MAINTAINERS
