"""Thirty reports and the replies to them, as a maintainer would sign them.

A report is `issues/NAME.md`, its first line the title.  What is read out of it and decided stands in `NAME.json`, the
reply in `NAME.reply.md`, without the part that explains itself (its probabilities are learned).  After a change that
is meant, `python tests/test_issues.py` writes them anew: read what changed before you commit it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from triagebot.pipeline import Triage
from triagebot.records import Report
from triagebot.wiring import load_knowledge

FOLDER = Path(__file__).parent / "issues"
NAMES = sorted(path.stem for path in FOLDER.glob("*.md") if not path.stem.endswith(".reply"))
_WHY = re.compile(r"<details>.*?</details>\n*", re.DOTALL)


def judged(name: str) -> tuple[dict[str, Any], str]:
    """Return what is told of a report and the reply to it."""
    title, _, body = (FOLDER / f"{name}.md").read_text("utf-8").partition("\n")
    core = Triage(load_knowledge(None))
    verdict = core.judge(Report(id="open-mmlab/mmdetection#1", title=title.removeprefix("# "), body=body.lstrip("\n")))
    told = {
        "outcome": verdict.outcome,
        "answers": [[answer.diagnosis.entry.id, answer.level] for answer in verdict.answers],
        "environment": [f"{fact.name} {fact.value}" for fact in verdict.assessment.case.environment],
        "findings": [finding.rule.id for finding in verdict.assessment.findings],
        "missing": [item.field.id for item in verdict.missing],
    }
    return told, _WHY.sub("", core.answer(verdict)[0].text)


def test_there_are_enough_in_both_languages() -> None:
    """At least 25, a third of them Chinese."""
    assert len(NAMES) >= 25
    assert sum(name.startswith("zh") for name in NAMES) >= len(NAMES) // 3


@pytest.mark.parametrize("name", NAMES)
def test_a_report_gets_the_reply_that_was_signed(name: str) -> None:
    """What was read, what was decided, and every word of the reply."""
    told, reply = judged(name)
    assert told == json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    assert reply == (FOLDER / f"{name}.reply.md").read_text("utf-8").removesuffix("\n")


def write() -> None:
    """Write what the bot says today."""
    for name in NAMES:
        told, reply = judged(name)
        (FOLDER / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
        (FOLDER / f"{name}.reply.md").write_text(reply + "\n", "utf-8")


if __name__ == "__main__":
    write()
