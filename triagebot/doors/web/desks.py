"""Desks: as many pairs of hands as reports are worked on at once, each with a service of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from queue import LifoQueue
from threading import Lock
from time import sleep

from triagebot.doors.web import figures
from triagebot.errors import RemoteError
from triagebot.github.desk import Desk
from triagebot.github.outlook import GitHubOutlook
from triagebot.github.reactions import Reactions
from triagebot.pipeline import Triage
from triagebot.records import Knowledge, LeftAlone, Verdict
from triagebot.settings import Settings
from triagebot.store import Claim, Lanes, Store
from triagebot.wiring import build_service, open_account, open_github, open_rulebooks

# A place in the lane that is further away is not waited for: the report comes back when its time has come.
_LONGEST_PAUSE = 10.0
# Whoever thinks something of a comment says so soon; each look costs a request where something changed.
_LATEST_DAYS, _MOST_LATEST = 14, 100

Core = Callable[[Knowledge], Triage]


class _Desk:
    """Hands, a service, and the claim that is worked on here."""

    def __init__(self, settings: Settings, store: Store, triage: Triage, make: Core, turns: _Turns) -> None:
        account = open_account(settings, pause=0.0)  # writes are spaced by the lane
        self.hands = open_github(account, self._turn)
        self._service = build_service(triage, self.hands, store, open_rulebooks(account, triage, make))
        self._desk = Desk(self._service, self.hands)
        self._turns = turns
        self._lease = settings.lease_seconds
        self._inbox = store.inbox
        self._claim: Claim | None = None
        self._wrote = False

    def work(self, claim: Claim) -> Verdict | LeftAlone:
        """Bring the report of a claim up to date; what was written twice is taken back."""
        self._claim, self._wrote = claim, False
        try:
            return self._desk.work_through(claim.deliveries)
        finally:
            if self._wrote and not self._holds():
                self._claim = None
                self._service.drop_twins(claim.key)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Write only in our turn, and only while the report is ours: whoever slept for too long has lost it."""
        claim = self._claim
        if claim is None:  # only what was said twice is taken back: that is never too late
            yield
            return
        with self._turns.turn(claim.key):
            if not self._holds():
                raise RemoteError(f"Another worker has taken {claim.key} over.", 0.0)
            self._wrote = True
            yield

    def _holds(self) -> bool:
        return self._claim is not None and self._inbox.renew(self._claim, self._lease)


class _Turns:
    """One write after the other in each lane of this process, and in turn with those of other processes."""

    def __init__(self, lanes: Lanes, lane: Callable[[str], str], pause: float) -> None:
        self._lanes = lanes
        self._lane = lane
        self._pause = pause
        self._locks: dict[str, Lock] = {}

    @contextmanager
    def turn(self, target: str) -> Iterator[None]:
        """Wait for our turn; raises RemoteError with the time when that is too far away to wait for."""
        if not self._pause:
            yield
            return
        name = self._lane(target)
        with self._locks.setdefault(name, Lock()):
            seconds = self._lanes.turn(name, self._pause)
            if seconds > _LONGEST_PAUSE:
                raise RemoteError("What may be written in this hour is used up.", seconds)
            sleep(seconds)
            yield


class Desks:
    """Works on claims from any thread: hands serve one thread at a time, so each report gets a desk of its own.

    `make` builds a core for repositories with a knowledge of their own.
    """

    def __init__(self, settings: Settings, store: Store, triage: Triage, make: Core) -> None:
        self._settings = settings
        self._store = store
        self._free: LifoQueue[_Desk] = LifoQueue()
        turns = _Turns(store.lanes, self.lane, settings.github_seconds_between_writes)
        for _ in range(settings.reports_at_once):
            self._free.put(_Desk(settings, store, triage, make, turns))

    def __call__(self, claim: Claim) -> Verdict | LeftAlone:
        """Bring the report of a claim up to date; raises RemoteError, StoreError and TooHard."""
        desk = self._free.get()
        try:
            return desk.work(claim)
        finally:
            with suppress(RemoteError):
                figures.RATE_LEFT.labels(self.lane(claim.key)).set(desk.hands.rate_left(claim.key))
            self._free.put(desk)

    def reactions(self) -> Reactions:
        """Return what looks at the reactions on our latest comments."""
        account = open_account(self._settings, pause=0.0)
        latest = partial(self._store.memory.standing, _LATEST_DAYS, _MOST_LATEST)
        return Reactions(account, self._store.feedback, latest)

    def outlook(self, path: str) -> GitHubOutlook:
        """Return what can tell what happened while we were not there; `path` is that of our webhook."""
        return GitHubOutlook(open_account(self._settings, pause=0.0), path)

    def lane(self, target: str) -> str:
        """Return the lane that writes to a report go through: an App has one for each owner, a token has one."""
        return target.partition("/")[0] if self._settings.github_app_id else "token"
