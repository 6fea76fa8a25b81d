"""How the core does on what nobody wrote the FAQ for: invented and real reports, and bare FAQs of other projects."""

from __future__ import annotations

import json
from pathlib import Path

from bench.peers import PEERS, rates_of
from triagebot.pipeline import Triage
from triagebot.proof.evaluate import score, summarise
from triagebot.records import Report
from triagebot.wiring import load_knowledge

_CASES = Path(__file__).parent.parent / "tests" / "cases"


def print_others() -> None:
    """Print a line for each set of cases, and the peers' figures below it."""
    head = f"{'precision':>10}{'coverage':>10}{'false':>8}{'of three':>10}{'calibr.':>9}{'chance':>8}"
    print(f"\n{'other cases':28}{head}")
    for file in sorted(_CASES.glob("mmdetection-invented*.jsonl")):
        _print_set(file.stem, None, file)
    _print_set("mmdetection, real", None, _CASES / "real" / "mmdetection.jsonl")
    for faq in sorted(_CASES.glob("*/*/faq.yaml")):
        _print_set(f"{faq.parent.name}, {faq.parent.parent.name}", str(faq), faq.with_name("cases.jsonl"))


def _print_set(name: str, faq: str | None, file: Path) -> None:
    cases = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    core = Triage(load_knowledge(faq))
    reports = [Report(id=case["id"], title=case["title"], body=case["body"]) for case in cases]
    figures = summarise([score(c, core.judge(r)) for c, r in zip(cases, reports, strict=True)])
    rates = [figures[key]["rate"] for key in ("precision", "coverage", "false_answers", "among_three")]
    calibration = f"{figures['calibration_error']:9.3f}{figures['calibration_by_chance']:8.3f}"
    print(f"{name:28}{rates[0]:10.3f}{rates[1]:10.3f}{rates[2]:8.3f}{rates[3]:10.3f}{calibration}")
    for peer, build in PEERS.items():
        rates = rates_of(build(core.knowledge), cases)
        print(f"{'  ' + peer:28}{rates[0]:10.3f}{rates[1]:10.3f}{rates[2]:8.3f}")
