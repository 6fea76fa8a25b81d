"""Gather, think, act, remember: the one place where the pure core meets the world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from triagebot.compose import GITHUB
from triagebot.errors import Gone
from triagebot.pipeline import Triage
from triagebot.ports import Hands, Memory
from triagebot.records import Action, Dialect, History, Kind, LeftAlone, Policy, Report, Verdict


class Service:
    """Brings a report to the state it should be in, whatever happened to it before.

    Each run reads the report as it is now and does the difference, so that missed, repeated and reordered events end
    in the same state.
    """

    def __init__(
        self, triage: Triage, hands: Hands, memory: Memory, policy: Policy | None = None, dialect: Dialect = GITHUB
    ) -> None:
        self._triage = triage
        self._hands = hands
        self._memory = memory
        self._policy = policy or Policy()
        self._dialect = dialect
        self._spelling = _spelling(triage, self._policy)

    def note_removed(self, target: str, label: str) -> None:
        """Remember that a person took a label off a report: it is never put back."""
        self._memory.note_removed(target, self._spelling.get(label.casefold(), label))

    def triage(self, target: str) -> Verdict | LeftAlone:
        """Bring a report (`owner/repo#number`) up to date; raises RemoteError and StoreError.

        Returns the verdict, or why the report is left alone.
        """
        seen = self._hands.look(target)
        if isinstance(seen, LeftAlone):
            return seen
        report = self._respelled(seen)
        history = self._history(report)
        verdict = self._triage.judge(report, self._policy)
        _, planned = self._triage.answer(verdict, history, self._policy, self._dialect)
        self._memory.keep_verdict(verdict)
        for action in self._allowed(planned, history):
            self._act(action, history)
        return verdict

    def _respelled(self, report: Report) -> Report:
        """Spell labels as the knowledge does: to the tracker `Bug` and `bug` are one label."""
        return replace(report, labels=frozenset(self._spelling.get(n.casefold(), n) for n in report.labels))

    def _history(self, report: Report) -> History:
        """Recall what was done; where the ledger does not know our comment, the hidden marker on the report decides."""
        history = self._memory.recall(report)
        if history.dismissed or (history.comment and not history.uncertain):
            return history
        standing = self._hands.find_reply(report.id)
        if standing.comment:
            self._memory.adopt(report.id, standing)
        deleted = bool(history.comment) and not standing.comment
        return replace(history, comment=standing.comment, reply=standing.text, dismissed=deleted)

    def _allowed(self, planned: Sequence[Action], history: History) -> list[Action]:
        """Drop labels that do not exist (adding one would create it) and a comment that a person deleted."""
        actions = [a for a in planned if not (a.kind is Kind.COMMENT and history.dismissed)]
        if not any(action.kind is Kind.LABEL for action in actions):
            return actions
        exist = {name.casefold() for name in self._hands.label_names(actions[0].target)}
        return [a for a in actions if a.kind is not Kind.LABEL or a.value.casefold() in exist]

    def _act(self, action: Action, history: History) -> None:
        """Do one action between two entries of the ledger, so that a crash in the middle is seen afterwards."""
        self._memory.intend(action)
        try:
            self._memory.keep(self._hands.do(action, history.comment))
        except Gone:
            self._memory.dismiss(action)


def _spelling(triage: Triage, policy: Policy) -> dict[str, str]:
    names = {name for entry in triage.knowledge.entries for name in entry.labels} | {policy.needs_info_label}
    return {name.casefold(): name for name in sorted(names)}
