"""A signature as it was seen: where among the lines, and how much it deserves to be named first."""

from __future__ import annotations

from dataclasses import dataclass

from triagebot.details import details_of
from triagebot.locales import in_english
from triagebot.records import Line, Signature
from triagebot.text import fingerprint, mask

# Standings, best first: raised and shown with its traceback; printed by a tool; an error line standing alone;
# something that only passes on another error.
RAISED, PRINTED, ALONE, CUT, ENVELOPE = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """`place` is the index of the line; `order` ranks sightings of one standing, lowest first."""

    signature: Signature
    standing: int
    place: int
    order: int

    @property
    def rank(self) -> tuple[int, bool, int]:
        """What sightings are sorted by: standing, then body before title, then order."""
        return self.standing, self.signature.line == 0, self.order


def sign(
    line: Line, family: str, kind: str, message: str, *, frames: tuple[str, ...] = (), partial: bool = False
) -> Signature:
    """Return a signature with its masked message and fingerprint."""
    masked = mask(message)
    # A message-less error is known by the place it was raised at.
    key = masked or " ".join(frames[-1:])
    return Signature(
        family=family,
        type=kind,
        message=message,
        masked=masked,
        fingerprint=fingerprint(family, kind, key),
        line=line.number,
        partial=partial,
        frames=frames,
        details=details_of(in_english(message)),
    )
