"""What to ask the reporter for: only what this diagnosis needs, or what the template requires while nothing is sure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from triagebot.conditions import facts_of
from triagebot.decide.missing import gather, missing_answer, missing_fields
from triagebot.decide.prompts import open_prompts
from triagebot.late import late_regex
from triagebot.records import Answer, Assessment, Block, Case, Entry, Fact, Field, Level, Missing, Subject, Template
from triagebot.versions import same

# The one thing asked for that is no fact of the environment.  Its words stand in replies.yaml.
ERROR_TEXT = Field(id="error-text", title={}, how={})

_FAILURE = late_regex(
    r"\b(?:errors?|exceptions?|traceback|fail(?:s|ed|ure|ing)?|crash(?:es|ed|ing)?|bug|broken|hangs?|stuck|freezes?"
    r"|can(?:no|')t|unable|(?:does|do|did|is|was)(?:n't| not) work(?:ing)?|not working|help)\b"
    r"|报错|错误|失败|崩溃|卡住|卡死|无法|不能|出错|异常|闪退|不行|求助",
    re.IGNORECASE,
)
_ERROR = late_regex(
    r"\b(?:errors?\b(?! report)|exceptions?|traceback|crash(?:es|ed|ing)?|fail(?:s|ed|ure|ing)?)\b"
    r"|报错|错误|崩溃|出错|异常|闪退|失败",
    re.IGNORECASE,
)
# `No error, just a question`, `it hangs without any message`: there is none to ask for.
_NO_ERROR = late_regex(
    r"\b(?:no|not an?|isn['’]t an?|without(?: any| an)?"
    r"|(?:do|does|did)(?:n['’]t| not) (?:get|see|have|show|print)(?: any| an)?)"
    r" (?:error|exception|traceback|crash|failure|bug)s?(?: messages?)?\b"
    r"|(?:没有?|不会?|未|无)(?:任何)?(?:报错?|出现)?(?:错误?|异常)",
    re.IGNORECASE,
)
# `How do I keep the videos of tests that fail?`: the condition of what is wanted, and nothing that happened.
_HOW_TO = late_regex(
    r"\b(?:how (?:do|can|to|should|could|would)|is it possible|is there (?:a|any) way|can (?:i|we|it))\b"
    r"|怎么|如何|怎样|有没有办法|能不能|可不可以",
    re.IGNORECASE,
)
_CONDITION = late_regex(
    r"\b(?:if|in case|on|once|that|when(?:ever)?|which) (?:[\w'’-]{1,30} ){0,4}"
    r"(?:fail(?:s|ed|ures?)?|crash(?:es|ed)?)\b"
    r"|\b(?:failed|failing|broken) \w+s\b|(?:失败|崩溃|出错)(?:的|时|后|的时候)",
    re.IGNORECASE,
)
# `编译失败后怎么解决`: it happened, and is to be mended.
_TO_MEND = late_regex(r"\b(?:fix|solve|resolve|debug|get rid of)\b|解决|修复|处理|怎么办|如何是好|排查", re.IGNORECASE)
_SENTENCE_END = late_regex(r"(?<=[.!?。！？；;])\s*|\n")
_PICTURE = late_regex(
    r"!\[[^\]]{0,300}\]\(|<img\s|https?://[^\s)\]]{1,300}\.(?:png|jpe?g|gif|webp|bmp)\b|user-attachments/assets",
    re.IGNORECASE,
)
_MOST_WORDS = 5_000
_WISH = late_regex(
    r"\b(?:feature|proposal|roadmap|support for|plan to|enhancement|documentation|docs)\b|希望|建议|支持", re.IGNORECASE
)
_INSTALLING = frozenset({"installer", "compiler", "build", "loader", "linker", "nvcc", "cmake", "pip", "conda"})


def to_ask(assessment: Assessment, answers: Sequence[Answer], template: Template) -> tuple[Missing, ...]:
    """Ask only for what this diagnosis needs, or what the templates require while nothing is certain."""
    case = assessment.case
    if answers and answers[0].level is Level.ACT:
        return _deciding(answers[0], case.environment, template)
    filled = case.document.filled
    problem = _is_problem(case)
    if not problem and not (filled and filled.followed):
        return ()
    opened = open_prompts(case, template)
    asked = [missing_answer(prompt, template) for prompt in opened]
    if problem:
        covered = {field.id for prompt in opened for field in prompt.fields}
        error = any(prompt.response.prompt.subject is Subject.ERROR for prompt in opened)
        asked = [*_error_text(case, answers, asked_already=error), *_needed(answers, case, template), *asked]
        asked += _required(case, answers, template, {item.field.id for item in asked} | covered)
    return gather(asked, template)


def _error_text(case: Case, answers: Sequence[Answer], *, asked_already: bool) -> list[Missing]:
    """Ask for the error where the reporter speaks of one, or shows a picture of it, and its text is nowhere."""
    if case.signatures or asked_already or (answers and not answers[0].diagnosis.entry.signatures):
        return []
    if _PICTURE.search(case.document.report.body):
        return [Missing(field=ERROR_TEXT, why="why-error-picture")]
    return [Missing(field=ERROR_TEXT, why="why-error-text")] if _ERROR.search(_own_words(case)) else []


def _needed(answers: Sequence[Answer], case: Case, template: Template) -> list[Missing]:
    needed = {
        name: answer.diagnosis.entry.id
        for answer in answers
        for name in unmet(answer.diagnosis.entry, case.environment)
    }
    return [
        Missing(field=field, why="why-entry", entry=needed[field.id]) for field in template.fields if field.id in needed
    ]


def _required(case: Case, answers: Sequence[Answer], template: Template, asked: AbstractSet[str]) -> list[Missing]:
    fields = missing_fields(_topic(case, answers), case.environment, template)
    return [Missing(field=field, why="why-template") for field in fields if field.id not in asked]


def _deciding(answer: Answer, environment: Sequence[Fact], template: Template) -> tuple[Missing, ...]:
    """Return the one fact that would tell which of several fixes is right: told in two ways, or not at all."""
    if len(answer.fixes) <= 1:
        return ()
    known = {fact.name for fact in environment}
    names = {name for fix in answer.fixes if fix.when for name in facts_of(fix.when)}
    twice = [field for field in template.fields if field.id in names and _told_twice(field.id, environment)]
    unknown = [field for field in template.fields if field.id in names - known]
    entry = answer.diagnosis.entry.id
    asked = [Missing(field=field, why="why-twice", entry=entry) for field in twice]
    return (*asked, *(Missing(field=field, why="why-variant", entry=entry) for field in unknown))[:1]


def _told_twice(name: str, environment: Sequence[Fact]) -> bool:
    told = [fact.version for fact in environment if fact.name == name and fact.version]
    return any(not same(one, other) for one, other in pairwise(told))


def _is_problem(case: Case) -> bool:
    """Say whether the reporter says that something failed, and not that they wish or wonder."""
    if case.signatures:
        return True
    if _WISH.search(case.document.report.title):
        return False
    return _FAILURE.search(_own_words(case)) is not None


def _own_words(case: Case) -> str:
    """Return what the reporter says of what happened, without denials and conditions."""
    own = [line.text for line in case.document.lines if line.block in {Block.TITLE, Block.PROSE}]
    told = _NO_ERROR.sub("", "\n".join(own)[:_MOST_WORDS])
    sentences = _SENTENCE_END.split(told)
    return " ".join(_CONDITION.sub("", said) if _asks_how_to(said) else said for said in sentences)


def _asks_how_to(sentence: str) -> bool:
    """Say whether a sentence asks how something is done, and not how a failure is mended."""
    return _HOW_TO.search(sentence) is not None and not _TO_MEND.search(sentence)


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
