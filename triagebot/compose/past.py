"""What was said before and is no longer, told in a line each: struck out, with what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from triagebot.compose.markdown import code
from triagebot.compose.words import Voice
from triagebot.records import Knowledge, Memo, Verdict


def tell_past(
    past: Memo, verdict: Verdict, withdrawn: AbstractSet[str], knowledge: Knowledge, voice: Voice
) -> list[str]:
    """Return one struck line for every answer and request that does not hold any more."""
    said = {answer.diagnosis.entry.id for answer in verdict.answers}
    missing = {item.field.id for item in verdict.missing}
    titles = {entry.id: voice.pick(entry.title) for entry in knowledge.entries}
    wanted = {field.id: voice.pick(field.title) for field in knowledge.template.fields}
    wanted |= {name: voice.say(f"{name}-title") for name in ("error-text", "environment")}
    filled = verdict.assessment.case.document.filled
    wanted |= {prompt.id: prompt.label for prompt in filled.template.prompts} if filled else {}
    wrong = _once([*past.wrong, *(n for n in (*past.answers, *past.hints) if n in withdrawn)], said)
    gone = _once([*past.gone, *past.answers], {*said, *wrong})
    met = _once([*past.met, *past.asked], missing)
    return [
        *(voice.say("past-wrong", title=_title(name, titles)) for name in wrong),
        *(voice.say("past-gone", title=_title(name, titles)) for name in gone),
        *(voice.say("past-met", title=_title(name, wanted)) for name in met),
    ]


def _once(names: Iterable[str], without: AbstractSet[str]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name not in without))


def _title(name: str, titles: dict[str, str]) -> str:
    """Return what a thing is called; one that the knowledge has lost meanwhile goes by its id."""
    return titles.get(name) or code(name)
