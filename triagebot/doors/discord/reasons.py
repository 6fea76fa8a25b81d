"""Why an answer was given, from the chain that the store kept (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from triagebot.compose.markdown import bullets, code
from triagebot.compose.words import Voice
from triagebot.records import Knowledge

_MOST_REASONS = 3

Chain = Mapping[str, Any]


def reasons_of(chain: Chain, knowledge: Knowledge, voice: Voice) -> str:
    """Return the evidence for every answer and the reason for every request, as a list in Markdown."""
    lines = [*_answered(chain, voice), *_asked(chain, knowledge, voice)]
    return f"*{voice.say('why')}*\n\n{bullets(lines)}" if lines else ""


def _answered(chain: Chain, voice: Voice) -> Iterator[str]:
    for answer in chain.get("answers", ()):
        diagnosis = answer["diagnosis"]
        seen = dict[str, Any]()
        for item in diagnosis["evidence"]:
            seen.setdefault(item["quote"], item)
        for item in list(seen.values())[:_MOST_REASONS]:
            yield _evidence(item, diagnosis["probability"], voice)


def _evidence(item: Mapping[str, Any], probability: float, voice: Voice) -> str:
    return voice.say(
        "why-evidence",
        entry=code(item["entry"]),
        probability=f"{probability:.2f}",
        matcher=voice.say(f"matcher-{item['matcher']}"),
        score=f"{item['score']:.2f}",
        place=voice.place(item["line"]),
        quote=code(item["quote"]),
    )


def _asked(chain: Chain, knowledge: Knowledge, voice: Voice) -> Iterator[str]:
    titles = {field.id: voice.pick(field.title) for field in knowledge.template.fields}
    for item in chain.get("missing", ()):
        title = titles.get(item["field"]) or voice.say(f"{item['field']}-title")
        yield voice.say("why-asked", title=title, why=voice.say(item["why"], entry=item["entry"]))
