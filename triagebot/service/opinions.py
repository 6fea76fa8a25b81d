"""What people said of answers, and what follows: this one is wrong here, that one is wrong too often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from triagebot.plan import MARKER
from triagebot.plan.memo import read_memo
from triagebot.ports import Opinions, Said
from triagebot.records import Comment

# An entry is doubted when two people said so, and in more than a fifth of its answers.
_FEWEST_DOUBTS = 2
_MOST_DOUBTED = 0.2
_READERS = "readers"  # who liked a comment is not kept


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


def note_likes(target: str, thread: Sequence[Comment], opinions: Opinions) -> int:
    """Keep whether our comment is liked, or no longer is; returns how many entries it was said anew of."""
    known = {(said.entry, said.kind): said for said in opinions.about(target) if said.who == _READERS}
    fresh = 0
    for comment in (c for c in thread if c.ours and c.body.startswith(MARKER)):
        memo = read_memo(comment.body)
        for kind, count in (("liked", comment.likes), ("disliked", comment.dislikes)):
            for entry in (*memo.answers, *memo.hints):
                before = known.get((entry, kind))
                if count and before is None:
                    fresh += opinions.say(Said(report=target, entry=entry, kind=kind, who=_READERS, source="github"))
                elif before is not None and not count:
                    opinions.take_back(before)
    return fresh


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
