"""The corridor: the only place that knows the order of the rooms.  Pure from end to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from triagebot import diagnose, extract, matchers
from triagebot.compose import GITHUB, compose
from triagebot.decide import decide
from triagebot.decide.restraint import restrain
from triagebot.garbage import uncollected
from triagebot.parse import parse
from triagebot.plan import plan
from triagebot.plan.memo import read_memo
from triagebot.records import (
    Action,
    Case,
    Dialect,
    Evidence,
    History,
    IssueTemplate,
    Knowledge,
    Policy,
    Reply,
    Report,
    Verdict,
)

_POLICY = Policy()
_HISTORY = History()

Watch = Callable[[str], AbstractContextManager[object]]
"""Is entered with the name of each room while somebody is in it."""


class Triage:
    """The whole core: built once from the knowledge, then a function of its arguments."""

    @uncollected()
    def __init__(self, knowledge: Knowledge, watch: Watch = nullcontext) -> None:
        self.knowledge = knowledge
        self._watch = watch
        self._extract = extract.build(knowledge)
        self._match = matchers.build(knowledge)
        self._diagnose = diagnose.build(knowledge)

    def read(self, report: Report, issue_templates: Sequence[IssueTemplate] | None = None) -> Case:
        """Take in a report; judge nothing."""
        templates = self.knowledge.issue_templates if issue_templates is None else issue_templates
        with self._watch("parse"):
            document = parse(report, self.knowledge.template, templates)
        with self._watch("extract"):
            return self._extract(document)

    def evidence(self, case: Case) -> tuple[Evidence, ...]:
        """Return what every matcher sees in a case, before anything is weighed or ruled out."""
        return self._match(case)

    def judge(
        self, report: Report, policy: Policy = _POLICY, issue_templates: Sequence[IssueTemplate] | None = None
    ) -> Verdict:
        """Read a report and decide what it deserves.

        `issue_templates` are the repository's own; None: those of the knowledge folder.
        """
        case = self.read(report, issue_templates)
        with self._watch("match"):
            evidence = self._match(case)
        with self._watch("diagnose"):
            assessment = self._diagnose(case, evidence)
        with self._watch("decide"):
            return decide(assessment, self.knowledge.template, policy, self.knowledge.labels)

    def answer(
        self,
        verdict: Verdict,
        history: History = _HISTORY,
        policy: Policy = _POLICY,
        dialect: Dialect = GITHUB,
        language: str = "",
    ) -> tuple[Reply, tuple[Action, ...]]:
        """Return the words for a verdict and what is to be done about it, given what was done before.

        `language` overrides the reporter's own ("" keeps it).  The policy decides how much of the verdict is said.
        """
        said = restrain(verdict, policy, self.knowledge.entries)
        reply = compose(said, self.knowledge, policy, dialect, language, past=read_memo(history.reply))
        return reply, tuple(plan(said, reply, history, policy.withdrawn))
