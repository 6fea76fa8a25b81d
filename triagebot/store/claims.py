"""Once-only claims for doors: of several replicas that hear the same message, one answers it."""

from __future__ import annotations

from secrets import token_hex

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from triagebot.store.columns import Now, insert_into
from triagebot.store.database import Database
from triagebot.store.tables import claim

LEASE_SECONDS = 60.0


class Claims:
    """Whoever claims a key first has it; others may have it when the lease ends before it was finished.

    `if claims.claim_once(key): answer(); claims.finish(key)`.  All methods raise StoreError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._token = token_hex(16)

    def claim_once(self, key: str, lease: float = LEASE_SECONDS) -> bool:
        """Claim a key (at most 200 characters) for `lease` seconds; False when another has it, or it is finished."""
        mine = {"lease_until": Now() + lease, "token": self._token, "at": Now()}
        with self._database.write() as connection:
            fresh = insert_into(connection, claim).values(key=key, **mine)
            over = and_(claim.c.finished_at.is_(None), claim.c.lease_until <= Now())
            taking = fresh.on_conflict_do_update(index_elements=["key"], set_=mine, where=over)
            return connection.execute(taking.returning(claim.c.key)).first() is not None

    def finish(self, key: str) -> bool:
        """Close a claim for good; False when it was taken over, because our lease had ended."""
        with self._database.write() as connection:
            return connection.execute(update(claim).where(self._ours(key)).values(finished_at=Now())).rowcount == 1

    def release(self, key: str) -> bool:
        """Give a claim back unfinished, for whoever comes next; False when it was not ours any more."""
        with self._database.write() as connection:
            return connection.execute(delete(claim).where(self._ours(key), claim.c.finished_at.is_(None))).rowcount == 1

    def abandoned(self) -> list[str]:
        """Return the keys whose lease ended before they were finished: somebody died in the middle."""
        over = and_(claim.c.finished_at.is_(None), claim.c.lease_until <= Now())
        with self._database.read() as connection:
            return list(connection.execute(select(claim.c.key).where(over).order_by(claim.c.at)).scalars())

    def latest(self, beginning: str) -> float:
        """Return when a key that begins so was last claimed, in seconds since 1970; 0 when none ever was."""
        asked = select(func.max(claim.c.at)).where(claim.c.key.startswith(beginning, autoescape=True))
        with self._database.read() as connection:
            return float(connection.execute(asked).scalar() or 0.0)

    def _ours(self, key: str) -> ColumnElement[bool]:
        return and_(claim.c.key == key, claim.c.token == self._token)
