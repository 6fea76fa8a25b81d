"""Rules over the environment: which hold, and the facts they rest on."""

from __future__ import annotations

from collections.abc import Sequence

from triagebot.conditions import by_name, facts_of, holds, holds_over
from triagebot.records import Condition, Fact, Finding, Rule


def find_findings(environment: Sequence[Fact], rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """Return the rules that certainly hold, each with the facts that make it hold, in the order of the rules.

    A rule whose deciding fact is missing, or told differently by two sources, says nothing.
    """
    told = by_name(environment)
    return tuple(
        Finding(rule=rule, facts=_deciding(rule.when, environment)) for rule in rules if holds_over(rule.when, told)
    )


def _deciding(condition: Condition, environment: Sequence[Fact]) -> tuple[Fact, ...]:
    names = _names(condition, environment)
    return tuple(fact for fact in environment if fact.name in names)


def _names(condition: Condition, environment: Sequence[Fact]) -> frozenset[str]:
    """Return the facts that a condition that holds rests on: of alternatives, those of the ones that hold."""
    if condition.comparison is not None:
        return facts_of(condition)
    parts = [part for part in condition.parts if condition.join != "any" or holds(part, environment)]
    return frozenset().union(*(_names(part, environment) for part in parts))
