"""A memory out of what stands on GitHub: for a workflow without a database, or a bot whose database was lost."""

from __future__ import annotations

from triagebot.github.client import GitHubHands
from triagebot.github.orders import Orders
from triagebot.github.reading import LabelEvent, same_login
from triagebot.plan.memo import read_memo
from triagebot.ports import Memory
from triagebot.records import Action, Comment, Kind, LeftAlone, Receipt
from triagebot.service import Service
from triagebot.service.thread import find_reply

_BY_MEMO = "a person, as our comment says"


def recollect(target: str, hands: GitHubHands, memory: Memory, service: Service, now: str = "") -> None:
    """Remember who put labels on and off an issue, and what was said of our answers; raises RemoteError.

    `now` is the id of the comment that is being worked on: it is heard by whoever works on it.
    """
    seen = hands.look(target)
    report = seen.report if isinstance(seen, LeftAlone) else seen
    if report is None:
        return
    thread = hands.comments(target)
    events = hands.label_events(target)
    for event in events:
        _remember(target, event, hands.own_login(), memory, service)
    reply = find_reply(thread)
    service.say(target, "wrong", _BY_MEMO, read_memo(reply.text).wrong)
    orders = Orders(service)
    for comment in thread:
        if _is_heard(comment, now):
            orders.recall(target, comment, report.author)
    if not reply.comment and any(_took_away(event, hands.own_login()) for event in events):
        # Whose comment it was is not told; where ours is not there, it is taken for ours: rather silent than unwanted.
        memory.dismiss(Action(kind=Kind.COMMENT, target=target, value="", key=f"gone:{target}"))


def _is_heard(comment: Comment, now: str) -> bool:
    return not comment.ours and not comment.bot and comment.id != now


def _took_away(event: LabelEvent, own_login: str) -> bool:
    return event.what == "comment_deleted" and not event.bot and not same_login(event.who, own_login)


def _remember(target: str, event: LabelEvent, own_login: str, memory: Memory, service: Service) -> None:
    if not event.label:
        return
    if same_login(event.who, own_login):
        if not service.may_put(target, event.label):
            return  # another workflow writes with the same token
        kind = Kind.LABEL if event.what == "labeled" else Kind.UNLABEL
        action = Action(kind=kind, target=target, value=event.label, key=f"{kind}:{target}:{event.label}")
        memory.keep(Receipt(action=action))
    elif event.what == "labeled":
        service.note_put(target, event.label, event.who)
    elif not event.bot:
        service.note_removed(target, event.label, event.who)
