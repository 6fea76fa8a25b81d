"""Gather, think, act, remember: the one place where the pure core meets the world."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from triagebot.compose import GITHUB, asked_for
from triagebot.compose.words import Voice
from triagebot.decide.labels import possible_labels
from triagebot.decide.restraint import restrain
from triagebot.errors import Gone
from triagebot.pipeline import Triage
from triagebot.plan import MARKER, note
from triagebot.plan.memo import read_memo
from triagebot.plan.silence import CLOSED, Step, due, spoke_since, waits
from triagebot.ports import Hands, Memory, Opinions, Said
from triagebot.records import (
    Action,
    Comment,
    Dialect,
    History,
    IssueTemplate,
    Kind,
    LeftAlone,
    Policy,
    Report,
    Rung,
    Verdict,
)
from triagebot.service.opinions import Nobody, attitude, demoted, note_likes
from triagebot.service.thread import find_reply, notes_in, with_answers

MAINTAINERS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
US = "triagebot"


class Rules(NamedTuple):
    """What holds where a report stands: the core, the policy, and the issue templates (None: the knowledge's own)."""

    triage: Triage
    policy: Policy
    templates: tuple[IssueTemplate, ...] | None = None


class Outcome(NamedTuple):
    """What a run came to: the verdict, by which rules, what stood below the report before, and the reply's language."""

    verdict: Verdict
    rules: Rules
    thread: tuple[Comment, ...]
    language: str


class Service:
    """Brings a report to the state it should be in, whatever happened to it before.

    Each run reads the report as it is now and does the difference, so that missed, repeated and reordered events end
    in the same state.  `rules` tells what holds for a report, `clock` the time in seconds since 1970.
    """

    def __init__(
        self,
        triage: Triage,
        hands: Hands,
        memory: Memory,
        policy: Policy | None = None,
        dialect: Dialect = GITHUB,
        *,
        rules: Callable[[str], Rules | LeftAlone] | None = None,
        opinions: Opinions | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        standard = Rules(triage, policy or Policy())
        self._rules = rules or (lambda _target: standard)
        self._hands = hands
        self._memory = memory
        self._opinions: Opinions = opinions or Nobody()
        self._dialect = dialect
        self._clock = clock

    # --- what people did ---

    def note_removed(self, target: str, label: str, who: str = "") -> None:
        """Remember that a person took a label off a report: it is never put back."""
        self._memory.note_removed(target, self._spelled(target, label), who)

    def note_put(self, target: str, label: str, who: str) -> None:
        """Remember that a person put a label on: it is theirs from then on."""
        self._memory.note_put(target, self._spelled(target, label), who)

    def say(self, target: str, kind: str, who: str, entries: Iterable[str] = ("",)) -> None:
        """Keep what a person said of entries that were said on a report."""
        for entry in entries:
            self._opinions.say(Said(report=target, entry=entry, kind=kind, who=who, source="github"))

    def unsay(self, target: str, kind: str) -> None:
        """Forget what anybody said of a kind: a later word counts."""
        for said in self._opinions.about(target):
            if said.kind == kind:
                self._opinions.take_back(said)

    def said_entries(self, target: str) -> tuple[str, ...]:
        """Return the entries that our comment says now."""
        memo = read_memo(find_reply(self._hands.comments(target)).text)
        return (*memo.answers, *memo.hints)

    def heard(self, target: str, kind: str) -> bool:
        """Tell whether anybody said a kind of thing of a report."""
        return any(said.kind == kind for said in self._opinions.about(target))

    def thread(self, target: str) -> tuple[Comment, ...]:
        """Return what stands below a report now."""
        return self._hands.comments(target)

    def may_put(self, target: str, label: str) -> bool:
        """Tell whether a label is one that we could have put on: an entry's, a rule's, or the request's."""
        rules = self._rules(target)
        return not isinstance(rules, LeftAlone) and label.casefold() in _spelling(rules, target)

    def ends_request(self, target: str, label: str) -> bool:
        """Tell whether taking a label off a report ends what we asked for there."""
        rules = self._rules(target)
        return (
            not isinstance(rules, LeftAlone)
            and label.casefold() == rules.policy.needs_info_label.casefold()
            and bool(self._memory.comment(target))
        )

    def core(self, target: str) -> Triage | None:
        """Return the core that thinks about a report; None where its repository's settings are wrong."""
        rules = self._rules(target)
        return None if isinstance(rules, LeftAlone) else rules.triage

    def reminds(self, repository: str) -> str:
        """Return the label of reports that wait for an answer; "" where nobody is ever reminded."""
        rules = self._rules(f"{repository}#1")
        return "" if isinstance(rules, LeftAlone) or not rules.policy.remind_after else rules.policy.needs_info_label

    def entry_ids(self, target: str) -> frozenset[str]:
        """Return the ids of the entries that there are for a report."""
        core = self.core(target)
        return frozenset(entry.id for entry in core.knowledge.entries) if core else frozenset()

    def look(self, target: str) -> Report | LeftAlone:
        """Return a report as it is now, or why it is left alone."""
        return self._hands.look(target)

    def existing(self, target: str, labels: Sequence[str]) -> list[str]:
        """Return those labels that exist where a report stands."""
        missing = self._hands.missing_labels(target, labels) if labels else frozenset[str]()
        return [name for name in labels if name not in missing]

    def put_for(self, target: str, label: str, who: str) -> None:
        """Put a label on at a person's word: it is theirs, not ours to take off."""
        self._hands.do(Action(kind=Kind.LABEL, target=target, value=label, key=f"{Kind.LABEL}:{target}:{label}:{who}"))
        self.note_put(target, label, who)

    def act(self, action: Action) -> None:
        """Do one more thing that a person asked for."""
        self._act(action, History())

    def react(self, target: str, comment: str, reaction: str) -> None:
        """Answer a comment by a reaction; one that was deleted meanwhile needs none."""
        with suppress(Gone):
            self._hands.react(target, comment, reaction)

    def harvest(self, target: str) -> LeftAlone:
        """Count once more how our comment was liked; the report is over."""
        note_likes(target, self._hands.comments(target), self._opinions)
        return LeftAlone(why="the report is over: reactions were counted")

    # --- the run ---

    def triage(self, target: str, *, asked: bool = False) -> Verdict | LeftAlone:
        """Bring a report (`owner/repo#number`) up to date; raises RemoteError and StoreError.

        Returns the verdict, or why the report is left alone.  `asked`: by a person, so that no exemption counts.
        """
        done = self.run(target, asked=asked)
        return done if isinstance(done, LeftAlone) else done.verdict

    def run(self, target: str, *, asked: bool = False, edited: bool = False) -> Outcome | LeftAlone:
        """Do the same, and return all that was seen on the way; `edited`: the reporter edited what is closed."""
        seen = self._hands.look(target)
        if isinstance(seen, LeftAlone) and self._reopened(target, seen, edited=edited):
            seen = self._hands.look(target)
        if isinstance(seen, LeftAlone):
            return seen
        rules = self._rules(target)
        if isinstance(rules, LeftAlone):
            return rules
        reason = "" if asked else _exempt(seen, rules.policy)
        return LeftAlone(why=reason) if reason else self._bring_up_to_date(seen, rules)

    def _bring_up_to_date(self, seen: Report, rules: Rules) -> Outcome:
        thread = self._hands.comments(seen.id)
        spelling = _spelling(rules, seen.id)
        report = replace(seen, labels=frozenset(spelling.get(n.casefold(), n) for n in seen.labels))
        history = self._history(report, thread)
        heard = attitude(self._opinions.about(report.id))
        rules = rules._replace(policy=self._minding(rules.policy, heard.withdrawn, heard.pinned, history))
        verdict = _judged(rules, report, thread)
        self._memory.keep_verdict(verdict)
        reply, planned = rules.triage.answer(verdict, history, rules.policy, self._dialect)
        said = restrain(verdict, rules.policy, rules.triage.knowledge.entries)
        if heard.quiet:
            planned = _lift_request(report, history, rules.policy)
        elif waits(said, rules.policy):
            planned = (*planned, *self._silence(said, thread, history, rules, reply.language))
        for action in self._allowed(report.id, planned, history):
            self._act(action, history)
        note_likes(report.id, thread, self._opinions)
        self._count(report.id, planned)
        return Outcome(verdict, rules, thread, reply.language)

    def _minding(self, policy: Policy, withdrawn: frozenset[str], pinned: str, history: History) -> Policy:
        """Return the policy as people have changed it for this report: who took our request away ends the asking."""
        no_more = policy.needs_info_label in history.removed_labels or history.dismissed
        return replace(
            policy,
            withdrawn=withdrawn,
            pinned=pinned,
            demoted=demoted(self._opinions.counts()),
            needs_info=Rung.OFF if no_more else policy.needs_info,
        )

    def _silence(
        self, said: Verdict, thread: Sequence[Comment], history: History, rules: Rules, language: str
    ) -> list[Action]:
        """Return what a long silence asks for; the reminder is read in a mail, so it names what is missing."""
        report = said.assessment.case.document.report
        step = due(report, thread, history, rules.policy, self._clock())
        voice = Voice(rules.triage.knowledge, language)
        if step is Step.REMIND:
            key = "reminder-closing" if rules.policy.close_after else "reminder"
            text = f"{voice.say(key, days=f'{rules.policy.close_after:g}')}\n\n{asked_for(said, voice)}"
            return note(report.id, Step.REMIND, text, history)
        if step is Step.CLOSE:
            close = Action(kind=Kind.CLOSE, target=report.id, value="", key=f"{Kind.CLOSE}:{report.id}")
            return [*note(report.id, CLOSED, voice.say("closed-silence"), history), close]
        return []

    def _reopened(self, target: str, seen: LeftAlone, *, edited: bool) -> bool:
        """Open a report again that we closed after silence, when its reporter has spoken since, or edited it.

        That it reads otherwise is not enough: whoever retitles a closed report does not open it.
        """
        if seen.report is None or not seen.by:
            return False
        thread = self._hands.comments(target)
        closing = notes_in(thread).get(CLOSED)
        ours = {comment.author.casefold() for comment in thread if comment.ours}
        if closing is None or seen.by.casefold() not in ours:
            return False
        if not (edited or spoke_since(seen.report.author, thread, closing.written_at)):
            return False
        action = Action(kind=Kind.REOPEN, target=target, value="", key=f"{Kind.REOPEN}:{target}:{len(thread)}")
        self._act(action, History())
        return True

    # --- what stands there ---

    def _history(self, report: Report, thread: Sequence[Comment]) -> History:
        """Recall what was done and compare it with what stands there: the thread decides where the ledger is unsure."""
        history = replace(self._memory.recall(report), notes=notes_in(thread))
        standing = find_reply(thread)
        if history.dismissed:
            return history
        if history.comment and not history.uncertain and any(c.id == history.comment for c in thread):
            return history
        if standing.comment:
            self._memory.adopt(report.id, standing)
            return replace(history, comment=standing.comment, reply=standing.text)
        if history.comment:
            gone = Action(kind=Kind.COMMENT, target=report.id, value="", key=f"gone:{report.id}")
            self._memory.dismiss(gone)
        return replace(history, comment="", reply="", dismissed=bool(history.comment))

    # --- doing ---

    def _allowed(self, target: str, planned: Sequence[Action], history: History) -> list[Action]:
        """Drop labels that do not exist (adding one would create it) and what follows a comment a person deleted."""
        spoken = {Kind.COMMENT, Kind.NOTE}
        actions = [a for a in planned if not (a.kind in spoken and history.dismissed)]
        exist = self.existing(target, [a.value for a in actions if a.kind is Kind.LABEL])
        return [a for a in actions if a.kind is not Kind.LABEL or a.value in exist]

    def _act(self, action: Action, history: History) -> None:
        """Do one action between two entries of the ledger, so that a crash in the middle is seen afterwards."""
        self._memory.intend(action)
        try:
            self._memory.keep(self._hands.do(action, history.comment))
        except Gone:
            self._memory.dismiss(action)

    def drop_twins(self, target: str) -> None:
        """Take back what was said twice: another worker took the report over while we were writing.

        The comment that the ledger knows stays; raises RemoteError and StoreError.
        """
        known = self._memory.comment(target)
        ours = [c.id for c in self._hands.comments(target) if c.ours and c.body.partition("\n")[0] == MARKER]
        for comment in ours if known in ours else ():
            if comment != known:
                self._hands.erase(target, comment)

    # --- what people think of it ---

    def _count(self, target: str, planned: Sequence[Action]) -> None:
        """Keep that an answer was given: doubts about an entry weigh less the more often it was right."""
        for action in planned:
            if action.kind is Kind.COMMENT:
                self.say(target, "said", US, read_memo(action.value).answers)

    def _spelled(self, target: str, label: str) -> str:
        rules = self._rules(target)
        return label if isinstance(rules, LeftAlone) else _spelling(rules, target).get(label.casefold(), label)


def _judged(rules: Rules, report: Report, thread: Sequence[Comment]) -> Verdict:
    """Judge the report; while something is missing, what its reporter answered below counts as well."""
    verdict = rules.triage.judge(report, rules.policy, rules.templates)
    whole = with_answers(report, thread)
    if not verdict.missing or whole is report:
        return verdict
    return rules.triage.judge(whole, rules.policy, rules.templates)


def _lift_request(report: Report, history: History, policy: Policy) -> tuple[Action, ...]:
    """Return the taking off of our request's label: who is quiet does not keep asking."""
    name = policy.needs_info_label
    if name not in history.own_labels & report.labels:
        return ()
    return (Action(kind=Kind.UNLABEL, target=report.id, value=name, key=f"{Kind.UNLABEL}:{report.id}:quiet"),)


def _exempt(report: Report, policy: Policy) -> str:
    """Return why a report is none of ours by the repository's policy; "" when it is."""
    exempt = policy.exempt
    if exempt.maintainers and report.association in MAINTAINERS:
        return "it was written by a maintainer"
    if report.author.casefold() in exempt.authors:
        return "its author is exempt"
    return "it has an exempt label" if exempt.labels & {name.casefold() for name in report.labels} else ""


def _spelling(rules: Rules, target: str) -> dict[str, str]:
    """Return the labels that may be put, as knowledge and policy spell them: to the tracker `Bug` and `bug` are one."""
    known = possible_labels(rules.triage.knowledge, target.rpartition("#")[0])
    known |= {*rules.policy.label_names.values(), rules.policy.needs_info_label}
    return {name.casefold(): name for name in sorted(known)}
