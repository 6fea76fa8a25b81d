"""Discord's limits on what a bot sends: whoever goes over them is answered with 400 and code 50035."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_NAME = re.compile(r"[-_\w]{1,32}")
_SLASH = 1


def broken(body: object) -> dict[str, Any]:
    """Return the errors of a message, a callback or a list of commands, by place; empty when all is well."""
    if isinstance(body, list):
        found = [problem for command in body for problem in _command(command)]
    elif isinstance(body, dict):
        whole = body["data"] if isinstance(body.get("data"), dict) else body
        found = list(_message(whole))
    else:
        found = []
    return {place: {"_errors": [{"code": "BASE_TYPE_BAD_LENGTH", "message": what}]} for place, what in found}


def _message(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _longest("content", body.get("content"), 2000)
    yield from _longest("title", body.get("title"), 45)
    yield from _longest("nonce", str(body.get("nonce") or ""), 25)
    embeds = body.get("embeds") or []
    yield from _most("embeds", embeds, 10)
    for embed in embeds:
        yield from _embed(embed)
    if sum(_size(embed) for embed in embeds) > 6000:
        yield "embeds", "Embed size exceeds maximum size of 6000"
    yield from _most("choices", body.get("choices") or [], 25)
    for choice in body.get("choices") or []:
        yield from _longest("choice name", choice["name"], 100, least=1)
        yield from _longest("choice value", str(choice["value"]), 100, least=1)
    for row in body.get("components") or []:
        yield from _components(row)


def _embed(embed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _longest("embed.title", embed.get("title"), 256)
    yield from _longest("embed.description", embed.get("description"), 4096)
    yield from _longest("embed.footer", (embed.get("footer") or {}).get("text"), 2048)
    yield from _most("embed.fields", embed.get("fields") or [], 25)
    for field in embed.get("fields") or []:
        yield from _longest("field.name", field["name"], 256, least=1)
        yield from _longest("field.value", field["value"], 1024, least=1)


def _size(embed: dict[str, Any]) -> int:
    fields = sum(len(field["name"]) + len(field["value"]) for field in embed.get("fields") or [])
    texts = (embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text"))
    return fields + sum(len(text or "") for text in texts)


def _components(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    inner = [*(row.get("components") or []), *([row["component"]] if row.get("component") else [])]
    yield from _most("components", inner, 5)
    for part in inner:
        yield from _longest("custom_id", part.get("custom_id"), 100)
        yield from _longest("button label", part.get("label"), 80)
        yield from _longest("button url", part.get("url"), 512)


def _command(command: dict[str, Any]) -> Iterator[tuple[str, str]]:
    slash = command.get("type", _SLASH) == _SLASH
    if slash and (not _NAME.fullmatch(command["name"]) or command["name"] != command["name"].lower()):
        yield "name", "Command name is invalid"
    yield from _longest("name", command["name"], 32, least=1)
    if slash:
        yield from _longest("description", command.get("description"), 100, least=1)
    optional = False
    for option in command.get("options") or []:
        yield from _longest("option.description", option.get("description"), 100, least=1)
        if option.get("required") and optional:
            yield "options", "Required options must be placed before non-required options"
        optional = optional or not option.get("required")


def _longest(place: str, text: str | None, limit: int, least: int = 0) -> Iterator[tuple[str, str]]:
    # Discord counts characters beyond the basic plane as two.
    length = len((text or "").encode("utf-16-le")) // 2
    if not least <= length <= limit:
        yield place, f"Must be between {least} and {limit} in length."


def _most(place: str, items: list[Any], limit: int) -> Iterator[tuple[str, str]]:
    if len(items) > limit:
        yield place, f"Must be {limit} or fewer in length."
