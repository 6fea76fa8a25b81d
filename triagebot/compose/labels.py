"""What is said of a label to maintainers: how sure it is, and who says so."""

from __future__ import annotations

from collections.abc import Sequence

from triagebot.compose.markdown import code
from triagebot.compose.words import Voice
from triagebot.records import Answer, Label


def label_line(label: Label, answers: Sequence[Answer], voice: Voice) -> str:
    """Return a label with its level, its probability and why it fits."""
    return voice.say(
        "label",
        label=code(label.name),
        probability=f"{label.probability:.2f}",
        level=voice.say(f"label-level-{label.level}"),
        why=_why(label, answers, voice),
    )


def _why(label: Label, answers: Sequence[Answer], voice: Voice) -> str:
    """Return why a label fits: the entry that has it with the line that speaks for it, or who else says so."""
    for answer in answers:
        if label.source == "entry" and label.name in answer.diagnosis.entry.labels:
            seen = answer.diagnosis.evidence[0]
            quoted = voice.say("quoted", place=voice.place(seen.line), quote=code(seen.quote))
            return f"{code(answer.diagnosis.entry.id)}, {quoted}"
    said = voice.say(f"label-{label.source}")
    return f"{said} ({', '.join(map(code, label.reasons))})" if label.reasons else said
