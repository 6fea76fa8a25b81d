"""What the service needs from outside, as protocols that the adapters fit without knowing each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from triagebot.records import Action, Comment, Delivery, History, LeftAlone, Receipt, Report, Verdict


class Standing(NamedTuple):
    """Our comment as it stands on the other side; both are empty when there is none."""

    comment: str
    text: str


class Hands(Protocol):
    """Whatever can look at a report and act on it: a tracker, a channel.

    Every method raises RemoteError: with seconds in `retry_after` when another try may help, None when it is pointless.
    """

    def look(self, target: str) -> Report | LeftAlone:
        """Return the report as it is now, or why it is left alone."""
        ...

    def comments(self, target: str) -> tuple[Comment, ...]:
        """Return everything that stands below a report, in order; what is ours is marked as ours."""
        ...

    def missing_labels(self, target: str, labels: Iterable[str]) -> frozenset[str]:
        """Return those of some labels that do not exist where the report stands."""
        ...

    def react(self, target: str, comment: str, reaction: str) -> None:
        """Answer a comment with a reaction: `+1` or `confused`."""
        ...

    def erase(self, target: str, comment: str) -> None:
        """Delete a comment of ours."""
        ...

    def do(self, action: Action, comment: str = "") -> Receipt:
        """Do an action once; a known `comment` is edited instead of a new one written.

        Raises WriteUncertain when the answer to a write was lost, and Gone when the known comment was deleted.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one person said of one answer; `source` is the door it came through, `at` is in seconds since 1970."""

    report: str
    entry: str
    kind: str
    who: str
    source: str
    at: float = 0.0


class Opinions(Protocol):
    """Whatever remembers what people said of answers.  Every method raises StoreError."""

    def say(self, said: Said) -> bool:
        """Keep what a person said; False when they had said it before."""
        ...

    def take_back(self, said: Said) -> bool:
        """Forget what a person said."""
        ...

    def about(self, report: str) -> list[Said]:
        """Return what was said of one report, the earliest first."""
        ...

    def counts(self) -> dict[tuple[str, str], int]:
        """Return how often each kind of thing was said of each entry: `{(entry, kind): times}`."""
        ...


class Memory(Protocol):
    """Whatever remembers what was decided and done.  Every method raises StoreError."""

    def recall(self, report: Report) -> History:
        """Return what was done to a report before; our labels that are gone from it now count as removed."""
        ...

    def note_removed(self, target: str, label: str, who: str = "") -> None:
        """Remember that a person took a label off, and who it was where that is known."""
        ...

    def note_put(self, target: str, label: str, who: str) -> None:
        """Remember that a person put a label on: it is theirs, whoever had it before."""
        ...

    def keep_verdict(self, verdict: Verdict) -> None:
        """Keep the latest verdict on a report, for those who ask why."""
        ...

    def comment(self, target: str) -> str:
        """Return what the other side calls our comment on a report, as far as is known; empty when there is none."""
        ...

    def intend(self, action: Action) -> None:
        """Write down that an action is about to be done."""
        ...

    def keep(self, receipt: Receipt) -> None:
        """Write down that an action was done."""
        ...

    def adopt(self, target: str, standing: Standing) -> None:
        """Write down our comment as it was found on the other side."""
        ...

    def dismiss(self, action: Action) -> None:
        """Write down that a person deleted our comment."""
        ...


# --- what the sweep asks of the world ---------------------------------------------------------------------------


class Changed(NamedTuple):
    """A report that changed: times are seconds since 1970 on the other side's clock, `payload` is an event's JSON."""

    key: str
    created_at: float
    changed_at: float
    payload: str


class Failed(NamedTuple):
    """A delivery that did not arrive: where it came from, its GUID, and the address that asks for it again."""

    scope: str
    guid: str
    again: str


class Outlook(Protocol):
    """Whatever can tell what happened in a place while we were not there.  Every method raises RemoteError."""

    def changed(self, scope: str, since: float) -> list[Changed]:
        """Return the open reports that changed since a time, the earliest change first."""
        ...

    def failed(self, scopes: Sequence[str]) -> list[Failed]:
        """Return the deliveries that never arrived, as far back as the other side tells; [] where it does not."""
        ...

    def redeliver(self, failed: Failed) -> None:
        """Ask for a delivery again."""
        ...


class Place(Protocol):
    """A place, when we first heard of it, and the newest change known there; seconds since 1970."""

    @property
    def scope(self) -> str:
        """What the other side calls it."""
        ...

    @property
    def first_at(self) -> float:
        """When the first delivery came from there."""
        ...

    @property
    def seen_at(self) -> float:
        """The newest change that the sweep has seen."""
        ...


class Places(Protocol):
    """Whatever remembers how far the sweep has come.  Every method raises StoreError."""

    def places(self) -> Sequence[Place]:
        """Return every place that deliveries came from."""
        ...

    def knows(self, keys: list[str]) -> set[str]:
        """Return those of some reports that deliveries ever came for."""
        ...

    def stored(self, guids: list[str]) -> set[str]:
        """Return those of some deliveries that are stored."""
        ...

    def take(self, deliveries: list[Delivery]) -> int:
        """Put deliveries into the inbox; returns how many were new."""
        ...

    def saw(self, scope: str, changed_at: float) -> None:
        """Remember the newest change that was seen in a place."""
        ...
