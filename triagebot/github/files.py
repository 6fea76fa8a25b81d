"""The repository's own files through the contents API: asked with ETags, so that an unchanged file costs nothing."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import quote

from triagebot.errors import RemoteError
from triagebot.github.accounts import Account
from triagebot.github.calls import UNCHANGED, Call, ask, said

# How long an answer is believed without asking: a burst of events asks once.
_FRESH_SECONDS = 60.0
_MOST_KEPT = 2_000


@dataclass(slots=True)
class _Kept:
    etag: str
    answer: Any
    asked_at: float


class Files:
    """Reads files and folders of repositories as one account."""

    def __init__(self, account: Account, fresh: float = _FRESH_SECONDS) -> None:
        self._account = account
        self._fresh = fresh
        self._kept: dict[str, _Kept] = {}

    def text(self, repository: str, path: str, via: str = "") -> str | None:
        """Return a file's text, None when there is none; raises RemoteError, also where it is no UTF-8 text.

        `via`: the repository whose token is used, where that is another one.
        """
        answer = self._get(repository, path, via)
        if answer is None or isinstance(answer, list):
            return None
        if answer.get("encoding") != "base64":
            raise RemoteError(f"{repository}: {path} is no file, or larger than 1 MB. Make it smaller.")
        try:
            return b64decode(answer.get("content", "")).decode("utf-8-sig")
        except ValueError:
            raise RemoteError(f"{repository}: {path} is not UTF-8 text. Save it as UTF-8.") from None

    def names(self, repository: str, folder: str, via: str = "") -> tuple[str, ...]:
        """Return the paths of the files in a folder, none when there is no such folder; raises RemoteError."""
        answer = self._get(repository, folder, via)
        listed = answer if isinstance(answer, list) else []
        return tuple(str(item["path"]) for item in listed if item.get("type") == "file")

    def _get(self, repository: str, path: str, via: str = "") -> Any:
        """Return the API's answer for a path, None when nothing is there."""
        address = f"/repos/{repository}/contents/{quote(path)}"
        kept = self._kept.get(address)
        if kept is not None and monotonic() - kept.asked_at < self._fresh:
            return kept.answer
        with said(Call(what=f"reading {path} of {repository}")):
            answer = ask(self._account.of(via or repository).requester, address, kept.etag if kept else "")
        content = kept.answer if kept and answer.status == UNCHANGED else answer.content
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[address] = _Kept(answer.etag, content, monotonic())
        return content
