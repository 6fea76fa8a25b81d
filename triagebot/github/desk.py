"""Works through the deliveries of one issue: notes what people removed, then triages the issue once."""

from __future__ import annotations

import json
from collections.abc import Sequence

from triagebot.github.events import read_event
from triagebot.records import Delivery, LabelRemoved, LeftAlone, Report, Verdict
from triagebot.service import Service


def work_through(deliveries: Sequence[Delivery], service: Service, own_login: str) -> Verdict | LeftAlone:
    """Return the verdict on the issue as it is now, or why it was left alone; raises RemoteError and StoreError.

    However many deliveries came, the issue is triaged at most once, with all removed labels known before.
    """
    heard = [read_event(delivery.event, json.loads(delivery.payload), own_login) for delivery in deliveries]
    for item in heard:
        if isinstance(item, LabelRemoved):
            service.note_removed(item.target, item.label)
    target = next((item.id for item in heard if isinstance(item, Report)), "")
    if target:
        return service.triage(target)
    reasons = (item.why for item in heard if isinstance(item, LeftAlone))
    return LeftAlone(why=next(reasons, "a label that a person removed is remembered"))
