"""Hearing of new deliveries at once: PostgreSQL's LISTEN as a hint; whoever hears nothing still looks regularly."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread

from triagebot.errors import StoreError
from triagebot.store.database import Database

_PATIENCE_SECONDS = 1.0
_PAUSE_SECONDS = 5.0


class Listener:
    """Calls `wake` from a thread of its own whenever another process put something into the inbox."""

    def __init__(self, database: Database, channel: str, wake: Callable[[], object]) -> None:
        self._database = database
        self._channel = channel
        self._wake = wake
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True, name="triagebot-listener")

    def start(self) -> None:
        """Begin to listen; on SQLite there is nothing to hear."""
        if not self._database.is_sqlite:
            self._thread.start()

    def stop(self) -> None:
        """Stop listening within a second or so."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE_SECONDS * 3)

    def _run(self) -> None:
        while not self._stop.is_set():
            # What goes wrong here costs a moment's delay only: whoever works looks by itself.
            with suppress(StoreError, *self._database.failures):
                self._hear()
                continue
            self._stop.wait(_PAUSE_SECONDS)

    def _hear(self) -> None:
        connection = self._database.listen(self._channel)
        try:
            while not self._stop.is_set():
                for _ in connection.notifies(timeout=_PATIENCE_SECONDS, stop_after=1):
                    self._wake()
        finally:
            connection.close()
