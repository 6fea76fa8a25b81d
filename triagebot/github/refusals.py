"""What a refusal of GitHub's API means: whether and when to try again, and what the operator can do (pure but a clock).

Source: GitHub's documentation, "Rate limits for the REST API": first retry-after, then x-ratelimit-reset when nothing
remains, else at least a minute.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

_SECONDARY_WAIT = 60.0
_LONGEST_WAIT = 3600.0
_LIMITED = frozenset({403, 429})
_SERVER_ERROR = 500
_TOO_MANY = 429
_REMEDIES = {
    401: "The token is not accepted: set TRIAGEBOT_GITHUB_TOKEN to a valid one.",
    403: "The token may not do this, or the conversation is locked: it needs to read and write issues here.",
    404: "It does not exist, or the token cannot see it: give the token access to the repository.",
    410: "It was deleted, or issues are switched off in this repository.",
    422: "GitHub found the request invalid.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What was asked of GitHub, in words, and whether it changes anything there."""

    what: str
    writes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refusal understood: `retry_after` in seconds, None when pointless, 0 when nobody named a time."""

    message: str
    retry_after: float | None
    uncertain: bool = False


def explain(call: Call, status: int, headers: Mapping[str, str], answer: object) -> Refusal:
    """Return what an answer of status >= 400 means for a call."""
    said = str(answer.get("message", ""))[:200] if isinstance(answer, Mapping) else ""
    head = f"GitHub answered {status} to {call.what}{f' ({said})' if said else ''}."
    if status >= _SERVER_ERROR:
        return Refusal(message=head, retry_after=0.0, uncertain=call.writes)
    if status in _LIMITED and (wait := _limit_wait(status, headers, said)) is not None:
        return Refusal(message=f"{head} Trying again in {wait:.0f} s.", retry_after=wait)
    # A token can be renewed while deliveries wait; everything else stays as it is until somebody changes it.
    again = 0.0 if status == 401 else None  # noqa: PLR2004
    return Refusal(message=f"{head} {_REMEDIES.get(status, '')}".rstrip(), retry_after=again)


def unanswered(call: Call, error: Exception) -> str:
    """Return the message for a call that got no answer at all."""
    return f"GitHub did not answer to {call.what} ({type(error).__name__}). Check the network and the API address."


def _limit_wait(status: int, headers: Mapping[str, str], said: str) -> float | None:
    """Return the seconds a rate limit asks for, or None when the refusal is not about rates."""
    named = _number(headers.get("retry-after"))
    if named is None and _number(headers.get("x-ratelimit-remaining")) == 0:
        reset = _number(headers.get("x-ratelimit-reset"))
        named = None if reset is None else reset - _server_time(headers)
    if named is not None:
        return min(max(named, 1.0), _LONGEST_WAIT)
    return _SECONDARY_WAIT if status == _TOO_MANY or "rate limit" in said.lower() else None


def _server_time(headers: Mapping[str, str]) -> float:
    """Return the time on GitHub's clock where it tells it: ours may be wrong."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (ValueError, TypeError):
        return time.time()


def _number(text: str | None) -> float | None:
    try:
        return float(int(text)) if text is not None else None
    except ValueError:
        return None
