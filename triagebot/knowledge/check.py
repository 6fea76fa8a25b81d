"""What the shapes cannot see: ids that stand twice, names that lead nowhere, regexes that do not compile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import re2

from triagebot.conditions import facts_of, parse_condition
from triagebot.errors import Problem
from triagebot.knowledge.source import Path, Source, did_you_mean
from triagebot.records import Condition, Knowledge
from triagebot.regexes import compile_regex

_SHORTEST_LITERAL = 4  # bytes: two Chinese characters say as much as six letters


def check(knowledge: Knowledge, sources: Mapping[str, Source]) -> list[Problem]:
    """Return every problem of the knowledge folder's own files that one record alone does not show."""
    for kind, key in (("faq", "entries"), ("rules", "rules"), ("template", "fields"), ("forms", "forms")):
        if kind in sources:
            _twice(sources[kind], key)
    found = [*_patterns(sources), *_conditions(sources), *_names(knowledge, sources)]
    for source, path, what, remedy in found:
        source.wrong(path, what, remedy)
    return [problem for source in sources.values() for problem in source.problems]


Found = Iterator[tuple[Source, Path, str, str]]


def _twice(source: Source, key: str) -> None:
    first: dict[str, int] = {}
    for index, record in enumerate(source.value.get(key) or ()):
        name = record["id"]
        if name in first:
            line = source.line((key, first[name], "id"))
            source.wrong((key, index, "id"), f"the id `{name}` stands already on line {line}", "Give each its own id.")
        first.setdefault(name, index)


def _patterns(sources: Mapping[str, Source]) -> Found:
    for source, path, text, regex in _all_patterns(sources):
        if not regex:
            if len(text.strip().encode("utf-8", "replace")) < _SHORTEST_LITERAL:
                yield source, path, f"`{text}` is too short to mean anything", "Use a longer piece of the error line."
            continue
        try:
            compiled = compile_regex(text)
        except re2.error as error:
            reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
            remedy = "Regexes are linear-time (RE2): no look-around, no back-references."
            yield source, path, f"the regex does not compile ({reason})", remedy
        else:
            if compiled.search("") is not None:
                yield source, path, "the regex matches everything, even nothing", "Make some part of it required."


def _all_patterns(sources: Mapping[str, Source]) -> Iterator[tuple[Source, Path, str, bool]]:
    if "faq" in sources:
        for i, entry in enumerate(sources["faq"].value["entries"]):
            for key in ("signatures", "unless"):
                for j, pattern in enumerate(entry.get(key) or ()):
                    yield sources["faq"], ("entries", i, key, j), *_spelled(pattern)
    if "forms" in sources:
        for i, form in enumerate(sources["forms"].value["forms"]):
            yield sources["forms"], ("forms", i, "pattern"), form["pattern"], True


def _spelled(pattern: Any) -> tuple[str, bool]:
    if isinstance(pattern, str):
        return pattern, False
    return pattern.get("regex") or pattern.get("text"), "regex" in pattern


def _conditions(sources: Mapping[str, Source]) -> Found:
    for source, path, text in _all_conditions(sources):
        try:
            parse_condition(text)
        except ValueError as error:
            yield source, path, f"the condition `{text}` cannot be read", f"{str(error)[:1].upper()}{str(error)[1:]}."


def _all_conditions(sources: Mapping[str, Source]) -> Iterator[tuple[Source, Path, str]]:
    for i, entry in enumerate(sources["faq"].value["entries"] if "faq" in sources else ()):
        for j, fix in enumerate(entry["fix"] if isinstance(entry["fix"], list) else ()):
            if isinstance(fix, dict) and fix.get("when"):
                yield sources["faq"], ("entries", i, "fix", j, "when"), fix["when"]
    for i, rule in enumerate(sources["rules"].value["rules"] if "rules" in sources else ()):
        yield sources["rules"], ("rules", i, "when"), rule["when"]


def _names(knowledge: Knowledge, sources: Mapping[str, Source]) -> Found:
    """Entries that rules point to must exist; facts asked about must stand in the template, if there is one."""
    entries = {entry.id for entry in knowledge.entries}
    for i, rule in enumerate(knowledge.rules):
        for name in set(rule.entries) - entries:
            yield sources["rules"], ("rules", i, "entries"), f"no entry is called `{name}`", did_you_mean(name, entries)
    if "template" not in sources:
        return
    facts = {field.id for field in knowledge.template.fields}
    for source, path, asked in _asked(knowledge, sources):
        for name in sorted(asked - facts):
            yield source, path, f"no field of template.yaml is called `{name}`", did_you_mean(name, facts)


def _asked(knowledge: Knowledge, sources: Mapping[str, Source]) -> Iterator[tuple[Source, Path, frozenset[str]]]:
    for i, entry in enumerate(knowledge.entries):
        yield sources["faq"], ("entries", i, "needs"), frozenset(entry.needs)
        for j, fix in enumerate(entry.fix):
            yield sources["faq"], ("entries", i, "fix", j, "when"), _facts(fix.when)
    for i, rule in enumerate(knowledge.rules):
        yield sources["rules"], ("rules", i, "when"), _facts(rule.when)
    for i, field in enumerate(knowledge.template.fields):
        yield sources["template"], ("fields", i, "met_by"), frozenset(field.met_by)


def _facts(condition: Condition | None) -> frozenset[str]:
    return frozenset() if condition is None else frozenset(_of(condition))


def _of(condition: Condition) -> Iterable[str]:
    readable = condition.comparison is not None or condition.parts
    return facts_of(condition) if readable else ()
