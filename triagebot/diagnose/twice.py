"""Facts that two places of a report tell differently: both are kept, nothing is built on them, the reply says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from triagebot.conditions import facts_of
from triagebot.records import Condition, Fact, Finding, Knowledge, Rule
from triagebot.versions import same

TOLD_TWICE = "told-twice"
# A machine may have several of these.
_MANY = frozenset({"os", "gpu", "gpu-capability", "gpu-supported", "pytorch-archs", "cuda-home"})
# What follows from another fact needs no word of its own.
_OF = {"pytorch-cuda": "pytorch", "mmcv-cuda": "mmcv"}


def entries_by_fact(knowledge: Knowledge) -> Mapping[str, tuple[str, ...]]:
    """Return, for each fact, the entries whose fix, need or rules depend on it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for entry in knowledge.entries:
        conditions = [fix.when for fix in entry.fix if fix.when is not None]
        for name in {*entry.needs, *(name for condition in conditions for name in facts_of(condition))}:
            found[name].add(entry.id)
    for rule in knowledge.rules:
        for name in facts_of(rule.when):
            found[name].update(rule.entries)
    return {name: tuple(sorted(entries)) for name, entries in found.items() if entries}


def _differ(environment: Sequence[Fact], name: str) -> bool:
    told = [fact for fact in environment if fact.name == name and fact.version]
    return any(not same(one.version, other.version) for one, other in pairwise(told))


def _both(environment: Sequence[Fact], name: str) -> bool:
    """Say whether two packages of one thing are installed: then two versions are no contradiction."""
    return any(fact.name == f"{name}-package" and "+" in fact.value for fact in environment)


def told_twice(environment: Sequence[Fact], concerned: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """Yield a finding for each fact on which entries depend and of which the report tells two versions."""
    twice = {name for name in concerned if name not in _MANY and _differ(environment, name)}
    for name in dict.fromkeys(fact.name for fact in environment):
        told = [fact for fact in environment if fact.name == name and fact.version]
        if name in twice and _OF.get(name) not in twice and not _both(environment, name):
            rule = Rule(id=TOLD_TWICE, when=Condition(text=""), says={}, entries=concerned[name])
            yield Finding(rule=rule, facts=tuple(told))
