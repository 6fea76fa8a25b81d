"""Sentences that speak of an error only to set it aside: "this is not X", "X no longer happens", 不是 X, 与 X 无关."""

from __future__ import annotations

import re

# Error lines say "not" and "no" all the time, so these are the reporter's own ways of setting something aside.
_DENIES_WHAT_FOLLOWS = re.compile(
    r"\b(?:this|it|that)(?:'s| is| was) ?n[o']t\b(?! (?:\w+ )?(?:enough|possible|clear|work\w*|supported|able"
    r"|sufficient|available|there|found|installed|used|in|on|easy|necessary|saved|loaded|updated|restored|stored"
    r"|the same)\b)"
    r"|\bis(?:n't| not) (?:related to|about|due to)\b"
    r"|\b(?:rather than|instead of|unlike|without getting|never (?:see|get|saw|got)|no longer (?:see|get|have))\b"
    r"|不是|并非|而非|没有(?:出现|报|遇到)|不会(?:出现|报)|已经不|不会再|不再|没再",
    re.IGNORECASE,
)
_SETS_ASIDE = re.compile(r"\b(?:rather than|instead of|unlike)\b|而不是|而非", re.IGNORECASE)
_DENIES_WHAT_PRECEDES = re.compile(
    r"\b(?:is|was)(?:n't| not) (?:related|the (?:problem|issue|case|cause|reason)|what)\b"
    r"|\bno longer\b|\bnever (?:happens|happened|occurs|occurred|appears|appeared)\b"
    r"|无关|没有(?:出现|发生)|不会再?(?:出现|发生)|(?:已经|也)?(?:不再|没再)(?:出现|发生|报)",
    re.IGNORECASE,
)
# Where the sentence turns to what it is about instead.
_TURN = re.compile(r"\bbut\b|\bhowever\b|\binstead,|而是|但是|但|。", re.IGNORECASE)


def denied(sentence: str, hit: str) -> bool:
    """Say whether a sentence sets `hit` aside, the words of it that an entry was found by ("": any of them)."""
    at = sentence.lower().find(hit.lower()) if hit else -1
    if at < 0:
        # Who asks for one thing rather than another asks all the same.
        aside = _SETS_ASIDE.search(sentence)
        sentence = sentence[: aside.start()] if aside else sentence
        return any(cue.search(sentence) for cue in (_DENIES_WHAT_FOLLOWS, _DENIES_WHAT_PRECEDES))
    before, after = sentence[:at], sentence[at + len(hit) :]
    cues = list(_DENIES_WHAT_FOLLOWS.finditer(before))
    if cues and not _TURN.search(before, cues[-1].end()):
        return True
    cue = _DENIES_WHAT_PRECEDES.search(after)
    return bool(cue) and not _TURN.search(after, 0, cue.start())  # type: ignore[union-attr]
