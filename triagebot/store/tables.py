"""The tables, in one dialect-neutral description.  Times are seconds since 1970 on the database's clock."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, Integer, MetaData, String, Table, Text, text

from triagebot.store.columns import AnyText, Name

METADATA = MetaData()
_COUNTED = BigInteger().with_variant(Integer, "sqlite")
_KEY = Name(300)

version = Table("schema_version", METADATA, Column("number", Integer, primary_key=True, autoincrement=False))

# Every delivery once; `done_at` is empty until the report it is about was brought up to date, then `payload` is.
delivery = Table(
    "delivery",
    METADATA,
    Column("seq", _COUNTED, primary_key=True, autoincrement=True),
    Column("guid", Name(200), nullable=False, unique=True),
    Column("key", _KEY, nullable=False),
    Column("event", Name(100), nullable=False),
    Column("payload", Text, nullable=False),
    Column("received_at", Double, nullable=False),
    Column("done_at", Double),
    Index(
        "delivery_open", "key", "seq", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")
    ),
    Index("delivery_done", "done_at"),
)

# One row a report: holding its lease is holding the report.  `run_at` follows the deliveries (quiet time, longest
# wait from `first_at`), `not_before` follows failures; the report is due when both are over.
mailbox = Table(
    "mailbox",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("state", String(10), nullable=False),
    Column("first_at", Double, nullable=False, server_default="0"),
    Column("run_at", Double, nullable=False),
    Column("not_before", Double, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Double, nullable=False),
    Column("lease_token", String(40), nullable=False),
    Column("last_error", AnyText, nullable=False),
    Column("changed_at", Double, nullable=False, server_default="0"),
    Index("mailbox_due", "state", "run_at"),
)

# What was done outside, by the action's key; `turn` orders those of one report.
receipt = Table(
    "receipt",
    METADATA,
    Column("key", Name(400), primary_key=True),
    Column("turn", _COUNTED, nullable=False, index=True),
    Column("target", _KEY, nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("value", AnyText, nullable=False),
    Column("state", String(20), nullable=False),
    Column("result", AnyText, nullable=False),
    Column("at", Double, nullable=False),
)

# Who put a label where, and who took it off; empty where nobody told us.
label = Table(
    "label",
    METADATA,
    Column("target", _KEY, primary_key=True),
    Column("name", Name(200), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("put_by", Name(200), nullable=False, server_default=""),
    Column("removed_by", Name(200), nullable=False, server_default=""),
    Column("at", Double, nullable=False),
)

# The latest verdict on a report, with the chain that led to it.
verdict = Table(
    "verdict",
    METADATA,
    Column("target", _KEY, primary_key=True),
    Column("chain", Text, nullable=False),
    Column("at", Double, nullable=False),
)

# Which reports hold which error, by its fingerprint.
fingerprint = Table(
    "fingerprint",
    METADATA,
    Column("fingerprint", String(64), primary_key=True),
    Column("target", _KEY, primary_key=True),
    Column("at", Double, nullable=False),
    Index("fingerprint_target", "target"),
)

# What people said of an answer; one person says one thing once.
feedback = Table(
    "feedback",
    METADATA,
    Column("seq", _COUNTED, primary_key=True, autoincrement=True),
    Column("report", _KEY, nullable=False),
    Column("entry", Name(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("who", Name(200), nullable=False),
    Column("source", Name(20), nullable=False),
    Column("at", Double, nullable=False),
    Index("feedback_once", "report", "entry", "kind", "who", "source", unique=True),
    Index("feedback_entry", "entry"),
)

# What one of several replicas took on; `finished_at` is empty until it is over and done with.
claim = Table(
    "claim",
    METADATA,
    Column("key", Name(200), primary_key=True),
    Column("lease_until", Double, nullable=False),
    Column("token", String(40), nullable=False),
    Column("finished_at", Double),
    Column("at", Double, nullable=False),
)

# When the next write to one place (an installation, a token) may go out.
lane = Table(
    "lane",
    METADATA,
    Column("name", Name(200), primary_key=True),
    Column("free_at", Double, nullable=False),
    Column("held_until", Double, nullable=False),
    Column("hour_from", Double, nullable=False),
    Column("written", Integer, nullable=False),
)

# How far the sweep has seen a place: `first_at` is when we first heard of it, `seen_at` the newest change known.
sweep = Table(
    "sweep",
    METADATA,
    Column("scope", _KEY, primary_key=True),
    Column("first_at", Double, nullable=False),
    Column("seen_at", Double, nullable=False),
)

# Texts that maintainers found worth an entry of the FAQ; `closed_at` is empty until somebody has looked.
proposal = Table(
    "proposal",
    METADATA,
    Column("seq", _COUNTED, primary_key=True, autoincrement=True),
    Column("report", _KEY, nullable=False, unique=True),
    Column("text", AnyText, nullable=False),
    Column("error", AnyText, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("url", AnyText, nullable=False),
    Column("who", Name(200), nullable=False),
    Column("at", Double, nullable=False),
    Column("closed_at", Double),
)
