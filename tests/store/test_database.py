"""Opening a database: migrations, refusals, and what goes away."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from tests.fakes.sql import Sql
from triagebot.errors import StoreError
from triagebot.records import Delivery
from triagebot.store import Store, Taken
from triagebot.store.database import Database
from triagebot.store.first import FIRST
from triagebot.store.migrations import STEPS
from triagebot.store.tables import METADATA

DELIVERY = Delivery(guid="a", event="issues", key="o/r#1", payload="{}")


def columns(url: str) -> dict[str, dict[str, bool]]:
    """Return what columns there are, and which may be empty."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    seen = inspect(engine)
    found = {name: {c["name"]: c["nullable"] for c in seen.get_columns(name)} for name in seen.get_table_names()}
    engine.dispose()
    return found


def test_the_migrations_lead_to_the_tables_that_the_program_knows(store: Store, url: str) -> None:
    """Step by step from nothing, the database gets every table and column of today, and no other."""
    known = {table.name: {c.name: bool(c.nullable) for c in table.columns} for table in METADATA.sorted_tables}
    assert columns(url) == known


def test_a_database_of_the_first_version_is_brought_forward(url: str, sql: Sql) -> None:
    """What an older program stored is there afterwards, and is worked on."""
    database = Database(url)
    with database.write() as connection:
        FIRST.create_all(connection)
    database.close()
    sql.do(
        "CREATE TABLE schema_version (number INTEGER PRIMARY KEY)",
        "INSERT INTO schema_version VALUES (1)",
        "INSERT INTO delivery (guid, key, event, payload, received_at) VALUES ('old', 'o/r#9', 'issues', '{}', 1)",
        "INSERT INTO mailbox VALUES ('o/r#9', 'ready', 1, 0, 0, '', '')",
    )
    store = Store(url)
    claim = store.inbox.claim(60)
    assert claim is not None
    assert [item.guid for item in claim.deliveries] == ["old"]
    assert store.inbox.done(claim)
    store.close()
    assert sql.rows("SELECT number FROM schema_version") == [(len(STEPS),)]


def test_many_processes_may_start_at_once(url: str, sql: Sql) -> None:
    """Only one of them migrates, the others wait for it."""
    with ThreadPoolExecutor(4) as starting:
        for store in starting.map(Store, [url] * 4):
            store.close()
    assert sql.rows("SELECT number FROM schema_version") == [(len(STEPS),)]


def test_opening_twice_keeps_everything(store: Store, url: str) -> None:
    """Migrations run once: what is there stays."""
    store.inbox.put(DELIVERY)
    again = Store(url)
    assert again.inbox.put(DELIVERY) is Taken.UNFINISHED
    again.close()


def test_a_database_of_a_newer_version_is_refused(store: Store, url: str, sql: Sql) -> None:
    """An older program does not touch the tables of a newer one."""
    store.close()
    sql.do("UPDATE schema_version SET number = 99")
    with pytest.raises(StoreError, match=f"is of version 99, this program knows {len(STEPS)}"):
        Store(url)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """A file of something else gives one message with its place."""
    (tmp_path / "x.db").write_text("not a database, but long enough to have a header of its own" * 20)
    with pytest.raises(StoreError, match=r"x\.db failed: file is not a database"):
        Store(f"sqlite:///{tmp_path}/x.db")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """One message, no traceback."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        Store(f"sqlite:///{tmp_path}/file/t.db")


@pytest.mark.parametrize("url", ["mysql://u:secret@h/d", "sqlite://", "sqlite:///:memory:", "nonsense", "postgres://h"])
def test_other_databases_are_refused_without_their_password(url: str) -> None:
    """The message says what may be written, and holds no password."""
    with pytest.raises(StoreError, match=r"sqlite:///path/to/file\.db or postgresql://") as refused:
        Store(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://u:sec@ret@127.0.0.1:1/d", "write %40 for it"),
        ("postgresql://u:sec@ret@127.0.0.1:1", "write %40 for it"),
        ("postgresql://u:sec/x@ret@127.0.0.1:1/", "write %40 for it"),
        ("sqlite:///x.db?mode=ro", "without ?mode="),
    ],
)
def test_slips_in_an_address_are_told_without_the_password(url: str, told: str) -> None:
    """Half a password would be taken for the host, and shown; options would be dropped silently."""
    with pytest.raises(StoreError, match=re.escape(told)) as refused:
        Store(url)
    assert "ret@" not in str(refused.value)


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    """A PostgreSQL that is not there gives one message with its place."""
    with pytest.raises(StoreError, match=r"postgresql\+psycopg://u:\*\*\*@127\.0\.0\.1:1/d failed") as refused:
        Store("postgresql://u:secret@127.0.0.1:1/d")
    assert "secret" not in str(refused.value)


def test_a_database_that_goes_away_is_told(store: Store, sql: Sql) -> None:
    """When the tables are gone, every verb says so as StoreError."""
    sql.do("DROP TABLE mailbox")
    with pytest.raises(StoreError, match=r"no such table|does not exist"):
        store.inbox.put(DELIVERY)
    with pytest.raises(StoreError, match=r"no such table|does not exist"):
        store.check()
