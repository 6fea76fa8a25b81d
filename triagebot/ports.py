"""What the service needs from outside, as protocols that the adapters fit without knowing each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from triagebot.records import Action, Comment, History, LeftAlone, Receipt, Report, Verdict


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

    def label_names(self, target: str) -> frozenset[str]:
        """Return the labels that exist where the report stands."""
        ...

    def react(self, target: str, comment: str, reaction: str) -> None:
        """Answer a comment with a reaction: `+1` or `confused`."""
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
