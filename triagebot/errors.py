"""Everything that goes wrong on purpose, in one tree.

    TriageError
    ├── TellPerson               the message is for whoever wrote the input
    │   ├── InputError           a file, a line or an argument cannot be used
    │   └── DeliveryRejected     a webhook request is not to be trusted or understood
    └── TellOperator             the message is for whoever runs the bot
        ├── SettingsError        a setting is unknown, missing or wrong
        ├── KnowledgeError       files of the knowledge folder are wrong: every problem at once
        ├── ModelError           a learned model is damaged, of a newer bot, or none at all
        ├── StoreError           the database did not take or give what it should
        ├── TooHard              a report took too long to read, or killed the process that read it
        └── RemoteError          the other side refused or failed: whether and when to try again
            ├── WriteUncertain   a write may or may not have happened: look before doing it again
            └── Gone             what was to be changed is no longer there: a person took it away

A message names the place and the remedy.  What a program needs stands in attributes.
"""

from __future__ import annotations

from dataclasses import dataclass


class TriageError(Exception):
    """Base of every error raised on purpose."""


class TellPerson(TriageError):
    """The message is shown to the person whose input caused it."""


class InputError(TellPerson):
    """A file, a line or an argument that cannot be used."""


class DeliveryRejected(TellPerson):
    """A webhook request that is answered with `status` and not stored."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class TellOperator(TriageError):
    """The message is for the log and the terminal of whoever runs the bot."""


class SettingsError(TellOperator):
    """A setting that is unknown, missing or wrong."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file: where, what, and what to do about it."""

    file: str
    line: int
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key + ': ' if self.key else ''}{self.what}. {self.remedy}".rstrip()


class KnowledgeError(TellOperator):
    """Files of the knowledge folder that are wrong; carries every problem found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class ModelError(TellOperator):
    """A learned model that cannot be used; the bot goes on without it."""


class StoreError(TellOperator):
    """The database did not take or give what it should."""


class TooHard(TellOperator):
    """A report that took too long to read, or killed the process that read it; others are not touched."""


class RemoteError(TellOperator):
    """The other side refused or failed.

    `retry_after` is in seconds: None when trying again is pointless.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class WriteUncertain(RemoteError):
    """A write was sent and its answer lost: it may have happened."""


class Gone(RemoteError):
    """What was to be changed is no longer there: a person took it away, and that is final."""
