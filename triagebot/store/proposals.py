"""Proposals: texts that maintainers found worth an entry of the FAQ, kept for review with their error."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from triagebot.store.columns import Now, insert_into
from triagebot.store.database import Database
from triagebot.store.tables import proposal

_LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A text without its secrets, the error in it ("" where there is none), where it stands, and who proposed it."""

    report: str
    text: str
    error: str
    fingerprint: str
    url: str
    who: str
    number: int = 0


class Proposals:
    """What maintainers proposed.  All methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def propose(self, proposal_: Proposal) -> bool:
        """Keep a proposal; False when this text was proposed before."""
        row = {name: getattr(proposal_, name) for name in ("report", "error", "fingerprint", "url", "who")}
        row["text"] = proposal_.text[:_LONGEST_TEXT]
        with self._database.write() as connection:
            once = insert_into(connection, proposal).on_conflict_do_nothing(index_elements=["report"])
            return connection.execute(once.values(**row, at=Now())).rowcount == 1

    def open(self) -> list[Proposal]:
        """Return what waits for review, the earliest first."""
        asked = select(proposal).where(proposal.c.closed_at.is_(None)).order_by(proposal.c.seq)
        with self._database.read() as connection:
            rows = connection.execute(asked).all()
        return [
            Proposal(
                report=row.report,
                text=row.text,
                error=row.error,
                fingerprint=row.fingerprint,
                url=row.url,
                who=row.who,
                number=row.seq,
            )
            for row in rows
        ]

    def close(self, number: int) -> bool:
        """Note that a proposal was reviewed; False when none of this number waits."""
        waits = (proposal.c.seq == number) & proposal.c.closed_at.is_(None)
        with self._database.write() as connection:
            return connection.execute(update(proposal).where(waits).values(closed_at=Now())).rowcount == 1
