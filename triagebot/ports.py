"""What the service needs from outside, as protocols that the adapters fit without knowing each other."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from triagebot.records import Action, History, LeftAlone, Receipt, Report, Verdict


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

    def find_reply(self, target: str) -> Standing:
        """Return our own comment on a report, found by its hidden marker."""
        ...

    def label_names(self, target: str) -> frozenset[str]:
        """Return the labels that exist where the report stands."""
        ...

    def do(self, action: Action, comment: str = "") -> Receipt:
        """Do an action once; a known `comment` is edited instead of a new one written.

        Raises WriteUncertain when the answer to a write was lost, and Gone when the known comment was deleted.
        """
        ...


class Memory(Protocol):
    """Whatever remembers what was decided and done.  Every method raises StoreError."""

    def recall(self, report: Report) -> History:
        """Return what was done to a report before; our labels that are gone from it now count as removed."""
        ...

    def note_removed(self, target: str, label: str, who: str = "") -> None:
        """Remember that a person took a label off, and who it was where that is known."""
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
