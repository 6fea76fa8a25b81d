"""Reactions on our comments, looked at every so often: GitHub sends no events about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from triagebot.errors import RemoteError
from triagebot.github.accounts import Account
from triagebot.github.calls import Call, ask, said
from triagebot.github.reading import read_comment
from triagebot.ports import Opinions
from triagebot.service.opinions import note_likes


class Reactions:
    """Looks as an account at comments (`owner/repo#number` and id) that `standing` names; keeps what readers think.

    A comment that did not change since it was looked at last costs nothing of the rate limit.
    """

    def __init__(self, account: Account, opinions: Opinions, standing: Callable[[], Sequence[tuple[str, str]]]) -> None:
        self._account = account
        self._opinions = opinions
        self._standing = standing
        self._etags: dict[str, str] = {}

    def run(self) -> int:
        """Look at every comment once; returns of how many entries something new was said.

        Raises StoreError, and RemoteError after every comment was tried, or at once where GitHub names a time to wait.
        """
        fresh, trouble, etags = 0, None, dict[str, str]()
        for target, comment in self._standing():
            if not comment.isdecimal():
                continue  # no comment of GitHub's: other tongues write receipts too
            try:
                fresh += self._look(target, comment, etags)
            except RemoteError as error:
                if error.retry_after:
                    raise
                trouble = error
        self._etags = etags
        if trouble is not None:
            raise trouble
        return fresh

    def _look(self, target: str, comment: str, etags: dict[str, str]) -> int:
        repository = target.rpartition("#")[0]
        path = f"/repos/{repository}/issues/comments/{comment}"
        with said(Call(what=f"reading our comment on {target}")):
            answer = ask(self._account.of(repository).requester, path, self._etags.get(comment, ""))
        etags[comment] = answer.etag
        found = [read_comment(answer.content, self._account.login())] if answer.content else []
        return note_likes(target, found, self._opinions) if found else 0
