"""What a button means, written into its id, so that it works after any restart (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from triagebot.doors.discord import limits


class Act(StrEnum):
    """What pressing a button asks for."""

    SOLVED = "solved"
    WRONG = "wrong"
    WHY = "why"
    ISSUE = "issue"
    DELETE = "delete"
    APPLY = "apply"
    DISMISS = "dismiss"


# Anybody can send any id: only what has this form is looked at.
PATTERN = re.compile(
    r"tb1:(?P<act>solved|wrong|why|issue|delete|apply|dismiss):(?P<asker>[0-9]{1,20}):(?P<about>[0-9]{1,20})"
    r"(?::(?P<rest>[A-Za-z0-9_.#/-]{1,64}))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button: what it does, who asked, the message or command it is about, and a word more."""

    act: Act
    asker: int
    about: int
    rest: str = ""

    def code(self) -> str:
        """Return the button's id; raises ValueError when it does not fit."""
        coded = f"tb1:{self.act}:{self.asker}:{self.about}" + (f":{self.rest}" if self.rest else "")
        if len(coded) > limits.CUSTOM_ID or not PATTERN.fullmatch(coded):
            raise ValueError(f"{coded!r} is no id of a button")
        return coded


def read(found: re.Match[str]) -> Press:
    """Return what a button's id says; `found` is a match of PATTERN."""
    return Press(act=Act(found["act"]), asker=int(found["asker"]), about=int(found["about"]), rest=found["rest"] or "")
