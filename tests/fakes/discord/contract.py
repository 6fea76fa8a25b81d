"""Bodies of both directions against Discord's own OpenAPI document, where it is at hand."""

from __future__ import annotations

import copy
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

_BESIDE = Path(__file__).parents[4] / "shared" / "contract" / "discord-openapi.json"
PLACE = Path(os.environ.get("DISCORD_OPENAPI", _BESIDE))
_VERBS = ("get", "put", "post", "patch", "delete")
_SMALLEST_SNOWFLAKE = 1 << 32
# The document never refuses unknown keys; we do, but for these that the client library always sends.
_ALSO_SENT = {"nsfw", "tts", "flags", "nonce", "enforce_nonce"}


@dataclass(frozen=True, slots=True)
class _Operation:
    verb: str
    template: str
    path: re.Pattern[str]
    holes: int
    described: dict[str, Any]

    def pointer(self, rest: str) -> str:
        escaped = self.template.replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
        return f"/paths/{escaped}/{self.verb.lower()}/{rest}/content/application~1json/schema"


class Contract:
    """Says what in a body is not as the document has it."""

    def __init__(self, document: dict[str, Any]) -> None:
        resource = Resource.from_contents(_closed(document), default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource("urn:discord", resource)
        self._operations = sorted(_operations(document), key=lambda operation: operation.holes)
        self._validators: dict[str, Draft202012Validator] = {}
        self.checked = 0

    def request(self, verb: str, path: str, body: object) -> list[str]:
        """Return what is wrong with a request's JSON body."""
        operation = self._find(verb, path)
        if operation is None:
            return [f"no such operation: {verb} {path}"]
        if "application/json" not in operation.described.get("requestBody", {}).get("content", {}):
            return [f"{verb} {path} takes no JSON"]
        return self._check(operation.pointer("requestBody"), body)

    def response(self, verb: str, path: str, status: int, body: object) -> list[str]:
        """Return what is wrong with an answer's JSON body; refusals are not looked at."""
        operation = self._find(verb, path)
        if operation is None:
            return [f"no such operation: {verb} {path}"]
        described = operation.described["responses"].get(str(status))
        if described is None:
            return [] if status >= 400 else [f"{verb} {path} never answers {status}"]
        if "application/json" not in described.get("content", {}):
            return []
        return self._check(operation.pointer(f"responses/{status}"), body)

    def _find(self, verb: str, path: str) -> _Operation | None:
        return next((one for one in self._operations if one.verb == verb and one.path.fullmatch(path)), None)

    def _check(self, pointer: str, body: object) -> list[str]:
        self.checked += 1
        if pointer not in self._validators:
            schema = {"$ref": f"urn:discord#{pointer}"}
            self._validators[pointer] = Draft202012Validator(schema, registry=self._registry)
        return [said for error in self._validators[pointer].iter_errors(_spelled(body)) for said in _deepest(error)]


@cache
def contract() -> Contract | None:
    """Return the contract, or None where the document is not at hand."""
    if not PLACE.is_file():
        return None
    return Contract(json.loads(PLACE.read_text("utf-8")))


def _operations(document: dict[str, Any]) -> Iterable[_Operation]:
    for template, item in document["paths"].items():
        path = re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template)))
        for verb in _VERBS:
            if verb in item:
                yield _Operation(verb.upper(), template, path, template.count("{"), item[verb])


def _closed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with request schemas that refuse unknown keys: a slip of the pen must not pass."""
    closed = copy.deepcopy(document)
    for name, schema in closed["components"]["schemas"].items():
        if name.endswith("Request") and "properties" in schema and "additionalProperties" not in schema:
            schema["properties"] = dict.fromkeys(_ALSO_SENT, True) | schema["properties"]
            schema["additionalProperties"] = False
    return closed


def _spelled(body: object, key: str = "") -> object:
    """Return a body with snowflakes as texts: the API takes numbers as well, the document does not say so."""
    if isinstance(body, dict):
        return {name: _spelled(value, name) for name, value in body.items()}
    if isinstance(body, list):
        return [_spelled(value, key) for value in body]
    if isinstance(body, int) and body > _SMALLEST_SNOWFLAKE and (key == "id" or key.endswith("_id")):
        return str(body)
    return body


def _deepest(error: Any) -> list[str]:
    """Return the complaints of the branch that fits best; one that fails on its `type` was not meant."""
    if not error.context:
        return [f"{error.json_path}: {error.message[:200]}"]
    branches: dict[Any, list[Any]] = {}
    for part in error.context:
        branches.setdefault(part.schema_path[0], []).append(part)
    return [said for part in min(branches.values(), key=_strangeness) for said in _deepest(part)]


def _strangeness(errors: list[Any]) -> tuple[bool, bool, bool, int]:
    other_kind = any(list(e.path)[-1:] == ["type"] and e.validator in {"const", "enum"} for e in errors)
    null = any(e.validator == "type" and e.validator_value == "null" for e in errors)
    return other_kind, null, any(e.validator == "required" for e in errors), len(errors)
