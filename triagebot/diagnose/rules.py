"""Rules over the environment: which hold, and the facts they rest on."""

from __future__ import annotations

from collections.abc import Sequence

from triagebot.conditions import facts_of, holds
from triagebot.records import Fact, Finding, Rule


def find_findings(environment: Sequence[Fact], rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """Return the rules that certainly hold, each with the facts its condition names."""
    return tuple(
        Finding(rule=rule, facts=tuple(fact for fact in environment if fact.name in facts_of(rule.when)))
        for rule in rules
        if holds(rule.when, environment)
    )
