"""The sweep: after an outage it finds what was missed, and puts it into the inbox like any other delivery."""

from __future__ import annotations

from triagebot.errors import RemoteError
from triagebot.ports import Changed, Outlook, Place, Places
from triagebot.records import Delivery

# Clocks differ a little, and what changes in the same second is listed again: seen twice does no harm.
_MARGIN_SECONDS = 60.0


class Sweep:
    """Looks at every place that deliveries ever came from."""

    def __init__(self, outlook: Outlook, places: Places) -> None:
        self._outlook = outlook
        self._places = places

    def run(self) -> int:
        """Catch up with what was missed; returns how many reports are to be looked at again.

        Raises StoreError, and RemoteError after every place was tried.
        """
        places = self._places.places()
        found, trouble = 0, self._redeliver([place.scope for place in places])
        for place in places:
            try:
                found += self._catch_up(place)
            except RemoteError as error:
                trouble = error
        if trouble is not None:
            raise trouble
        return found

    def _redeliver(self, scopes: list[str]) -> RemoteError | None:
        """Ask for every delivery again that failed and never arrived: it may hold a command, or whose label it was."""
        try:
            failed = self._outlook.failed(scopes) if scopes else []
            stored = self._places.stored([item.guid for item in failed])
            for item in failed:
                if item.guid not in stored:
                    self._outlook.redeliver(item)
        except RemoteError as error:
            return error
        return None

    def _catch_up(self, place: Place) -> int:
        changed = self._outlook.changed(place.scope, place.seen_at - _MARGIN_SECONDS)
        known = self._places.knows([item.key for item in changed])
        # Old issues that we were never asked about stay as they are, whoever comments on them today.
        ours = [i for i in changed if i.key in known or i.created_at >= place.first_at - _MARGIN_SECONDS]
        fresh = self._places.take([_delivery(item) for item in ours])
        if changed:
            self._places.saw(place.scope, max(item.changed_at for item in changed))
        return fresh


def _delivery(item: Changed) -> Delivery:
    """Return a delivery of our own: the same change of the same report is the same delivery."""
    return Delivery(guid=f"sweep:{item.key}:{item.changed_at:.0f}", event="issues", key=item.key, payload=item.payload)
