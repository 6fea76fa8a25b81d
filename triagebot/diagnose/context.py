"""How much a place in the report counts: the last error more than an old log, a denial less than a claim."""

from __future__ import annotations

import re
from collections.abc import Callable

from triagebot.records import Block, Case, Evidence

Weigh = Callable[[Evidence], float]

# Cues that a sentence speaks of the error only to set it aside.  Error lines say "not" and "no" all the time, so the
# cues count in the reporter's own sentences alone.
_DENIED = re.compile(
    r"\b(?:this|it|that)(?:'s| is| was) ?n[o']t\b|\bis(?:n't| not) (?:related|about|due)\b"
    r"|\b(?:rather than|instead of|no longer|never (?:see|get|saw|got)|unlike|without getting)\b"
    r"|不是|并非|而非|无关|没有(?:出现|报|遇到)|不会(?:出现|报)|已经不|不会再|不再|没再",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"^\W*(?:feature|feat|enhancement|proposal|rfc|docs?|documentation|feature request)\b|功能(?:请求|建议)",
    re.IGNORECASE,
)
_DENIAL = 0.35
_WISHED = 0.6
_BEHIND_ANOTHER_ERROR = 0.75
_OLD_LOG = 0.7
_BESIDE_A_TRACEBACK = 0.75


def build_context(case: Case) -> Weigh:
    """Return what weighs a piece of evidence by where it stands, 0 to 1."""
    blocks: dict[int, Block] = {}
    for line in case.document.lines:
        blocks.setdefault(line.number, line.block)
    ranks = {signature.line: rank for rank, signature in reversed(list(enumerate(case.signatures)))}
    raised = bool(case.signatures) and bool(case.signatures[0].frames)
    wish = _WISHED if _WISH.search(case.document.report.title[:200]) else 1.0

    def weigh(evidence: Evidence) -> float:
        block = blocks.get(evidence.line, Block.PROSE)
        weight = wish
        if block in {Block.PROSE, Block.TITLE} and _DENIED.search(evidence.quote):
            weight *= _DENIAL
        if block is Block.CODE and ranks:
            weight *= _standing(ranks.get(evidence.line))
        elif block is Block.PROSE and raised and evidence.line not in ranks:
            weight *= _BESIDE_A_TRACEBACK
        return weight

    return weigh


def _standing(rank: int | None) -> float:
    """Weigh a line of a log by its rank among the errors; a line that is no error at all is older news."""
    if rank is None:
        return _OLD_LOG
    return 1.0 if rank <= 1 else _BEHIND_ANOTHER_ERROR
