"""Cases: one JSON object a line with id, title, body, and, where they are labelled, the entries that answer them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

_READ = ("id", "title", "body", "faq", "also_ok", "kind", "lang")
_KEYS = frozenset({*_READ, "repo", "number", "note"})
_NEAR = 0.7


def read_case(line: str) -> dict[str, Any] | str:
    """Return the report of a line, or in one sentence what is wrong with it and how to write it; no labels."""
    try:
        case = json.loads(line)
    except RecursionError:
        return "not valid JSON (nested too deeply); each line is one JSON object"
    except ValueError as error:
        return f"not valid JSON ({getattr(error, 'msg', 'a number is too long')}); each line is one JSON object"
    if not isinstance(case, dict):
        return "not an object; each line is an object with id, title and body"
    for key in ("title", "body"):
        if not isinstance(case.get(key), str | None):
            return f"`{key}` is not a text; give it as a JSON string"
    return case


def read_labelled(line: str) -> dict[str, Any] | str:
    """Return the labelled case of a line (`faq`, `also_ok`: ids of entries), or what is wrong with it."""
    case = read_case(line)
    if isinstance(case, str):
        return case
    for key in ("faq", "also_ok"):
        ids = case.get(key) or []
        if not isinstance(ids, list) or not all(isinstance(entry, str) for entry in ids):
            return f'`{key}` is not a list of entries; write it as ["entry-id"]'
    return case


def kind_of(case: Mapping[str, Any]) -> str:
    """Return the kind of a labelled case: as it says, or what its labels make of it."""
    by_labels = "positive" if case.get("faq") else "soft" if case.get("also_ok") else "negative"
    return str(case.get("kind") or by_labels)


def doubts(case: Mapping[str, Any], entries: Collection[str]) -> Iterator[str]:
    """Yield what of a labelled case is probably a slip of the pen: ids that are no entry's, keys that nobody reads."""
    for key in ("faq", "also_ok"):
        for name in case.get(key) or ():
            if name not in entries:
                yield f"`{key}` names {name}, which is no entry of this knowledge{_meant(name, entries)}"
    for key in case:
        if key not in _KEYS and (meant := _meant(key, _READ)):
            yield f"`{key}` is not read{meant}"


def _meant(written: str, known: Collection[str]) -> str:
    near = get_close_matches(written, known, n=1, cutoff=_NEAR)
    return f"; did you mean {near[0]}?" if near else ""
