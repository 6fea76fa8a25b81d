"""The store: the durable inbox and the memory of what was done, in one SQL database."""

from __future__ import annotations

from triagebot.store.database import Database
from triagebot.store.inbox import Claim, Inbox, Taken
from triagebot.store.memory import Ledger
from triagebot.store.migrations import migrate

__all__ = ["Claim", "Inbox", "Ledger", "Store", "Taken"]


class Store:
    """The opened database with its two rooms; raises StoreError when it cannot be opened."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        migrate(self._database)
        self.inbox = Inbox(self._database)
        self.memory = Ledger(self._database)

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
