"""Rules over the environment: which hold, and the facts they rest on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from triagebot.conditions import by_name, facts_of, holds, holds_over, needed_for
from triagebot.records import Condition, Fact, Finding, Rule


def find_findings(environment: Sequence[Fact], rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """Return what `build_rules` finds; where many environments are looked at, that prepares the rules once."""
    return build_rules(rules)(environment)


def build_rules(rules: Sequence[Rule]) -> Callable[[Sequence[Fact]], tuple[Finding, ...]]:
    """Prepare rules by the facts that they need.

    The result returns those that certainly hold, each with the facts that make it hold, in the order of the rules.  A
    rule whose deciding fact is missing, or told differently by two sources, says nothing.
    """
    needs = tuple((rule, needed_for(rule.when)) for rule in rules)

    def find(environment: Sequence[Fact]) -> tuple[Finding, ...]:
        told = by_name(environment)
        # Most reports tell too little for most rules: those need no closer look.
        likely = (rule for rule, needed in needs if told.keys() >= needed)
        return tuple(
            Finding(rule=rule, facts=_deciding(rule.when, environment))
            for rule in likely
            if holds_over(rule.when, told)
        )

    return find


def _deciding(condition: Condition, environment: Sequence[Fact]) -> tuple[Fact, ...]:
    names = _names(condition, environment)
    return tuple(fact for fact in environment if fact.name in names)


def _names(condition: Condition, environment: Sequence[Fact]) -> frozenset[str]:
    """Return the facts that a condition that holds rests on: of alternatives, those of the ones that hold."""
    if condition.comparison is not None:
        return facts_of(condition)
    parts = [part for part in condition.parts if condition.join != "any" or holds(part, environment)]
    return frozenset().union(*(_names(part, environment) for part in parts))
