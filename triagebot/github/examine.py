"""What can be learned of an account and a repository before anything is written; every call raises RemoteError."""

from __future__ import annotations

import time
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from triagebot.github.accounts import PERMISSIONS, Account, AppAccount
from triagebot.github.calls import Call, said
from triagebot.github.labels import missing_from

_COLOR = "ededed"
_LEVELS = {"": 0, "read": 1, "write": 2, "admin": 3}


class Seen(NamedTuple):
    """How a repository looks from here: issues on, may we write, requests left in the hour, seconds ahead of us."""

    issues: bool
    writes: bool
    left: int
    skew: float


def lacking(account: Account) -> dict[str, str]:
    """Return the permissions that an App lacks, with the level that is needed; a token's cannot be asked for."""
    if not isinstance(account, AppAccount):
        return {}
    has = account.describe().get("permissions", {})
    return {name: level for name, level in PERMISSIONS.items() if _LEVELS[level] > _LEVELS.get(has.get(name, ""), 0)}


def look(account: Account, repository: str) -> Seen:
    """Return how a repository looks from here."""
    with said(Call(what=f"reading {repository}")):
        headers, answer = account.of(repository).requester.requestJsonAndCheck("GET", f"/repos/{repository}")
    # Only tokens of people are told what they may do; an App's permissions were checked by themselves.
    rights = answer.get("permissions") or {"triage": True}
    writes = any(rights.get(name) for name in ("triage", "push", "maintain", "admin"))
    return Seen(
        bool(answer.get("has_issues", True)), writes, int(headers.get("x-ratelimit-remaining", 0)), _skew(headers)
    )


def missing_labels(account: Account, repository: str, wanted: Iterable[str]) -> list[str]:
    """Return those of some labels that a repository does not have."""
    with said(Call(what=f"reading the labels of {repository}")):
        return sorted(missing_from(account.of(repository).requester, repository, wanted))


def create_labels(account: Account, repository: str, names: Iterable[str]) -> None:
    """Create labels in a repository."""
    for name in names:
        with said(Call(what=f"creating a label in {repository}", writes=True)):
            asked = {"name": name, "color": _COLOR}
            path = f"/repos/{repository}/labels"
            account.of(repository).requester.requestJsonAndCheck("POST", path, input=asked)


def _skew(headers: dict[str, str]) -> float:
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp() - time.time()
    except (ValueError, TypeError):
        return 0.0
