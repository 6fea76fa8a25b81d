"""The store: the durable inbox and the memory of what was said and done, in one SQL database."""

from __future__ import annotations

from collections.abc import Callable

from triagebot.ports import Said
from triagebot.store.address import is_there
from triagebot.store.claims import Claims
from triagebot.store.database import Database
from triagebot.store.feedback import Feedback
from triagebot.store.inbox import CHANNEL, Claim, Inbox, Taken
from triagebot.store.lanes import Lanes
from triagebot.store.listening import Listener
from triagebot.store.memory import LabelNote, Ledger
from triagebot.store.migrations import migrate
from triagebot.store.proposals import Proposal, Proposals
from triagebot.store.sweeps import Sweeps
from triagebot.store.upkeep import DeadLetter, Figures, Upkeep

__all__ = [
    "Claim",
    "Claims",
    "DeadLetter",
    "Feedback",
    "Figures",
    "Inbox",
    "LabelNote",
    "Lanes",
    "Ledger",
    "Listener",
    "Proposal",
    "Proposals",
    "Said",
    "Store",
    "Sweeps",
    "Taken",
    "Upkeep",
    "is_there",
]


class Store:
    """The opened database with its rooms; raises StoreError when it cannot be opened.

    `quiet` and `longest`: seconds without a delivery, and since the first one, after which a report is due.
    """

    def __init__(self, url: str, quiet: float = 0.0, longest: float = 0.0) -> None:
        self._database = Database(url)
        try:
            migrate(self._database)
        except BaseException:
            self._database.close()
            raise
        self.inbox = Inbox(self._database, quiet, longest)
        self.memory = Ledger(self._database)
        self.feedback = Feedback(self._database)
        self.claims = Claims(self._database)
        self.proposals = Proposals(self._database)
        self.lanes = Lanes(self._database)
        self.upkeep = Upkeep(self._database)
        self.sweeps = Sweeps(self._database, self.inbox)

    def listener(self, wake: Callable[[], object]) -> Listener:
        """Return what calls `wake`, from a thread of its own, when another process put something into the inbox."""
        return Listener(self._database, CHANNEL, wake)

    @property
    def place(self) -> str:
        """Where the database is, without any password."""
        return self._database.place

    def check(self) -> None:
        """Raise StoreError when the database does not answer."""
        self._database.check()

    def close(self) -> None:
        """Close every connection."""
        self._database.close()
