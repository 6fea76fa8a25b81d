"""Room 3, match: every matcher says which entries it sees, where, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from triagebot.records import Case, Evidence, Knowledge
from triagebot.rooms import furnish
from triagebot.sheet import Sheet, lay_out

Look = Callable[[Sheet], Iterable[Evidence]]
MATCHERS: dict[str, Callable[[Knowledge], Look]] = furnish(__name__, __path__, "build")


def build(knowledge: Knowledge) -> Callable[[Case], tuple[Evidence, ...]]:
    """Prepare every matcher once; the result looks at any number of cases."""
    looks = tuple(prepare(knowledge) for prepare in MATCHERS.values())

    def match(case: Case) -> tuple[Evidence, ...]:
        sheet = lay_out(case)
        return tuple(evidence for look in looks for evidence in look(sheet))

    return match
