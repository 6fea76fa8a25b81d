"""How a reader tells two entries apart that claim the same line with the same right."""

from __future__ import annotations

from collections.abc import Sequence

from triagebot.records import Case, Diagnosis, Entry
from triagebot.sheet import fold, lay_out

# Two entries whose probabilities differ by less are as likely as each other.
_CLOSE = 0.05
_PAIR = 2


def contested(diagnoses: Sequence[Diagnosis]) -> tuple[Entry, ...]:
    """Return the two likeliest entries where they claim the same line with the same right, else nothing."""
    if len(diagnoses) < _PAIR:
        return ()
    first, second = diagnoses[:_PAIR]
    same_line = first.evidence[0].line == second.evidence[0].line
    close = same_line and first.probability - second.probability < _CLOSE
    return (first.entry, second.entry) if close else ()


def sign_of(entry: Entry, rivals: Sequence[Entry], case: Case) -> str:
    """Return a line that only this entry's cause prints and that the report does not show yet, "" if none is known."""
    shown = lay_out(case).folded
    others = [text for rival in rivals if rival is not entry for text in _literals(rival)]
    for text in _literals(entry):
        folded = fold(text)
        if folded not in shown and not any(folded in fold(other) or fold(other) in folded for other in others):
            return text
    return ""


def _literals(entry: Entry) -> list[str]:
    return [p.text for p in entry.signatures if p.text and not (p.regex or p.family or p.type)]
