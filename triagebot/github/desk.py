"""Works through the deliveries of one issue: what people did first, then the issue once, then answers to commands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypeGuard

from triagebot.github.client import GitHubHands
from triagebot.github.events import Heard, read_event
from triagebot.github.orders import Orders, asks_to_look
from triagebot.github.recollect import recollect
from triagebot.ports import Memory
from triagebot.records import (
    Commanded,
    Delivery,
    Ended,
    LabelPut,
    LabelRemoved,
    LeftAlone,
    Report,
    Touched,
    Verdict,
)
from triagebot.service import Service

SILENCE = "triagebot-silence"
"""The event of our own that asks to look at a report after a long silence; it never comes from outside."""


class Desk:
    """Works on the deliveries of one issue at a time."""

    def __init__(self, service: Service, hands: GitHubHands) -> None:
        self._service = service
        self._hands = hands
        self._orders = Orders(service)

    def work_through(self, deliveries: Sequence[Delivery]) -> Verdict | LeftAlone:
        """Return the verdict on the issue as it is now, or why it was left alone; raises RemoteError and StoreError.

        However many deliveries came, the issue is triaged at most once, with all that people did known before.
        """
        login = self._hands.own_login()
        heard = [_heard(delivery, login) for delivery in deliveries]
        commanded = [item for item in heard if isinstance(item, Commanded)]
        for item in heard:
            self._note(item)
        target = next((_target(item) for item in heard if self._calls_for_a_look(item)), "")
        if not target:
            return self._close(heard)
        edited = any(isinstance(item, Touched) and item.edited for item in heard)
        done = self._service.run(target, asked=any(map(asks_to_look, commanded)), edited=edited)
        for item in commanded:
            self._orders.answer(item, done)
        return done if isinstance(done, LeftAlone) else done.verdict

    def waiting(self, repository: str) -> tuple[str, ...]:
        """Return the open issues that wait for an answer, none where nobody is ever reminded."""
        label = self._service.reminds(repository)
        return self._hands.waiting(repository, label) if label else ()

    def remember(self, delivery: Delivery, memory: Memory) -> None:
        """Recollect from GitHub what a database would know of an issue."""
        heard = _heard(delivery, self._hands.own_login())
        now = heard.comment.id if isinstance(heard, Commanded) else ""
        recollect(delivery.key, self._hands, memory, self._service, now)

    def _calls_for_a_look(self, item: Heard) -> TypeGuard[Report | Touched | Commanded | LabelRemoved]:
        """Tell whether the issue is to be looked at: also when our request's label was taken off, to take it back."""
        if isinstance(item, LabelRemoved):
            return self._service.ends_request(item.target, item.label)
        return isinstance(item, Report | Touched | Commanded)

    def _note(self, item: Heard) -> None:
        if isinstance(item, LabelRemoved):
            self._service.note_removed(item.target, item.label, item.who)
        elif isinstance(item, LabelPut):
            self._service.note_put(item.target, item.label, item.who)
        elif isinstance(item, Commanded):
            self._orders.hear(item)

    def _close(self, heard: Sequence[Heard]) -> LeftAlone:
        """Count reactions once more where the issue was closed; of one that is gone nothing can be read."""
        ended = next((item for item in heard if isinstance(item, Ended)), None)
        if ended is not None and ended.why == "closed":
            return self._service.harvest(ended.target)
        reasons = (item.why for item in heard if isinstance(item, LeftAlone | Ended))
        return LeftAlone(why=next(reasons, "a label that a person put on or took off is remembered"))


def _heard(delivery: Delivery, own_login: str) -> Heard:
    if delivery.event == SILENCE:
        return Touched(target=delivery.key, why="nobody has spoken for long")
    return read_event(delivery.event, json.loads(delivery.payload), own_login)


def _target(item: Report | Touched | Commanded | LabelRemoved) -> str:
    return item.id if isinstance(item, Report) else item.target
