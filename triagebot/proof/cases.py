"""Cases: one JSON object a line with id, title, body, and, where they are labelled, the entries that answer them."""

from __future__ import annotations

import json
from typing import Any


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
