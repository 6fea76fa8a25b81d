"""The JSON that Discord sends: users, messages, threads, a guild with a forum and a help channel."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

# Snowflakes count milliseconds from the first second of 2015.
_EPOCH = 1_420_070_400_000
_turns = itertools.count()

APPLICATION = BOT = 1_000_000_000_000_000_001
OWNER = 1_000_000_000_000_000_009
ALICE = 1_000_000_000_000_000_010
BOB = 1_000_000_000_000_000_011
GUILD = 2_000_000_000_000_000_001
HELP = 2_000_000_000_000_000_002
FORUM = 2_000_000_000_000_000_003
STAFF = 2_000_000_000_000_000_004
CHAT = 2_000_000_000_000_000_007
ALL_PERMISSIONS = 0x7FFFFFFFFFF
NO_PERMISSIONS = 0
EPHEMERAL = 64

Json = dict[str, Any]


def snowflake(age: float = 0.0) -> str:
    """Return an id that says when it was made: now, or `age` seconds ago."""
    return str(((int((time.time() - age) * 1000) - _EPOCH) << 22) | (next(_turns) & 0x3FFFFF))


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return JSON with the bare content type that clients insist on: no charset."""
    sent = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=sent)


def refusal(status: int, code: int, message: str, errors: Json | None = None) -> web.Response:
    """Return an error as Discord words it; `Via` tells clients that it is Discord and not a wall before it."""
    body: Json = {"message": message, "code": code} | ({"errors": errors} if errors else {})
    return answer(body, status, {"Via": "1.1 google"})


def user(number: int = ALICE, *, bot: bool = False) -> Json:
    name = {ALICE: "alice", BOB: "bob", OWNER: "owner", BOT: "triagebot"}.get(number, f"user{number % 100_000}")
    return {
        "id": str(number),
        "username": name,
        "discriminator": "0",
        "global_name": name.title(),
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def own_account() -> Json:
    more = {"mfa_enabled": False, "verified": True, "email": None, "locale": "en-US"}
    return {**user(BOT, bot=True), **more}


def member(number: int | None, roles: Sequence[int] = (), permissions: int | None = None) -> Json:
    """Return a member; without a number the user is left out, as in messages."""
    told: Json = {"roles": [str(role) for role in roles], "joined_at": now(), "flags": 0, "deaf": False, "mute": False}
    if number is not None:
        told["user"] = user(number, bot=number == BOT)
    if permissions is not None:
        told["permissions"] = str(permissions)
    return told


def application() -> Json:
    return {
        "id": str(APPLICATION),
        "name": "triagebot",
        "icon": None,
        "description": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "owner": user(OWNER),
        "verify_key": "00" * 32,
        "flags": 0,
        "flags_new": "0",
        "team": None,
        "type": None,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
    }


def channel(number: int) -> Json:
    names = {HELP: ("help", 0), FORUM: ("support", 15), CHAT: ("chat", 0)}
    name, kind = names[number]
    told: Json = {"id": str(number), "type": kind, "name": name, "position": 0, "permission_overwrites": []}
    return told | ({"available_tags": []} if number == FORUM else {})


def _role(number: int, name: str, permissions: int) -> Json:
    flags = {"color": 0, "hoist": False, "managed": False, "mentionable": True, "flags": 0, "position": 0}
    return {"id": str(number), "name": name, "permissions": str(permissions), **flags}


def guild(threads: Sequence[Json]) -> Json:
    """Return what GUILD_CREATE says."""
    return {
        "id": str(GUILD),
        "name": "OpenMMLab",
        "owner_id": str(OWNER),
        "member_count": 3,
        "unavailable": False,
        "large": False,
        "roles": [_role(GUILD, "@everyone", ALL_PERMISSIONS), _role(STAFF, "maintainer", 0)],
        "channels": [channel(HELP), channel(FORUM), channel(CHAT)],
        "members": [member(BOT)],
        "threads": list(threads),
        "voice_states": [],
        "presences": [],
        "emojis": [],
        "stickers": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "features": ["COMMUNITY"],
        "joined_at": now(),
    }


def thread(name: str, parent: int = FORUM, owner: int = ALICE, number: str = "") -> Json:
    meta = {"archived": False, "auto_archive_duration": 1440, "archive_timestamp": now(), "locked": False}
    return {
        "id": number or snowflake(),
        "type": 11,
        "guild_id": str(GUILD),
        "parent_id": str(parent),
        "owner_id": str(owner),
        "name": name,
        "message_count": 0,
        "member_count": 1,
        "thread_metadata": meta,
        "applied_tags": [],
        "flags": 0,
        "last_message_id": None,
        "total_message_sent": 0,
        "rate_limit_per_user": 0,
    }


def message(content: str, place: str, author: Json, **more: Any) -> Json:
    return {
        "id": snowflake(),
        "channel_id": place,
        "type": 0,
        "content": content,
        "author": author,
        "attachments": [],
        "embeds": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        "timestamp": now(),
        "edited_timestamp": None,
        "flags": 0,
        "components": [],
        **more,
    }


def numbered(components: Sequence[Json] | None) -> list[Json]:
    """Return components with the ids that Discord gives them."""
    count = itertools.count(1)

    def walk(part: Json) -> Json:
        inner = {"components": [walk(one) for one in part["components"]]} if "components" in part else {}
        return {**part, "id": next(count), **inner}

    return [walk(part) for part in components or []]
