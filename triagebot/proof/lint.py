"""Whether a knowledge folder keeps its word: examples that must match, counterexamples that must not, dead ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from triagebot.conditions import contradicts
from triagebot.errors import Problem
from triagebot.records import Entry, Form, Knowledge, Level, Pattern, Report, Rule, Verdict
from triagebot.sheet import fold, places

Judge = Callable[[Report], Verdict]


def lint(knowledge: Knowledge, judge: Judge) -> tuple[Problem, ...]:
    """Return everything that is wrong with a knowledge that loads, by file and line."""
    found = [*_entries(knowledge, judge), *_rules(knowledge, judge), *_forms(knowledge, judge), *_shadows(knowledge)]
    return tuple(sorted(set(found)))


def _entries(knowledge: Knowledge, judge: Judge) -> Iterator[Problem]:
    for entry in knowledge.entries:
        if not entry.examples:
            yield _of(entry, "examples", "the entry has no example", "Add a text that it must answer.")
        yield from _dead_fixes(entry)
        for number, text in enumerate(entry.examples):
            said = judge(_report(text)).answers
            if not said or said[0].diagnosis.entry.id != entry.id:
                what = f"the example {_short(text)} gets {said[0].diagnosis.entry.id if said else 'no answer'}"
                yield _of(entry, f"examples[{number}]", what, "Add the signature or question that it needs.")
        for number, text in enumerate(entry.counterexamples):
            if _answered(judge(_report(text)), entry.id):
                what = f"the counterexample {_short(text)} is answered all the same"
                yield _of(entry, f"counterexamples[{number}]", what, "Narrow a signature, or add to `unless`.")


def _answered(verdict: Verdict, entry: str) -> bool:
    return any(a.level is Level.ACT and a.diagnosis.entry.id == entry for a in verdict.answers)


def _dead_fixes(entry: Entry) -> Iterator[Problem]:
    """A fix that can never be chosen: its condition contradicts itself, or an earlier fix takes every case."""
    seen: set[str] = set()
    for number, fix in enumerate(entry.fix):
        key = f"fix[{number}]"
        text = fix.when.text if fix.when else ""
        if "" in seen:
            yield _of(entry, key, "an earlier fix without `when` takes every case", "Put the general fix last.")
        elif text in seen:
            yield _of(entry, key, f"an earlier fix has the same condition `{text}`", "Join the two.")
        elif fix.when is not None and contradicts(fix.when):
            yield _of(entry, key, f"the condition `{text}` can never hold", "Mend its versions.")
        seen.add(text)


def _rules(knowledge: Knowledge, judge: Judge) -> Iterator[Problem]:
    for rule in knowledge.rules:
        if not rule.examples:
            yield _of(rule, "examples", "the rule has no example", "Add an environment in which it holds.")
        if contradicts(rule.when):
            yield _of(rule, "when", f"the condition `{rule.when.text}` can never hold", "Mend its versions.")
        for key, texts, wanted in (("examples", rule.examples, True), ("counterexamples", rule.counterexamples, False)):
            for number, text in enumerate(texts):
                holds = any(f.rule.id == rule.id for f in judge(_report(text)).assessment.findings)
                if holds is not wanted:
                    what = f"the rule {'holds' if holds else 'does not hold'} in {_short(text)}"
                    yield _of(rule, f"{key}[{number}]", what, "Mend the condition or the text.")


def _forms(knowledge: Knowledge, judge: Judge) -> Iterator[Problem]:
    for form in knowledge.forms:
        for key, texts, wanted in (("examples", form.examples, True), ("counterexamples", form.counterexamples, False)):
            for number, text in enumerate(texts):
                signatures = judge(_report(text)).assessment.case.signatures
                seen = any(signature.family == form.family for signature in signatures)
                if seen is not wanted:
                    what = f"{'an' if seen else 'no'} error of the family {form.family} is seen in {_short(text)}"
                    yield _of(form, f"{key}[{number}]", what, "Mend the pattern or the text.")


def _shadows(knowledge: Knowledge) -> Iterator[Problem]:
    """Literal signatures that stand twice, or that contain one of another entry and so always bring both."""
    literals = [
        (entry, n, _folded(p)) for entry in knowledge.entries for n, p in enumerate(entry.signatures) if _plain(p)
    ]
    owners: dict[str, Entry] = {}
    for entry, number, text in literals:
        other = owners.setdefault(text, entry)
        if other is not entry:
            what = f"the signature {_short(text)} stands in {other.id} (line {other.line}) too"
            yield _of(entry, f"signatures[{number}]", what, "Keep it in one of them.")
    for text, other in owners.items():
        for entry, number, longer in literals:
            if entry is not other and longer != text and next(places(longer, text), None) is not None:
                what = f"{_short(longer)} contains {_short(text)} of {other.id} (line {other.line})"
                yield _of(entry, f"signatures[{number}]", what, "Make the shorter one longer, or add to its `unless`.")


def _plain(pattern: Pattern) -> bool:
    return not (pattern.regex or pattern.family or pattern.type)


def _folded(pattern: Pattern) -> str:
    return fold(" ".join(pattern.text.split()))


def _report(text: str) -> Report:
    return Report(id="example", title="", body=text)


def _of(record: Entry | Rule | Form, key: str, what: str, remedy: str) -> Problem:
    file = {Entry: "faq.yaml", Rule: "rules.yaml", Form: "forms.yaml"}[type(record)]
    return Problem(file=file, line=record.line, key=f"{record.id}.{key}", what=what, remedy=remedy)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return f"`{flat[:60]}{'…' if len(flat) > 60 else ''}`"  # noqa: PLR2004
