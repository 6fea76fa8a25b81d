"""A reply as Discord can show it: a card within every limit, and the whole text beside it where it was cut (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from triagebot.doors.discord import limits
from triagebot.records import Outcome

_COLOURS = {Outcome.ANSWER: 0x2DA44E, Outcome.SUGGEST: 0xBF8700, Outcome.NEEDS_INFO: 0x0969DA, Outcome.SILENT: 0x6E7781}
_TAGS = re.compile(r"</?(?:sub|details|summary)>")
# A deferred answer and its file together: nothing larger is ever made of a reply.
_LARGEST_FILE = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is shown: `text` is Discord's Markdown, `note` stands small below; `whole` is "" unless it was cut."""

    text: str
    note: str = ""
    whole: str = ""
    colour: int = _COLOURS[Outcome.SILENT]


def card(text: str, note: str = "", outcome: Outcome = Outcome.SILENT, more: str = "") -> Card:
    """Return the card of a text; where it is cut, `more` says at its end that the whole is attached."""
    plain, note = _TAGS.sub("", text), limits.clip(_TAGS.sub("", note), limits.FOOTER // 4)
    room = limits.DESCRIPTION - limits.length(more) - 2
    shown, was_cut = limits.cut(plain, room)
    if not was_cut:
        return Card(text=plain, note=note, colour=_COLOURS[outcome])
    return Card(text=f"{shown}\n{more}", note=note, whole=plain[:_LARGEST_FILE], colour=_COLOURS[outcome])
