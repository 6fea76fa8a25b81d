"""The form that a bare /triage opens; what is sent back is read by its id, nothing is kept in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import discord

from triagebot.compose.words import Voice
from triagebot.doors.discord import limits

_ID = "tb1:form"
_PUBLIC = f"{_ID}:public"
_FIELD = "text"
_SECONDS = 900.0


class TriageForm(discord.ui.Modal):
    """One paragraph for a pasted error: the options of a command have no line breaks."""

    def __init__(self, voice: Voice, *, public: bool) -> None:
        title = limits.clip(voice.say("discord-form"), limits.FORM_TITLE)
        super().__init__(title=title, timeout=_SECONDS, custom_id=_PUBLIC if public else _ID)
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, custom_id=_FIELD, max_length=limits.FORM_TEXT
        )
        self.add_item(discord.ui.Label(text=limits.clip(voice.say("discord-form-text"), 45), component=field))


def sent_text(told: Mapping[str, Any]) -> tuple[str, bool] | None:
    """Return the text of a form that was sent and whether the answer is public; None when it is no form of ours."""
    if told.get("custom_id") not in {_ID, _PUBLIC}:
        return None
    return next(_values(told.get("components")), ""), told["custom_id"] == _PUBLIC


def _values(components: object) -> Iterator[str]:
    for part in components if isinstance(components, list) else []:
        if part.get("custom_id") == _FIELD and isinstance(part.get("value"), str):
            yield part["value"]
        yield from _values(part.get("components") or [part[k] for k in ("component",) if k in part])
