"""The tables, in one dialect-neutral description.  Times are seconds since 1970 on the database's clock."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()

version = Table("schema_version", METADATA, Column("number", Integer, primary_key=True, autoincrement=False))

# Every delivery once; `done_at` is empty until the report it is about was brought up to date.
delivery = Table(
    "delivery",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("guid", String(100), nullable=False, unique=True),
    Column("key", String(300), nullable=False),
    Column("event", String(100), nullable=False),
    Column("payload", Text, nullable=False),
    Column("received_at", Double, nullable=False),
    Column("done_at", Double),
    Index("delivery_open", "key", "done_at"),
)

# One row a report: holding its lease is holding the report.
mailbox = Table(
    "mailbox",
    METADATA,
    Column("key", String(300), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("run_at", Double, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Double, nullable=False),
    Column("lease_token", String(40), nullable=False),
    Column("last_error", Text, nullable=False),
    Index("mailbox_due", "state", "run_at"),
)

# What was done outside, by the action's key; `turn` orders them.
receipt = Table(
    "receipt",
    METADATA,
    Column("key", String(400), primary_key=True),
    Column("turn", Integer, nullable=False, unique=True),
    Column("target", String(300), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("value", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("result", String(100), nullable=False),
    Column("at", Double, nullable=False),
)

# Who put a label where, and who took it off.
label = Table(
    "label",
    METADATA,
    Column("target", String(300), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("at", Double, nullable=False),
)

# The latest verdict on a report, with the chain that led to it.
verdict = Table(
    "verdict",
    METADATA,
    Column("target", String(300), primary_key=True),
    Column("chain", Text, nullable=False),
    Column("at", Double, nullable=False),
)
