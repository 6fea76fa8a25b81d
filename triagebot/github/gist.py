"""What is kept of an event until it was worked on: what reading it again needs, and no secrets (pure).

An issue is read anew when it is worked on, so that its text is not kept.  A comment's text is: it holds the commands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from triagebot.github.reading import count, mapping, plain
from triagebot.redaction import hide_secrets

# GitHub takes no longer comment, and nothing else that is kept comes near.
_LONGEST = 65_536


def gist_of(event: str, payload: object) -> dict[str, Any]:
    """Return the part of an event's JSON from which `read_event` hears what it hears from the whole.

    Left out are the text of an issue and what a comment holds of secrets.  Only for what is not left alone.
    """
    return _kept(payload, _SHAPES.get(event, {}))


def _kept(value: object, shape: Mapping[str, Any]) -> dict[str, Any]:
    there = mapping(value)
    return {name: _take(there[name], inner) for name, inner in shape.items() if there.get(name) is not None}


def _take(value: object, inner: Any) -> Any:
    return _kept(value, inner) if isinstance(inner, dict) else inner(value)


def _word(value: object) -> str:
    return plain(value)[:_LONGEST]


def _flag(value: object) -> bool:
    return value is True


def _text(value: object) -> str:
    return hide_secrets(_word(value))


_Leaf = Callable[[object], str | int]
_Shape = dict[str, "_Leaf | _Shape"]
_ACCOUNT: _Shape = {"login": _word, "type": _word}
_ALL: _Shape = {
    "action": _word,
    "sender": _ACCOUNT,
    "repository": {"full_name": _word},
    "issue": {"number": count, "state": _word, "locked": _flag, "user": _ACCOUNT, "author_association": _word},
}
_COMMENT: _Shape = {"id": count, "user": _ACCOUNT, "body": _text, "author_association": _word, "created_at": _word}
_SHAPES: Mapping[str, _Shape] = {
    "issues": _ALL | {"label": {"name": _word}},
    "issue_comment": _ALL | {"comment": _COMMENT, "changes": {"body": {"from": _text}}},
}
