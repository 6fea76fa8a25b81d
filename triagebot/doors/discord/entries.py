"""An entry of the FAQ as a text of its own: every fix with the environment it is for (pure)."""

from __future__ import annotations

from triagebot.compose.markdown import code
from triagebot.compose.words import Voice
from triagebot.records import Entry, Variant


def entry_text(entry: Entry, voice: Voice) -> str:
    """Return an entry's title, fixes and links in Markdown."""
    fixes = [_fix(fix, voice, several=len(entry.fix) > 1) for fix in entry.fix]
    links = [voice.say("links", links=" · ".join(f"<{link}>" for link in entry.links))] if entry.links else []
    return "\n\n".join([f"**{voice.pick(entry.title)}**", *fixes, *links])


def _fix(fix: Variant, voice: Voice, *, several: bool) -> str:
    if not several:
        return voice.pick(fix.text)
    head = voice.say("fix-otherwise") if fix.when is None else voice.say("fix-if", condition=code(fix.when.text))
    return f"{head}\n\n{voice.pick(fix.text)}"
