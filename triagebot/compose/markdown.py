"""Strangers' text inside our Markdown: shown as code, so that it pings nobody and formats nothing."""

from __future__ import annotations

import re

from triagebot.redaction import hide_secrets

_BACKTICKS = re.compile(r"`+")
_LONGEST_SPAN = 300


def code(text: str) -> str:
    """Return a text as inline code (CommonMark 6.1: a delimiter longer than any run of backticks inside).

    Secrets are taken out: what a reporter deletes must not stand on in our comment.
    """
    flat = hide_secrets(" ".join(text.split()))
    if len(flat) > _LONGEST_SPAN:
        flat = flat[: _LONGEST_SPAN - 1] + "…"
    longest = max((len(run) for run in _BACKTICKS.findall(flat)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{ticks}{pad}{flat}{pad}{ticks}"


def bullets(lines: list[str]) -> str:
    """Return a list, one item a text; further lines of an item are indented below it."""
    return "\n".join("- " + line.replace("\n", "\n  ") for line in lines)


def fold_away(summary: str, text: str, *, folds: bool) -> str:
    """Return a part that opens on a click where the place can fold, else under a small heading."""
    if not folds:
        return f"*{summary}*\n\n{text}"
    return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"
