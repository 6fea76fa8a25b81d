"""The ledger: what was decided, what was done outside, and whose labels are whose."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, func, insert, select, update

from triagebot.ports import Standing
from triagebot.records import Action, History, Kind, Receipt, Report, Verdict
from triagebot.store import tables
from triagebot.store.chain import chain_of
from triagebot.store.database import Database, Now


class State(StrEnum):
    """How far an action, or a label, has come."""

    INTENDED = "intended"
    DONE = "done"
    RETURNING = "returning"  # a label that we are about to take off again
    RETURNED = "returned"
    REMOVED = "removed"  # a person took it away


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

    def note_removed(self, target: str, label: str) -> None:
        """Remember that a person took a label off."""
        with self._database.write() as connection:
            _mark_label(connection, target, label, State.REMOVED)

    def keep_verdict(self, verdict: Verdict) -> None:
        """Keep the latest verdict on a report as JSON, with the chain that led to it."""
        target = verdict.assessment.case.document.report.id
        with self._database.write() as connection:
            _upsert(connection, tables.verdict, {"target": target}, chain=chain_of(verdict))

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
                _mark_label(connection, action.target, action.value, _RESULT[action.kind])

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


def _mark_label(connection: Connection, target: str, name: str, state: State) -> None:
    _upsert(connection, tables.label, {"target": target, "name": name}, state=state.value)


def _upsert(connection: Connection, table: Table, key: dict[str, str], **values: object) -> None:
    """Change a row or make it; the write lock is held, so nobody comes between."""
    which = and_(*(table.c[name] == value for name, value in key.items()))
    if not connection.execute(update(table).where(which).values(**values, at=Now())).rowcount:
        connection.execute(insert(table).values(**key, **values, at=Now()))
