"""What people said of answers, and what follows: this one is wrong here, that one is wrong too often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from triagebot.ports import Said

# An entry is doubted when two people said so, and in more than a fifth of its answers.
_FEWEST_DOUBTS = 2
_MOST_DOUBTED = 0.2


class Attitude(NamedTuple):
    """What people want on one report: silence, some entries never again, one entry as the answer."""

    quiet: bool
    withdrawn: frozenset[str]
    pinned: str


def attitude(heard: Sequence[Said]) -> Attitude:
    """Return what follows from all that was said on a report, the latest word first."""
    pinned = [said.entry for said in heard if said.kind == "faq"]
    return Attitude(
        quiet=any(said.kind == "quiet" for said in heard),
        withdrawn=frozenset(said.entry for said in heard if said.kind == "wrong"),
        pinned=pinned[-1] if pinned else "",
    )


def demoted(counts: Mapping[tuple[str, str], int]) -> frozenset[str]:
    """Return the entries that were called wrong too often to be given as answers; they may still help."""
    doubts: dict[str, int] = {}
    for (entry, kind), times in counts.items():
        if entry and kind in {"wrong", "disliked"}:
            doubts[entry] = doubts.get(entry, 0) + times
    return frozenset(
        entry
        for entry, times in doubts.items()
        if times >= _FEWEST_DOUBTS and times > _MOST_DOUBTED * counts.get((entry, "said"), 0)
    )


class Nobody:
    """Opinions where nobody keeps any."""

    def say(self, said: Said) -> bool:
        """Forget it at once."""
        del said
        return False

    def take_back(self, said: Said) -> bool:
        """There is nothing to take back."""
        del said
        return False

    def about(self, report: str) -> list[Said]:
        """Nothing was said."""
        del report
        return []

    def counts(self) -> dict[tuple[str, str], int]:
        """Nothing was said."""
        return {}
