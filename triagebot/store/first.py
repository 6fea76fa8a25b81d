"""The tables of version 1 as they were: the ground that all later steps of `migrations.py` build on.  Never edited."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Integer, MetaData, String, Table, Text

FIRST = MetaData()

Table(
    "delivery",
    FIRST,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("guid", String(100), nullable=False, unique=True),
    Column("key", String(300), nullable=False),
    Column("event", String(100), nullable=False),
    Column("payload", Text, nullable=False),
    Column("received_at", Double, nullable=False),
    Column("done_at", Double),
    Index("delivery_open", "key", "done_at"),
)

Table(
    "mailbox",
    FIRST,
    Column("key", String(300), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("run_at", Double, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Double, nullable=False),
    Column("lease_token", String(40), nullable=False),
    Column("last_error", Text, nullable=False),
    Index("mailbox_due", "state", "run_at"),
)

Table(
    "receipt",
    FIRST,
    Column("key", String(400), primary_key=True),
    Column("turn", Integer, nullable=False, unique=True),
    Column("target", String(300), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("value", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("result", String(100), nullable=False),
    Column("at", Double, nullable=False),
)

Table(
    "label",
    FIRST,
    Column("target", String(300), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("at", Double, nullable=False),
)

Table(
    "verdict",
    FIRST,
    Column("target", String(300), primary_key=True),
    Column("chain", Text, nullable=False),
    Column("at", Double, nullable=False),
)
