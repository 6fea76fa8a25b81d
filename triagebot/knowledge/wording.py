"""The mistakes that pydantic finds, in the words of whoever writes the file."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ValidationError

from triagebot.knowledge import shapes
from triagebot.knowledge.source import Path, Source, did_you_mean

_TAKE_AWAY = "Write something here, or take it away."
_LISTED = "A fix with a condition stands in a list: write `- ` before it."
_PATTERNS = {
    shapes.ID: "Write it in lower case with hyphens, such as `out-of-memory`.",
    shapes.LANGUAGE: "Write a language as two or three letters, such as `en` or `zh`.",
    shapes.LINK: "Write a link as http:// or https://.",
    shapes.ONE_LINE: "Write it on one line.",
}
_EXPECTED = {
    "string_type": ("a text", "Write one text; put it in quotes if it holds a colon."),
    "list_type": ("a list", "Write `- ` before each item, or [one, two]."),
    "dict_type": ("a mapping", "Write `key: value` lines."),
    "model_type": ("a mapping", "Write `key: value` lines."),
    "bool_type": ("true or false", "Write `true` or `false`."),
    "bool_parsing": ("true or false", "Write `true` or `false`."),
}
_RECORDS = {"entries": "entry", "fields": "field"}


def tell(source: Source, kind: str, error: ValidationError) -> None:
    """Note every mistake in the source, each with its place and remedy."""
    for mistake in error.errors(include_url=False):
        path = tuple(step for step in mistake["loc"] if not _is_mark(step))
        what, remedy = _words(kind, path, mistake)
        # A regex that is wrong makes the whole pattern wrong, however it is written down.
        of_pattern = mistake["type"] == shapes.TOLD and path[-1] == "regex"
        source.wrong(path[:-1] if of_pattern else path, what, remedy)


def _is_mark(step: str | int) -> bool:
    """Say whether a step of pydantic's location names an alternative and not a place in the file."""
    return isinstance(step, str) and (step.startswith("<") or step == "[key]")


def _words(kind: str, path: Path, mistake: Any) -> tuple[str, str]:
    """Return what is wrong, and the remedy."""
    name, given, context = str(path[-1]) if path else "", mistake["input"], mistake.get("ctx", {})
    message, remedy = str(mistake["msg"]), "See docs/faq-format.md."
    match mistake["type"]:
        case shapes.TOLD:
            message, remedy = context["what"], context["remedy"]
        case "extra_forbidden":
            message, remedy = f"`{name}` is not a key here", did_you_mean(name, _known(kind, path))
        case "missing":
            message, remedy = f"`{name}` is missing", f"Every {_record(path) or kind + '.yaml'} needs it."
        case "string_pattern_mismatch":
            remedy = _LISTED if path[-2:] == ("fix", "when") else _PATTERNS[context["pattern"]]
            message = f"`{_short(given)}` is not written as expected"
        case "string_too_short" | "too_short":
            message, remedy = "it is empty", _TAKE_AWAY
        case "string_too_long":
            message, remedy = f"it has {len(given)} characters", f"Keep it within {context['max_length']}."
        case expected if expected in _EXPECTED:
            message, remedy = _misfit(given, *_EXPECTED[expected])
    return message, remedy


def _misfit(given: Any, expected: str, remedy: str) -> tuple[str, str]:
    if given is None:
        return "nothing stands here", _TAKE_AWAY
    stands = "a mapping" if isinstance(given, dict) else "a list" if isinstance(given, list) else f"`{_short(given)}`"
    return f"{expected} is expected, not {stands}", remedy


def _short(given: Any) -> str:
    text = " ".join(str(given).split())
    return text if len(text) <= 60 else f"{text[:60]}…"  # noqa: PLR2004


def _record(path: Path) -> str:
    lists = [str(step) for step, after in pairwise(path) if isinstance(after, int)]
    return _RECORDS.get(lists[-1], lists[-1].removesuffix("s")) if lists else ""


def _known(kind: str, path: Path) -> list[str]:
    """Return the keys that may stand where an unknown one was found."""
    shape: type[BaseModel] = shapes.SHAPES[kind]
    for step in path[:-1]:
        listed = shapes.LabelRule if (kind, step) == ("labels", "rules") else shapes.LISTS.get(str(step))
        shape = listed or shape
    return list(shape.model_fields)
