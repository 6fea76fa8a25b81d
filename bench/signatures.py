"""How errors are read out of mangled texts, beside boltons' ParsedException and a plain regex on the same bodies."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from boltons.tbutils import ParsedException

from tests.raised.containers import CONTAINERS
from tests.raised.python_outputs import Raised, python_outputs
from tests.raised.quiet import QUIET
from tests.raised.scoring import right
from triagebot.pipeline import Triage
from triagebot.records import Report

_HEADER = "Traceback (most recent call last)"
_PLAIN = re.compile(r"(?m)^(\w+Error): (.*)$")
_LONG = 65_536
_STEP = 3  # every output through every third container: 7,000 bodies
Found = list[tuple[str, str]]
Read = Callable[[str], Found]


def print_signatures(core: Triage) -> None:
    """Print recall, precision, answers where nothing failed, and microseconds for each way of reading."""
    with TemporaryDirectory() as folder:
        outputs = python_outputs(Path(folder))
    rows = [(put, outputs[row % _STEP :: _STEP]) for row, put in enumerate(CONTAINERS.values())]
    bodies = [(raised, put(raised.text)) for put, some in rows for raised in some]
    quiet = [put(text) for put in CONTAINERS.values() for text in QUIET.values()]
    ways: dict[str, Read] = {"triagebot": _ours(core), "boltons ParsedException": _boltons, "^\\w+Error: alone": _regex}
    head = f"{'errors raised, in containers':28}{'recall':>10}{'precision':>10}{'false':>8}{'us p50':>9}{'us p95':>9}"
    print(f"\n{head}")
    print(
        f"({len(bodies)} bodies: {len(outputs)} outputs in {len(CONTAINERS)} containers; {len(quiet)} without an error)"
    )
    for name, read in ways.items():
        _print_row(name, read, bodies, quiet)
    _print_sizes(core, outputs)


def _print_row(name: str, read: Read, bodies: list[tuple[Raised, str]], quiet: list[str]) -> None:
    hits, answers, times = 0, 0, list[float]()
    for raised, body in bodies:
        started = time.process_time()
        found = read(body)
        times.append(time.process_time() - started)
        answers += bool(found and found[0][0])
        hits += right(found, raised.type, raised.message)
    false = sum(bool(read(body)) for body in quiet)
    times.sort()
    p50, p95 = (times[len(times) * share // 100] * 1e6 for share in (50, 95))
    print(f"{name:28}{hits / len(bodies):10.3f}{hits / max(1, answers):10.3f}{false:8}{p50:9.0f}{p95:9.0f}")


def _print_sizes(core: Triage, outputs: list[Raised]) -> None:
    """Print what a body at GitHub's limit costs, and how four times the hostile text costs."""
    log = "".join(raised.text for raised in outputs)
    body = (log * (1 + _LONG // len(log)))[:_LONG]
    print(f"reading 65,536 characters of tracebacks: {_seconds(core, body) * 1000:.0f} ms")
    for piece in ("[", " ", "at ", 'File "', "`", "> ", "E   x\n", "1 a\n"):
        few, many = piece * (25_000 // len(piece)), piece * (100_000 // len(piece))
        growth = _seconds(core, many) / _seconds(core, few)
        print(f"  {piece!r:12} 100,000 characters {_seconds(core, many) * 1000:6.0f} ms, {growth:.1f} times 25,000")


def _seconds(core: Triage, body: str) -> float:
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        core.read(Report(id="x", title="", body=body))
        best = min(best, time.process_time() - started)
    return best


def _ours(core: Triage) -> Read:
    return lambda body: [(s.type, s.message) for s in core.read(Report(id="x", title="", body=body)).signatures]


def _boltons(body: str) -> Found:
    """The last traceback from its header to its end; the whole text as it is has almost never just one."""
    start = body.rfind(_HEADER)
    if start < 0:
        return []
    try:
        parsed = ParsedException.from_string(body[start:].partition("\n\n")[0])
    except (ValueError, IndexError):
        return []
    return [(parsed.exc_type, parsed.exc_msg)]


def _regex(body: str) -> Found:
    return [(found[1], found[2]) for found in _PLAIN.finditer(body)][-1:]
