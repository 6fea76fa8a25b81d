"""What a large FAQ costs: loading, memory and time per report with 100, 1,000 and 10,000 generated entries."""

from __future__ import annotations

import random
import resource
import time

from triagebot.knowledge import read_knowledge
from triagebot.pipeline import Triage
from triagebot.records import Report
from triagebot.wiring import SHIPPED, read_folder

_SEED = 1
_SIZES = (100, 1_000, 10_000)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def print_sizes(reports: list[Report]) -> None:
    """Print a line for each size."""
    print(f"\n{'generated entries':28}{'load s':>10}{'ms p50':>10}{'ms p99':>8}{'MB':>9}")
    shipped = read_folder(SHIPPED)
    for size in _SIZES:
        text = _faq(size)
        started = time.perf_counter()
        core = Triage(read_knowledge({"faq.yaml": text}, shipped))
        loaded = time.perf_counter() - started
        times = sorted(_time(core, report) for report in reports)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{size:<28,}{loaded:10.2f}{times[len(times) // 2] * 1000:10.2f}"
            f"{times[len(times) * 99 // 100] * 1000:8.2f}{memory:9.0f}"
        )


def _time(core: Triage, report: Report) -> float:
    started = time.perf_counter()
    core.judge(report)
    return time.perf_counter() - started


def _faq(size: int) -> str:
    chance = random.Random(_SEED)
    words = ["".join(chance.choices(_LETTERS, k=chance.randint(4, 9))) for _ in range(5_000)]

    def some(count: int) -> str:
        return " ".join(chance.choices(words, k=count))

    return "entries:\n" + "".join(
        f"  - id: e{number}\n    title: {some(6)}\n"
        f"    signatures: ['{some(5)}', '{some(4)} error {number}', {{regex: '{some(2)} \\d+ {some(2)}'}}]\n"
        f"    questions: [how to {some(5)}, why does {some(4)}]\n    fix: {some(12)}\n"
        for number in range(size)
    )
