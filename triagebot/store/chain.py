"""A verdict as JSON: the whole chain that led to it, short enough to keep for every report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from triagebot.records import Document, Entry, Field, Report, Rule, Variant, Verdict
from triagebot.redaction import redact

VERSION = 1


def chain_of(verdict: Verdict) -> str:
    """Return a verdict as JSON text; knowledge is named by its ids, the report's own text is left where it is."""
    return json.dumps({"version": VERSION, "verdict": _plain(verdict)}, ensure_ascii=True, sort_keys=True)


def _plain(value: Any) -> Any:
    """Return a value in JSON's own types."""
    if isinstance(value, Entry | Rule | Field):
        return value.id
    if isinstance(value, Variant):
        return value.when.text if value.when else ""
    if isinstance(value, Document):
        return {"language": value.language, "report": _plain(value.report)}
    if isinstance(value, Report):
        return {"id": value.id, "title": value.title, "url": value.url}
    return _plain_whole(value)


def _plain_whole(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(_plain(item) for item in value)
    return redact(value) if isinstance(value, str) else value
