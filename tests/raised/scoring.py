"""Compares what was read out of a text with what was really raised."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BLANKS = re.compile(r"\s+")


def same_message(read: str, raised: str) -> bool:
    """Say whether a message is the first line of what was raised, blanks and kinds of quotation marks aside."""
    read, raised = _flat(read), _flat(raised.strip().partition("\n")[0])
    return read == raised or (bool(raised) and read.startswith(raised))


def _flat(text: str) -> str:
    return _BLANKS.sub(
        "", text.replace("\u2018", "'").replace("\u2019", "'").replace("\u201c", '"').replace("\u201d", '"')
    )


def right(found: Sequence[tuple[str, str]], kind: str, message: str) -> bool:
    """Say whether the first of the (type, message) pairs is what was raised."""
    return bool(found) and found[0][0].rpartition(".")[2] == kind and same_message(found[0][1], message)
