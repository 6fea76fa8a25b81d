"""FAQs of other projects without regexes, examples or a second language answer their users' reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.peers import rates_of
from triagebot.pipeline import Triage
from triagebot.proof.evaluate import Scored, score, summarise
from triagebot.records import Report
from triagebot.wiring import load_knowledge

CASES = Path(__file__).parent / "cases"
OTHERS = sorted(folder.name for folder in (CASES / "others").iterdir())


def figures(faq: Path | None, cases: Path) -> dict[str, Any]:
    return summarise(scores(faq, cases))


def scores(faq: Path | None, cases: Path) -> list[Scored]:
    core = Triage(load_knowledge(str(faq) if faq else None))
    read = [json.loads(line) for line in cases.read_text("utf-8").splitlines()]
    reports = [Report(id=case["id"], title=case["title"], body=case["body"]) for case in read]
    return [score(case, core.judge(report)) for case, report in zip(read, reports, strict=True)]


@pytest.mark.parametrize("name", OTHERS)
def test_a_bare_faq_answers_and_never_wrongly(name: str) -> None:
    """Most reports get their entry, half of them without an error line; what is something else gets no answer."""
    folder = CASES / "others" / name
    found = figures(folder / "faq.yaml", folder / "cases.jsonl")
    assert found["false_answers"]["hits"] == 0
    assert found["precision"]["rate"] >= 0.97
    assert found["coverage"]["rate"] >= 0.75
    assert found["among_three"]["rate"] >= 0.87


def test_what_is_promised_holds_over_eleven_other_faqs() -> None:
    """Over the invented reports of all of them; those of real users of other projects ask for more, see below."""
    folders = [CASES / "others" / name for name in OTHERS]
    found = summarise([one for folder in folders for one in scores(folder / "faq.yaml", folder / "cases.jsonl")])
    assert found["precision"]["rate"] >= 0.985
    assert found["coverage"]["rate"] >= 0.88
    assert found["among_three"]["rate"] >= 0.97
    assert found["false_answers"]["rate"] <= 0.015
    assert found["negatives_with_suggestion"]["rate"] <= 0.35
    assert found["calibration_error"] < 0.05


@pytest.mark.parametrize(
    "name",
    ["mmdetection-invented", *(f"mmdetection-invented-{number}" for number in (3, 4, 5, 6))],
)
def test_reports_nobody_wrote_the_faq_for(name: str) -> None:
    """Invented reports in all kinds of mess, half of them without an error line, and near misses."""
    found = figures(None, CASES / f"{name}.jsonl")
    assert found["precision"]["rate"] >= 0.97
    assert found["coverage"]["rate"] >= 0.85
    assert found["false_answers"]["rate"] <= 0.02


@pytest.mark.parametrize("file", sorted(CASES.rglob("*.jsonl")), ids=lambda file: str(file.relative_to(CASES)))
def test_other_ways_are_scored_on_every_set(file: Path) -> None:
    """`make bench` sets other ways beside ours on all cases: one that never answers, and one that is always wrong."""
    cases = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert rates_of(lambda _: None, cases) == [0, 0, 0]
    assert rates_of(lambda _: "no-entry", cases)[::2] == [0, 1]


@pytest.mark.parametrize(("name", "off"), [("mmdetection", 0.05), ("mmdetection-2", 0.08)])
def test_real_reports_meet_what_is_promised(name: str, off: float) -> None:
    """Real reports of many repositories beside the development cases, wherever they come from.

    The second lot was gathered after all was fixed; of so few a perfect scale would be off by 0.045.
    """
    found = figures(None, CASES / "real" / f"{name}.jsonl")
    assert found["precision"]["rate"] >= 0.985
    assert found["coverage"]["rate"] >= 0.88
    assert found["among_three"]["rate"] >= 0.97
    assert found["false_answers"]["hits"] <= 2
    assert found["negatives_with_suggestion"]["rate"] <= 0.18
    assert found["calibration_error"] < off


@pytest.mark.parametrize(("name", "covered"), [("celery", 0.69), ("prisma", 0.8)])
def test_real_reports_of_other_projects(name: str, covered: float) -> None:
    """A FAQ written in half an hour answers real reports; the one wrong answer is to who says what the FAQ lists."""
    folder = CASES / "real" / name
    found = figures(folder / "faq.yaml", folder / "cases.jsonl")
    assert found["precision"]["rate"] >= 0.95
    assert found["coverage"]["rate"] >= covered
    assert found["false_answers"]["hits"] <= 1


FOURTEEN = sorted(file.parent for file in CASES.glob("real/*/unseen.jsonl"))
# FAQs made of the page of common problems that the project's maintainers publish.
PAGES = {"detectron2", "ncnn", "puppeteer", "sharp", "sqlalchemy", "vllm"}
SIX = [folder for folder in FOURTEEN if folder.name in PAGES]
EIGHT = [folder for folder in FOURTEEN if folder.name not in PAGES]


@pytest.mark.parametrize(
    ("folders", "right", "covered", "among_three", "false"),
    [(EIGHT, 0.94, 0.58, 0.83, 0.034), (SIX, 0.96, 0.66, 0.86, 0.02)],
    ids=["eight", "six"],
)
def test_real_reports_of_fourteen_more_projects(
    folders: list[Path], right: float, covered: float, among_three: float, false: float
) -> None:
    """FAQs of a dozen entries, frozen before anybody looked for reports; many positives show no listed line."""
    sets = [(folder / "faq.yaml", folder / name) for folder in folders for name in ("cases.jsonl", "unseen.jsonl")]
    found = summarise([one for faq, cases in sets for one in scores(faq, cases)])
    assert found["precision"]["rate"] >= right
    assert found["coverage"]["rate"] >= covered
    assert found["among_three"]["rate"] >= among_three
    assert found["false_answers"]["rate"] <= false


def test_an_evening_of_upkeep_of_a_page_helps_a_little() -> None:
    """Where the FAQ began with ten questions an entry, there is less to gain."""
    before, after = (
        summarise([one for folder in SIX for one in scores(folder / faq, folder / "unseen.jsonl")])
        for faq in ("faq.yaml", "upkept.yaml")
    )
    assert after["coverage"]["rate"] >= before["coverage"]["rate"] + 0.04
    assert after["precision"]["rate"] >= 0.96
    assert after["false_answers"]["rate"] <= 0.025
    assert after["calibration_error"] < 0.07


def test_an_evening_of_upkeep_helps_with_reports_its_writer_never_saw() -> None:
    """Who read what became of half the reports, and added questions, is answered more of the other half."""
    before, after = (
        summarise([one for folder in EIGHT for one in scores(folder / faq, folder / "unseen.jsonl")])
        for faq in ("faq.yaml", "upkept.yaml")
    )
    assert after["coverage"]["rate"] >= before["coverage"]["rate"] + 0.07
    assert after["among_three"]["rate"] >= before["among_three"]["rate"] + 0.05
    assert after["precision"]["rate"] >= before["precision"]["rate"]
    assert after["false_answers"]["rate"] <= before["false_answers"]["rate"]


def test_a_year_of_upkeep_brings_the_right_entry_among_three() -> None:
    """Who has read hundreds of reports lists more lines and ways to ask, and answers more as well."""
    fresh = sorted(CASES.glob("real/*/fresh.jsonl"))
    page, evening, year = (
        summarise([one for file in fresh for one in scores(file.with_name(faq), file)])
        for faq in ("faq.yaml", "upkept.yaml", "kept")
    )
    assert page["coverage"]["rate"] + 0.14 <= year["coverage"]["rate"]
    assert page["coverage"]["rate"] < evening["coverage"]["rate"] < year["coverage"]["rate"]
    assert year["among_three"]["rate"] >= 0.95
    assert year["precision"]["rate"] >= 0.95
    assert year["false_answers"]["rate"] <= 0.05
