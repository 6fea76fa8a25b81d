"""How often one person may ask: some questions at once, then one every few seconds (pure: the clock is given)."""

from __future__ import annotations

from collections import OrderedDict


class Cooldown:
    """A bucket of `burst` questions a person, filled up again by one every `seconds`."""

    def __init__(self, burst: int, seconds: float, most_people: int = 10_000) -> None:
        self._burst = burst
        self._seconds = seconds
        self._most_people = most_people
        self._full_at: OrderedDict[int, float] = OrderedDict()

    def wait(self, person: int, now: float) -> float:
        """Count a question; returns 0, or the seconds to wait when it is one too many (and is not counted)."""
        full_at = max(self._full_at.get(person, now), now)
        waiting = full_at + self._seconds - now - self._burst * self._seconds
        if waiting > 0:
            return waiting
        self._full_at[person] = full_at + self._seconds
        self._full_at.move_to_end(person)
        while len(self._full_at) > self._most_people:
            self._full_at.popitem(last=False)
        return 0.0
