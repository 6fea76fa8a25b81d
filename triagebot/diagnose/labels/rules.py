"""Labels that maintainers' rules give a case, each with the place that made the rule hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from triagebot.conditions import facts_of, holds
from triagebot.records import Block, Case, Condition, Label, LabelRule, Level

_FRAME = re.compile(r"""\s{0,40}(?:File\s"|at\s[\w.$<>]|#\d{1,4}\s|frame\s\#\d)""")
_Seen = tuple[bool, str]
"""Whether a part of a rule holds, and the words that show it."""


def labels_by_rule(case: Case, rules: Sequence[LabelRule]) -> Iterator[Label]:
    """Yield the label of every rule that holds."""
    for rule in rules:
        seen = [part(case) for part in _parts(rule)]
        if seen and all(held for held, _ in seen):
            why = tuple(dict.fromkeys(words for _, words in seen if words))
            yield Label(name=rule.label, source="rule", probability=1.0, level=Level(rule.level), reasons=why)


def _parts(rule: LabelRule) -> Iterator[Callable[[Case], _Seen]]:
    if rule.when is not None:
        yield partial(_environment, rule.when)
    if rule.title:
        yield partial(_title, rule.title)
    if rule.path:
        yield partial(_path, rule.path)
    if rule.frame:
        yield partial(_frame, rule.frame)
    if rule.question:
        yield partial(_answer, rule.question, rule.answers)


def _environment(when: Condition, case: Case) -> _Seen:
    names = facts_of(when)
    facts = (f"{fact.name} {fact.value}" for fact in case.environment if fact.name in names)
    return holds(when, case.environment) is True, ", ".join(facts)


def _title(beginnings: Sequence[str], case: Case) -> _Seen:
    title = " ".join(case.document.report.title.split()).casefold()
    return _first(beginnings, lambda wanted: wanted if title.startswith(wanted.casefold()) else "")


def _path(pieces: Sequence[str], case: Case) -> _Seen:
    """A piece of a path stands in the report as it is written, on whatever system."""
    texts = [line.text for line in case.document.lines if line.block is not Block.COMMENT]
    return _first(pieces, lambda wanted: _standing(wanted, texts))


def _frame(pieces: Sequence[str], case: Case) -> _Seen:
    """A file, a module or a function of a traceback."""
    texts = [line.text for line in case.document.lines if _FRAME.match(line.text)]
    texts += [frame for signature in case.signatures for frame in signature.frames]
    plain = [text.replace(".", "/") for text in texts]
    return _first(pieces, lambda wanted: wanted if _standing(wanted.replace(".", "/"), plain) else "")


def _answer(question: str, answers: Sequence[str], case: Case) -> _Seen:
    """An answer is chosen below the heading: alone, or in a list with commas."""
    for section in case.document.sections:
        if _same(section.heading, question):
            said = " ".join(line.text for line in section.lines if line.block is not Block.COMMENT)
            chosen = [_plain(said), *(_plain(part) for part in said.split(","))]
            return _first(answers, lambda wanted: f"{question}: {wanted}" if _plain(wanted) in chosen else "")  # noqa: B023
    return False, ""


def _first(wanted: Sequence[str], find: Callable[[str], str]) -> _Seen:
    found = next((words for words in map(find, wanted) if words), "")
    return bool(found), found


def _standing(piece: str, texts: Sequence[str]) -> str:
    """Return the piece where it stands in a text as a whole part of a path, else ""."""
    low = piece.replace("\\", "/").casefold()
    for text in texts:
        shown = text.replace("\\", "/").casefold()
        at = shown.find(low)
        while at >= 0:
            if at == 0 or not shown[at - 1].isalnum():
                return piece
            at = shown.find(low, at + 1)
    return ""


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .:*?？：").casefold()
