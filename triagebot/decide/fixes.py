"""Which fixes of an entry fit the reporter's environment."""

from __future__ import annotations

from collections.abc import Sequence

from triagebot.conditions import holds
from triagebot.records import Entry, Fact, Variant


def fixes_for(entry: Entry, environment: Sequence[Fact]) -> tuple[Variant, ...]:
    """Return the first variant that holds, after those that may hold when a deciding fact is missing."""
    possible = []
    for variant in entry.fix:
        answer = True if variant.when is None else holds(variant.when, environment)
        if answer is not False:
            possible.append(variant)
        if answer:
            break
    return tuple(possible)
