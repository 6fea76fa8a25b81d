"""The ledger: what was decided, what was done outside, and whose labels are whose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, func, insert, select

from triagebot.ports import Standing
from triagebot.records import Action, History, Kind, Receipt, Report, Verdict
from triagebot.store import tables
from triagebot.store.chain import chain_of
from triagebot.store.columns import Now, insert_into
from triagebot.store.database import Database


class State(StrEnum):
    """How far an action, or a label, has come."""

    INTENDED = "intended"
    DONE = "done"
    RETURNING = "returning"  # a label that we are about to take off again
    RETURNED = "returned"
    REMOVED = "removed"  # a person took it away
    THEIRS = "theirs"  # a label that a person put on


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelNote:
    """What is known of one label of a report; `put_by` and `removed_by` are logins, `triagebot` for ourselves."""

    name: str
    state: State
    put_by: str
    removed_by: str
    at: float


US = "triagebot"
_INTENT = {Kind.LABEL: State.INTENDED, Kind.UNLABEL: State.RETURNING}
_RESULT = {Kind.LABEL: State.DONE, Kind.UNLABEL: State.RETURNED}


class Ledger:
    """What is remembered of reports, over restarts.  All methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recall(self, report: Report) -> History:
        """Return what was done to a report before; our labels that are gone from it now count as removed."""
        with self._database.write() as connection:
            rows = connection.execute(select(tables.label).where(tables.label.c.target == report.id)).all()
            gone = {row.name for row in rows if row.state == State.DONE} - report.labels
            for name in sorted(gone):
                _mark_label(connection, report.id, name, State.REMOVED)
            return _history(rows, gone, report.labels, _comments(connection, report.id))

    def note_removed(self, target: str, label: str, who: str = "") -> None:
        """Remember that a person took a label off, and who it was where that is known."""
        with self._database.write() as connection:
            _mark_label(connection, target, label, State.REMOVED, removed_by=who)

    def note_put(self, target: str, label: str, who: str) -> None:
        """Remember that a person put a label on: it is theirs, whoever had it before."""
        with self._database.write() as connection:
            _mark_label(connection, target, label, State.THEIRS, put_by=who, removed_by="")

    def labels(self, target: str) -> list[LabelNote]:
        """Return what is known of a report's labels: who put each, and who took it off."""
        asked = select(tables.label).where(tables.label.c.target == target).order_by(tables.label.c.name)
        with self._database.read() as connection:
            rows = connection.execute(asked).all()
        return [
            LabelNote(name=row.name, state=State(row.state), put_by=row.put_by, removed_by=row.removed_by, at=row.at)
            for row in rows
        ]

    def said_of_labels(self) -> dict[str, dict[str, bool]]:
        """Return by report the labels that people decided on: put on (True), or taken off after we put them."""
        decided = (State.THEIRS.value, State.REMOVED.value)
        asked = select(tables.label).where(tables.label.c.state.in_(decided))
        said: dict[str, dict[str, bool]] = {}
        with self._database.read() as connection:
            for row in connection.execute(asked):
                said.setdefault(row.target, {})[row.name] = row.state == State.THEIRS
        return said

    def keep_verdict(self, verdict: Verdict) -> None:
        """Keep the latest verdict on a report as JSON, with the chain that led to it, and its errors' fingerprints."""
        case = verdict.assessment.case
        target = case.document.report.id
        shown = {signature.fingerprint for signature in case.signatures if signature.fingerprint}
        with self._database.write() as connection:
            _upsert(connection, tables.verdict, {"target": target}, chain=chain_of(verdict))
            connection.execute(delete(tables.fingerprint).where(tables.fingerprint.c.target == target))
            for fingerprint in sorted(shown):
                connection.execute(insert(tables.fingerprint).values(fingerprint=fingerprint, target=target, at=Now()))

    def chain(self, target: str) -> str:
        """Return the latest verdict on a report as JSON, with the chain that led to it; empty when there is none."""
        asked = select(tables.verdict.c.chain).where(tables.verdict.c.target == target)
        with self._database.read() as connection:
            return connection.execute(asked).scalar() or ""

    def with_error(self, fingerprint: str, most: int = 100) -> list[str]:
        """Return the reports that hold an error, the earliest first."""
        asked = select(tables.fingerprint.c.target).where(tables.fingerprint.c.fingerprint == fingerprint)
        with self._database.read() as connection:
            return list(connection.execute(asked.order_by(tables.fingerprint.c.at).limit(most)).scalars())

    def comment(self, target: str) -> str:
        """Return what the other side calls our comment on a report, as far as is known; empty when there is none."""
        with self._database.read() as connection:
            rows = _comments(connection, target)
        return next((row.result for row in rows if row.state == State.DONE), "")

    def standing(self, days: float, most: int) -> list[tuple[str, str]]:
        """Return the reports that bear a comment of ours with what the other side calls it: the latest written first.

        Only those of the last `days`, and not more than `most`.
        """
        receipt = tables.receipt.c
        ours = and_(receipt.kind == Kind.COMMENT, receipt.state == State.DONE.value, receipt.result != "")
        asked = select(receipt.target, receipt.result).where(ours, receipt.at > Now() - days * 86_400)
        latest = asked.group_by(receipt.target, receipt.result).order_by(func.max(receipt.turn).desc()).limit(most)
        with self._database.read() as connection:
            return [(row.target, row.result) for row in connection.execute(latest)]

    def intend(self, action: Action) -> None:
        """Write down that an action is about to be done."""
        with self._database.write() as connection:
            _mark_receipt(connection, action, State.INTENDED, "")
            if action.kind in _INTENT:
                _mark_label(connection, action.target, action.value, _INTENT[action.kind])

    def keep(self, receipt: Receipt) -> None:
        """Write down that an action was done."""
        action = receipt.action
        with self._database.write() as connection:
            _mark_receipt(connection, action, State.DONE, receipt.result)
            if action.kind in _RESULT:
                who = {"put_by": US} if action.kind is Kind.LABEL else {"removed_by": US}
                _mark_label(connection, action.target, action.value, _RESULT[action.kind], **who)

    def adopt(self, target: str, standing: Standing) -> None:
        """Write down our comment as it was found on the other side."""
        found = Action(kind=Kind.COMMENT, target=target, value=standing.text, key=f"found:{target}")
        with self._database.write() as connection:
            _mark_receipt(connection, found, State.DONE, standing.comment)

    def dismiss(self, action: Action) -> None:
        """Write down that a person deleted our comment."""
        with self._database.write() as connection:
            _mark_receipt(connection, action, State.REMOVED, "")


def _history(rows: Iterable[Row[Any]], gone: set[str], present: frozenset[str], comments: list[Row[Any]]) -> History:
    """Count a label that was intended or not yet returned, and stands there, as ours: a crash came between."""
    ours = {row.name for row in rows if row.state in {State.INTENDED, State.DONE, State.RETURNING}}
    removed = {row.name for row in rows if row.state == State.REMOVED} | gone
    latest = comments[0].state if comments else ""
    done = next((row for row in comments if row.state == State.DONE), None)
    return History(
        reply=done.value if done else "",
        comment=done.result if done else "",
        own_labels=frozenset(ours & present),
        removed_labels=frozenset(removed),
        uncertain=latest == State.INTENDED,
        dismissed=latest == State.REMOVED,
    )


def _comments(connection: Connection, target: str) -> list[Row[Any]]:
    """Receipts of our comment, the latest first."""
    ours = and_(tables.receipt.c.target == target, tables.receipt.c.kind == Kind.COMMENT)
    return list(connection.execute(select(tables.receipt).where(ours).order_by(tables.receipt.c.turn.desc())).all())


def _mark_receipt(connection: Connection, action: Action, state: State, result: str) -> None:
    turn = (connection.execute(select(func.max(tables.receipt.c.turn))).scalar() or 0) + 1
    known = {"target": action.target, "kind": action.kind.value, "value": action.value}
    _upsert(connection, tables.receipt, {"key": action.key}, **known, turn=turn, state=state.value, result=result)


def _mark_label(connection: Connection, target: str, name: str, state: State, **who: str) -> None:
    _upsert(connection, tables.label, {"target": target, "name": name}, state=state.value, **who)


def _upsert(connection: Connection, table: Table, key: dict[str, str], **values: object) -> None:
    """Change a row or make it, in one statement: nobody comes between."""
    row = insert_into(connection, table).values(**key, **values, at=Now())
    connection.execute(row.on_conflict_do_update(index_elements=list(key), set_={**values, "at": Now()}))
