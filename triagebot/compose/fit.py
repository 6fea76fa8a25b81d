"""Parts of a reply fitted into the length of the place: evidence is cut first, the fix last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_GAP = "\n\n"
_ELLIPSIS = "\n\n…"


class Part(NamedTuple):
    """One part of a reply; those with the lowest `cut` are left out first, those with 0 never."""

    text: str
    cut: int = 0


def fit(parts: Sequence[Part], limit: int) -> str:
    """Return the parts joined, within `limit` characters; at last the text ends at a line, its code block closed."""
    kept = [part for part in parts if part.text]
    while len(_joined(kept)) > limit and any(part.cut for part in kept):
        kept.remove(min((part for part in kept if part.cut), key=lambda part: part.cut))
    text = _joined(kept)
    if len(text) <= limit:
        return text
    text = text[: limit - 2 * len(_ELLIPSIS) - 3].rpartition("\n")[0]
    return f"{text}{_closing(text)}{_ELLIPSIS}"


def _joined(parts: Sequence[Part]) -> str:
    return _GAP.join(part.text for part in parts)


def _closing(text: str) -> str:
    fences = sum(line.lstrip().startswith("```") for line in text.split("\n"))
    return "\n```" if fences % 2 else ""
