"""A FAQ of one language, with plain texts and required keys only, works as well as the full one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.making import SHIPPED
from tests.test_other_projects import CASES
from triagebot.pipeline import Triage
from triagebot.proof.evaluate import score, summarise
from triagebot.records import Report
from triagebot.wiring import load_knowledge

_REQUIRED = ("id", "title", "signatures", "questions", "fix")


def plain(texts: Any, language: str) -> Any:
    """Return a text by language as a plain one."""
    return texts.get(language, next(iter(texts.values()))) if isinstance(texts, dict) else texts


def reduced(faq: Path, language: str) -> str:
    """Return a FAQ with nothing but what is required: no conditions, vetoes, examples, topics or second language."""
    entries = []
    for full in yaml.safe_load(faq.read_text("utf-8"))["entries"]:
        entry = {key: plain(full[key], language) for key in _REQUIRED if key in full}
        last = entry["fix"][-1] if isinstance(entry["fix"], list) else entry["fix"]
        entry["fix"] = plain(last, language)
        entries.append(entry)
    return yaml.safe_dump({"entries": entries}, allow_unicode=True)


def figures(faq: Path, cases: list[dict[str, Any]]) -> dict[str, Any]:
    core = Triage(load_knowledge(str(faq)))
    return summarise([score(c, core.judge(Report(id=c["id"], title=c["title"], body=c["body"]))) for c in cases])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_shipped_faq_reduced_answers_as_well(language: str, tmp_path: Path) -> None:
    """Reports in the one language that is left are answered like with the full FAQ, and so are nearly all others."""
    bare = tmp_path / "faq.yaml"
    bare.write_text(reduced(SHIPPED / "faq.yaml", language), "utf-8")
    read = [json.loads(line) for line in (CASES / "mmdetection-dev.jsonl").read_text("utf-8").splitlines()]
    own = [case for case in read if case["lang"] == language]
    full, less = figures(SHIPPED / "faq.yaml", own), figures(bare, own)
    assert less["coverage"]["rate"] >= full["coverage"]["rate"] - 0.03
    assert less["precision"]["rate"] >= 0.97
    assert less["false_answers"]["rate"] <= 0.03
    assert figures(bare, read)["coverage"]["rate"] >= 0.85


def test_another_faq_reduced_still_knows_its_examples(tmp_path: Path) -> None:
    """The example FAQ of a web framework without its examples gets every one of them right."""
    faq = SHIPPED / "examples" / "django" / "faq.yaml"
    bare = tmp_path / "faq.yaml"
    bare.write_text(reduced(faq, "en"), "utf-8")
    cases = [
        {"id": f"{entry['id']}-{number}", "title": "", "body": text, "faq": [entry["id"]], "kind": "positive"}
        for entry in yaml.safe_load(faq.read_text("utf-8"))["entries"]
        for number, text in enumerate(entry["examples"])
    ]
    found = figures(bare, cases)
    assert found["precision"]["rate"] == 1
    assert found["among_three"]["rate"] == 1
    assert found["coverage"]["rate"] >= 0.9
