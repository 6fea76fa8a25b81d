"""What to ask the reporter for: only what this diagnosis needs, or what the template requires while nothing is sure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from triagebot.conditions import facts_of
from triagebot.decide.missing import missing_fields
from triagebot.records import Answer, Assessment, Block, Case, Entry, Fact, Field, Level, Missing, Template

# The one thing asked for that is no fact of the environment.  Its words stand in replies.yaml.
ERROR_TEXT = Field(id="error-text", title={}, how={})

_FAILURE = re.compile(
    r"\b(?:errors?|exceptions?|traceback|fail(?:s|ed|ure|ing)?|crash(?:es|ed|ing)?|bug|broken|hangs?|stuck|freezes?"
    r"|can(?:no|')t|unable|(?:does|do|did|is|was)(?:n't| not) work(?:ing)?|not working|help)\b"
    r"|报错|错误|失败|崩溃|卡住|卡死|无法|不能|出错|异常|闪退|不行|求助",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:feature|proposal|roadmap|support for|plan to|enhancement|documentation|docs)\b|希望|建议|支持", re.IGNORECASE
)
_INSTALLING = frozenset({"installer", "compiler", "build", "loader", "linker", "nvcc", "cmake", "pip", "conda"})


def to_ask(assessment: Assessment, answers: Sequence[Answer], template: Template) -> tuple[Missing, ...]:
    """Ask only for what this diagnosis needs, or what the template requires while nothing is certain."""
    if answers and answers[0].level is Level.ACT:
        return _deciding(answers[0], assessment.case.environment, template)
    case = assessment.case
    if not _is_problem(case):
        return ()
    asked = [] if case.signatures else [Missing(field=ERROR_TEXT, why="why-error-text")]
    needed = {name: answer.diagnosis.entry.id for answer in answers for name in _unmet_of(answer, case)}
    fields = {field.id: field for field in template.fields}
    asked += [Missing(field=fields[n], why="why-entry", entry=e) for n, e in needed.items() if n in fields]
    required = missing_fields(_topic(case, answers), case.environment, template)
    return (*asked, *(Missing(field=f, why="why-template") for f in required if f.id not in needed))


def _unmet_of(answer: Answer, case: Case) -> list[str]:
    return unmet(answer.diagnosis.entry, case.environment)


def _deciding(answer: Answer, environment: Sequence[Fact], template: Template) -> tuple[Missing, ...]:
    """Return the facts that would tell which of several fixes is right, when none of them is known."""
    if len(answer.fixes) <= 1:
        return ()
    known = {fact.name for fact in environment}
    names = {name for fix in answer.fixes if fix.when for name in facts_of(fix.when)}
    entry = answer.diagnosis.entry.id
    return tuple(
        Missing(field=field, why="why-variant", entry=entry)
        for field in template.fields
        if field.id in names and field.id not in known
    )[:1]


def _is_problem(case: Case) -> bool:
    """Say whether the reporter says that something failed, and not that they wish or wonder."""
    if case.signatures:
        return True
    title = case.document.report.title
    if _WISH.search(title):
        return False
    own = [line.text for line in case.document.lines if line.block in {Block.TITLE, Block.PROSE}]
    return bool(_FAILURE.search(" ".join(own)[:5000]))


def _topic(case: Case, answers: Sequence[Answer]) -> str:
    if answers and answers[0].diagnosis.entry.topic:
        return answers[0].diagnosis.entry.topic
    families = {signature.family for signature in case.signatures[:1]}
    types = {signature.type for signature in case.signatures[:1]}
    installing = families & _INSTALLING or types & {"ModuleNotFoundError", "ImportError"}
    return "installation" if installing else "environment"


def unmet(entry: Entry, environment: Sequence[Fact]) -> list[str]:
    """Return the facts that an entry needs and the report does not tell."""
    known = {fact.name for fact in environment}
    return [name for name in entry.needs if name not in known]
