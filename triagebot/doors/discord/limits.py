"""Discord's limits, and text cut to them at the end of a line."""

from __future__ import annotations

CONTENT = 2000
DESCRIPTION = 4096
TITLE = 256
FIELD_NAME = 256
FIELD_VALUE = 1024
FIELDS = 25
WHOLE = 6000  # all texts of all embeds of a message
CHOICES = 25
CHOICE = 100
CUSTOM_ID = 100
FOOTER = 2048
FORM_TITLE = 45
FORM_TEXT = 4000
NONCE = 25

_FENCE = "```"
_MORE = "…"


def length(text: str) -> int:
    """Return how long Discord finds a text: signs beyond the basic plane may count as two."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def clip(text: str, limit: int) -> str:
    """Return a text of one line within a limit, with an ellipsis where something was left out."""
    flat = " ".join(text.split())
    return flat if length(flat) <= limit else _head(flat, limit - 1).rstrip() + _MORE


def cut(text: str, limit: int) -> tuple[str, bool]:
    """Return as many whole lines as fit, with a code block closed, and whether anything was left out."""
    if length(text) <= limit:
        return text, False
    room = limit - length(f"\n{_FENCE}\n{_MORE}")
    kept = _head(text, room)
    whole, newline, _rest = kept.rpartition("\n")
    kept = (whole if newline else kept).rstrip()
    if _is_open(kept):
        kept += f"\n{_FENCE}"
    return f"{kept}\n{_MORE}", True


def _is_open(text: str) -> bool:
    return sum(line.lstrip().startswith(_FENCE) for line in text.split("\n")) % 2 == 1


def _head(text: str, limit: int) -> str:
    """Return the longest beginning within a limit."""
    kept = text[:limit]
    while length(kept) > limit:
        kept = kept[: limit - length(kept)]
    return kept
