"""Figures for Prometheus: what came in, what came of it, what waits, and how long the rooms took."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from triagebot.records import LeftAlone, Outcome, Verdict
from triagebot.store import Figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)

REGISTRY = CollectorRegistry()
DELIVERIES = Counter(
    "triagebot_deliveries", "Deliveries by event and by what became of them.", ["event", "taken"], registry=REGISTRY
)
OUTCOMES = Counter(
    "triagebot_outcomes", "Reports brought up to date, by outcome and entry.", ["outcome", "entry"], registry=REGISTRY
)
FAILURES = Counter("triagebot_failures", "Runs that failed, by what became of them.", ["then"], registry=REGISTRY)
ROOMS = Histogram("triagebot_room_seconds", "Time in each room.", ["room"], registry=REGISTRY, buckets=_SECONDS)
RUNS = Histogram("triagebot_run_seconds", "Time from claim to done.", registry=REGISTRY, buckets=_SECONDS)
RATE_LEFT = Gauge("triagebot_github_rate_left", "Requests left in GitHub's current hour.", ["lane"], registry=REGISTRY)
_OPEN = Gauge("triagebot_inbox_open_deliveries", "Deliveries that are not finished.", registry=REGISTRY)
_DUE = Gauge("triagebot_inbox_due_reports", "Reports that are due and that nobody works on.", registry=REGISTRY)
_WORKING = Gauge("triagebot_inbox_working_reports", "Reports that are worked on.", registry=REGISTRY)
_OLDEST = Gauge("triagebot_inbox_oldest_due_seconds", "Age of the oldest report that is due.", registry=REGISTRY)
_DEAD = Gauge("triagebot_dead_letters", "Reports that were given up.", registry=REGISTRY)


_EVENTS = frozenset({"issues", "issue_comment", "ping", "installation", "installation_repositories", "label"})


def known(event: str) -> str:
    """Return an event's name, or `other`: names come from outside, and each makes a time series of its own."""
    return event if event in _EVENTS else "other"


def count_outcome(result: Verdict | LeftAlone) -> None:
    """Count what came of a report, once for each entry that was named."""
    if isinstance(result, LeftAlone):
        OUTCOMES.labels("left-alone", "").inc()
        return
    entries = [answer.diagnosis.entry.id for answer in result.answers] if result.outcome is not Outcome.SILENT else []
    for entry in entries or [""]:
        OUTCOMES.labels(result.outcome.value, entry).inc()


def note_room(room: str, seconds: float) -> None:
    """Note how long a room took."""
    ROOMS.labels(room).observe(seconds)


def show(figures: Figures) -> bytes:
    """Return everything in Prometheus' text format, with the inbox as it is now."""
    _OPEN.set(figures.open)
    _DUE.set(figures.due)
    _WORKING.set(figures.working)
    _OLDEST.set(figures.oldest)
    _DEAD.set(figures.dead)
    return generate_latest(REGISTRY)
