"""What happened at GitHub while we were not there: issues that changed, and deliveries that failed.

Source: GitHub's documentation, "Handling failed webhook deliveries": deliveries of the past three days can be listed
and asked for again; a redelivery keeps its GUID.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from github.Requester import Requester

from triagebot.errors import RemoteError
from triagebot.github.accounts import Account, AppAccount
from triagebot.github.calls import Call, pages, said
from triagebot.github.gist import gist_of
from triagebot.ports import Changed, Failed


class GitHubOutlook:
    """Looks as an account; `path` is the path of our webhook, by which a repository's hook is known to be ours."""

    def __init__(self, account: Account, path: str) -> None:
        self._account = account
        self._path = path

    def changed(self, scope: str, since: float) -> list[Changed]:
        """Return the repository's open issues that changed since a time, the earliest change first."""
        when = datetime.fromtimestamp(max(since, 0.0), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        asked = {"state": "open", "sort": "updated", "direction": "asc", "since": when}
        return [_changed(scope, issue) for issue in _listed(self._way(scope), f"/repos/{scope}/issues", **asked)]

    def failed(self, scopes: Sequence[str]) -> list[Failed]:
        """Return deliveries that never arrived: those of the App, or of our hooks where the token may see them."""
        if isinstance(self._account, AppAccount):
            return self._failed("", self._account.requester(), "/app/hook/deliveries")
        return [item for scope in scopes for item in self._failed_at(scope)]

    def redeliver(self, failed: Failed) -> None:
        """Ask GitHub to deliver again."""
        app = self._account.requester() if isinstance(self._account, AppAccount) else None
        with said(Call(what=f"asking for delivery {failed.guid} again")):
            (app or self._way(failed.scope)).requestJsonAndCheck("POST", failed.again)

    def _way(self, scope: str) -> Requester:
        return self._account.of(scope).requester

    def _failed_at(self, scope: str) -> list[Failed]:
        way = self._way(scope)
        try:
            hooks = [hook for hook in _listed(way, f"/repos/{scope}/hooks") if self._is_ours(hook)]
            paths = [f"/repos/{scope}/hooks/{int(hook['id'])}/deliveries" for hook in hooks]
            return [item for path in paths for item in self._failed(scope, way, path)]
        except RemoteError as error:
            if error.retry_after is None:  # not allowed: issues that changed are found all the same
                return []
            raise

    def _failed(self, scope: str, way: Requester, path: str) -> list[Failed]:
        attempts = _listed(way, path)
        arrived = {item.get("guid") for item in attempts if 200 <= int(item.get("status_code") or 0) < 300}  # noqa: PLR2004
        latest = {str(item["guid"]): int(item["id"]) for item in reversed(attempts) if item.get("guid") not in arrived}
        return [Failed(scope, guid, f"{path}/{number}/attempts") for guid, number in latest.items()]

    def _is_ours(self, hook: Mapping[str, Any]) -> bool:
        address = str((hook.get("config") or {}).get("url", ""))
        return bool(hook.get("active", True)) and urlsplit(address).path == self._path


def _listed(way: Requester, path: str, **asked: str) -> list[dict[str, Any]]:
    """Return the items of every page, as far as is sensible."""
    with said(Call(what=f"reading {path}")):
        return list(pages(way, path, **asked))


def _changed(scope: str, issue: dict[str, Any]) -> Changed:
    """Return an issue as the event of an edit: to the bot it is just that."""
    event = {
        "action": "edited",
        "changes": {"body": {"from": ""}},
        "issue": issue,
        "repository": {"full_name": scope},
        "sender": issue.get("user"),
    }
    key, created = f"{scope}#{issue.get('number')}", _seconds(issue.get("created_at"))
    return Changed(key, created, _seconds(issue.get("updated_at")), json.dumps(gist_of("issues", event)))


def _seconds(when: object) -> float:
    try:
        return datetime.fromisoformat(str(when)).timestamp()
    except ValueError:
        return 0.0
