"""Whether a knowledge folder keeps its word: examples that must match, counterexamples that must not, dead ends."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import ahocorasick

from triagebot.conditions import contradicts
from triagebot.diagnose.rules import find_findings
from triagebot.errors import Problem
from triagebot.records import (
    Condition,
    Entry,
    Form,
    Knowledge,
    LabelRule,
    Level,
    Pattern,
    Report,
    Rule,
    Signature,
    Verdict,
)
from triagebot.regexes import compile_regex
from triagebot.sheet import fold, places, stands_alone

Judge = Callable[[Report], Verdict]

_ALWAYS = Condition(text="", join="all")
_LONGEST_QUOTE = 60
_PLAIN_WORD = re.compile(r"[A-Z]?[a-z]+")
_FEW_QUESTIONS = 4
_QUESTION = "question"  # the matcher that speaks for entries without an error line


def lint(knowledge: Knowledge, judge: Judge) -> tuple[Problem, ...]:
    """Return everything that is wrong with a knowledge that loads, by file and line.

    `judge` is what answers with this knowledge: `Triage(knowledge).judge`.
    """
    found = [problem for entry in knowledge.entries for problem in (*_entry(entry, judge), *_dead_fixes(entry))]
    found += [problem for rule in knowledge.rules for problem in _rule(rule, judge)]
    found += [problem for form in knowledge.forms for problem in _form(form, judge)]
    found += [problem for rule in knowledge.labels.rules for problem in _label_rule(rule, judge)]
    found += [*_twice(knowledge), *_shadows(knowledge)]
    return tuple(sorted(set(found)))


def advise(knowledge: Knowledge) -> tuple[Problem, ...]:
    """Return what would make a knowledge safer and is no mistake: records that nothing tests, loose signatures."""
    wanted: tuple[tuple[str, str, tuple[Entry | Rule | Form | LabelRule, ...]], ...] = (
        ("entry", "a text that it must answer", knowledge.entries),
        ("rule", "an environment in which it holds", knowledge.rules),
        ("form", "a line that it must recognise", knowledge.forms),
        ("rule", "a report that it labels", knowledge.labels.rules),
    )
    untested = (
        _of(record, "examples", f"the {name} has no example, so nothing tests it", f"Add {text}.")
        for name, text, records in wanted
        for record in records
        if not record.examples
    )
    return (*untested, *_plain_words(knowledge), *_hardly_asked(knowledge))


def _plain_words(knowledge: Knowledge) -> Iterator[Problem]:
    """Yield literal signatures of one plain word: whoever writes it gets the answer, whatever is the matter."""
    for entry in knowledge.entries:
        for number, pattern in enumerate(entry.signatures):
            if not (pattern.regex or pattern.family or pattern.type) and _PLAIN_WORD.fullmatch(pattern.text):
                what = f"`{pattern.text}` is one plain word: every report that has it gets this answer"
                yield _of(entry, f"signatures[{number}]", what, "Add the words that are printed around it.")


def _hardly_asked(knowledge: Knowledge) -> Iterator[Problem]:
    """Yield entries that only questions find, and too few of them: the next reporter asks in other words."""
    for entry in knowledge.entries:
        asked = sum(map(len, entry.questions.values()))
        if not entry.signatures and asked < _FEW_QUESTIONS:
            what = f"nothing but questions finds the entry, and it has {asked}"
            yield _of(entry, "questions", what, "Add short ones in other words: ten find most reports.")


def _entry(entry: Entry, judge: Judge) -> Iterator[Problem]:
    for number, text in enumerate(entry.examples):
        wrong = _wrong_answer(entry, judge(_report(text)))
        if wrong:
            what = f"the example {_short(text)} gets {wrong}"
            yield _of(entry, f"examples[{number}]", what, "Add the signature or question that it needs.")
    for number, text in enumerate(entry.counterexamples):
        said = judge(_report(text)).answers
        if any(answer.level is Level.ACT and answer.diagnosis.entry.id == entry.id for answer in said):
            what = f"the counterexample {_short(text)} is answered all the same"
            yield _of(entry, f"counterexamples[{number}]", what, "Narrow a signature, or add to `unless`.")


def _wrong_answer(entry: Entry, verdict: Verdict) -> str:
    """Return what an example gets instead of its entry as the answer, "" when all is well.

    A suggestion in the first place is enough for a question, and where facts are needed that the example does not tell.
    """
    if not verdict.answers:
        return "no answer"
    first = verdict.answers[0]
    if first.diagnosis.entry.id != entry.id:
        return f"{first.diagnosis.entry.id} first"
    told = {fact.name for fact in verdict.assessment.case.environment}
    asks = not entry.signatures or first.diagnosis.evidence[0].matcher == _QUESTION
    sure = first.level is Level.ACT or asks or not told.issuperset(entry.needs)
    return "" if sure else "it only as a suggestion"


def _dead_fixes(entry: Entry) -> Iterator[Problem]:
    """A fix that can never be chosen: its condition contradicts itself, or earlier fixes take every case."""
    before: list[Condition] = []
    for number, fix in enumerate(entry.fix):
        condition = fix.when or _ALWAYS
        wrong = _dead(condition, before)
        if wrong:
            yield _of(entry, f"fix[{number}]", *wrong)
        before.append(condition)


def _dead(condition: Condition, before: list[Condition]) -> tuple[str, str] | None:
    if _ALWAYS in before:
        return "an earlier fix without `when` takes every case", "Put the general fix last."
    if _never(condition):
        return _never_said(condition)
    if any(condition.text == earlier.text for earlier in before):
        return f"an earlier fix has the same condition `{condition.text}`", "Join the two."
    if contradicts(condition, before):
        cases = f"every case of `{condition.text}`" if condition.text else "every case"
        return f"the fixes before it take {cases}", "Put the narrower condition first, or take this fix away."
    return None


def _never(condition: Condition) -> bool:
    """Say whether a condition, or one of the parts that `or` joins, can never hold."""
    return contradicts(condition) or (condition.join == "any" and any(map(_never, condition.parts)))


def _never_said(condition: Condition) -> tuple[str, str]:
    part = "a part of the condition" if condition.join == "any" else "the condition"
    return f"{part} `{condition.text}` can never hold", "Mend what it compares, or take it away."


def _rule(rule: Rule, judge: Judge) -> Iterator[Problem]:
    if _never(rule.when):
        yield _of(rule, "when", *_never_said(rule.when))
    for key, number, text, wanted in _texts(rule):
        holds = bool(find_findings(judge(_report(text)).assessment.case.environment, [rule]))
        if holds is not wanted:
            what = f"the rule {'holds' if holds else 'does not hold'} in {_short(text)}"
            yield _of(rule, f"{key}[{number}]", what, "Mend the condition or the text.")


def _label_rule(rule: LabelRule, judge: Judge) -> Iterator[Problem]:
    """The first line of an example is the title."""
    for key, number, text, wanted in _texts(rule):
        title, _, body = text.partition("\n")
        seen = judge(Report(id="example", title=title, body=body)).assessment.labels
        holds = any(label.source == "rule" and label.name == rule.label for label in seen)
        if holds is not wanted:
            what = f"the label {rule.label} is {'given' if holds else 'not given'} to {_short(text)}"
            yield _of(rule, f"{key}[{number}]", what, "Mend the rule or the text.")


def _form(form: Form, judge: Judge) -> Iterator[Problem]:
    regex = compile_regex(f"(?m){form.pattern}")
    kind = f"the family {form.family}{f' and the type {form.type}' if form.type else ''}"
    for key, number, text, wanted in _texts(form):
        seen = regex.search(text) is not None
        if wanted and seen:
            seen = any(_is_of(signature, form) for signature in judge(_report(text)).assessment.case.signatures)
        if seen is not wanted:
            what = f"{'an' if seen else 'no'} error of {kind} is seen in {_short(text)}"
            yield _of(form, f"{key}[{number}]", what, "Mend the pattern or the text.")


def _is_of(signature: Signature, form: Form) -> bool:
    return signature.family == form.family and form.type in {"", signature.type}


def _texts(record: Rule | Form | LabelRule) -> Iterator[tuple[str, int, str, bool]]:
    """Yield the examples and counterexamples: their key, number and text, and whether the record must show."""
    for key, texts, wanted in (("examples", record.examples, True), ("counterexamples", record.counterexamples, False)):
        for number, text in enumerate(texts):
            yield key, number, text, wanted


def _twice(knowledge: Knowledge) -> Iterator[Problem]:
    """Find signatures that stand a second time, in their entry or in another."""
    first: dict[Pattern, tuple[Entry, int]] = {}
    for entry in knowledge.entries:
        for number, pattern in enumerate(entry.signatures):
            other, place = first.setdefault(_comparable(pattern), (entry, number))
            if other is not entry or place != number:
                where = "here already" if other is entry else f"in {other.id} (line {other.line}) too"
                what = f"the signature {_short(_comparable(pattern).text)} stands {where}"
                yield _of(entry, f"signatures[{number}]", what, "Keep one of the two.")


def _shadows(knowledge: Knowledge) -> Iterator[Problem]:
    """Find literals that contain one of another entry: whatever prints them brings both."""
    literals = [
        (entry, number, _comparable(pattern).text)
        for entry in knowledge.entries
        for number, pattern in enumerate(entry.signatures)
        if not (pattern.regex or pattern.family or pattern.type)
    ]
    contained = _finder((entry, text) for entry, _, text in literals)
    for entry, number, text in literals:
        for other, shorter in contained(text):
            if other is not entry and not _ruled_out(other, text):
                what = f"{_short(text)} contains {_short(shorter)} of {other.id} (line {other.line})"
                remedy = f"Make the shorter one longer, or add what tells them apart to `unless` of {other.id}."
                yield _of(entry, f"signatures[{number}]", what, remedy)


def _finder(literals: Iterable[tuple[Entry, str]]) -> Callable[[str], Iterator[tuple[Entry, str]]]:
    """Return what names the literals inside a text, each with its entry, in one pass (Aho-Corasick)."""
    owners: dict[str, list[Entry]] = defaultdict(list)
    for entry, text in literals:
        owners[text].append(entry)
    automaton = ahocorasick.Automaton()
    for text in owners:
        automaton.add_word(text, text)
    automaton.make_automaton()

    def find(text: str) -> Iterator[tuple[Entry, str]]:
        for last, shorter in automaton.iter(text):
            start, end = last + 1 - len(shorter), last + 1
            if shorter != text and stands_alone(text, start, end):
                yield from ((entry, shorter) for entry in owners[shorter])

    return find


def _ruled_out(entry: Entry, text: str) -> bool:
    """Say whether an entry's `unless` keeps it away from a text."""
    return any(_present(pattern, text) for pattern in entry.unless)


def _present(pattern: Pattern, text: str) -> bool:
    if pattern.regex:
        return compile_regex(pattern.text).search(text) is not None
    return next(places(text, _comparable(pattern).text), None) is not None


def _comparable(pattern: Pattern) -> Pattern:
    """Return a literal as it is looked for: blanks and case do not count."""
    return pattern if pattern.regex else replace(pattern, text=fold(" ".join(pattern.text.split())))


def _report(text: str) -> Report:
    return Report(id="example", title="", body=text)


def _of(record: Entry | Rule | Form | LabelRule, key: str, what: str, remedy: str) -> Problem:
    file = {Entry: "faq.yaml", Rule: "rules.yaml", Form: "forms.yaml", LabelRule: "labels.yaml"}[type(record)]
    return Problem(file=file, line=record.line, key=f"{record.id}.{key}", what=what, remedy=remedy)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return f"`{flat[:_LONGEST_QUOTE]}{'…' if len(flat) > _LONGEST_QUOTE else ''}`"
