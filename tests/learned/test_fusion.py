"""Learning learns what is there, nothing where nothing is, and the same every time."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.making import FAQ
from triagebot.diagnose.fusion import predict
from triagebot.learned.fusion import Example, fit, fit_weights
from triagebot.pipeline import Triage
from triagebot.records import Level, Report
from triagebot.wiring import load_knowledge


def examples(count: int, seed: int = 7) -> list[Example]:
    """Return cases in which `exact` is always right and `question` right one time in five."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        exact = number % 2 == 0
        name = "exact" if exact else "question"
        features = {"belief": 0.5, name: 0.5, "rival": 0.0}
        made.append(Example(case=f"c{number}", features=features, right=exact or chance.random() < 0.2))
    return made


def test_a_planted_signal_is_found_and_calibrated() -> None:
    """What is always right gets a high probability, what is right one time in five a lower one."""
    learned = fit(examples(400))
    assert predict({"belief": 0.5, "exact": 0.5}, learned.weights) > 0.9
    assert predict({"belief": 0.5, "question": 0.5}, learned.weights) < 0.5
    assert learned.calibration_error < 0.08
    assert len(learned.held_back) == 400


def test_chance_teaches_nothing() -> None:
    """Where right and wrong are drawn by chance, every probability is near the share of right ones."""
    chance = random.Random(3)
    drawn = [Example(case=e.case, features=e.features, right=chance.random() < 0.5) for e in examples(600)]
    weights = fit(drawn).weights
    assert all(0.35 < predict(e.features, weights) < 0.65 for e in drawn)


def test_evidence_never_speaks_against_its_entry() -> None:
    """Even when the few cases say so; only a rival does."""
    upside_down = [Example(case=e.case, features={**e.features, "rival": 0.5}, right=not e.right) for e in examples(60)]
    weights = fit_weights(upside_down)
    assert all(weight >= 0 for name, weight in weights.items() if name not in {"bias", "rival"})
    assert weights["rival"] <= 0


def test_the_same_cases_teach_the_same() -> None:
    """No chance is involved."""
    assert fit_weights(examples(100)) == fit_weights(examples(100))


def test_one_sided_cases_are_refused() -> None:
    """Nothing can be told apart when everything is right."""
    with pytest.raises(ValueError, match="only right or only wrong"):
        fit([Example(case="a", features={"exact": 1.0}, right=True)])


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "triagebot", "train", "fusion", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_what_is_learned_is_used(tmp_path: Path) -> None:
    """The command writes a readable file, and the folder that holds it answers with its probabilities."""
    (tmp_path / "faq.yaml").write_text(FAQ, "utf-8")
    right, wrong = {"title": "No module named 'kettle._lid'"}, {"title": "How to keep the water warm after boiling?"}
    labelled: tuple[dict[str, object], ...] = (right | {"faq": ["lid-missing"]}, wrong | {"faq": []})
    lines = [json.dumps({"id": f"{n}{k}"} | case) for n in range(40) for k, case in enumerate(labelled)]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines), "utf-8")
    done = run(str(tmp_path / "cases.jsonl"), "--knowledge", str(tmp_path), "--out", str(tmp_path / "fusion.yaml"))
    (tmp_path / "cases.jsonl").unlink()
    assert done.returncode == 0, done.stderr
    assert [line.split("  ")[0] for line in done.stdout.splitlines()[-3:]] == [
        "beliefs", "learned, plain", "learned, held back",
    ]  # fmt: skip
    assert yaml.safe_load((tmp_path / "fusion.yaml").read_text("utf-8"))["cases"] == 80

    learned, built_in = (Triage(load_knowledge(str(path))) for path in (tmp_path, tmp_path / "faq.yaml"))
    sure, wary = (
        core.judge(Report(id="1", title=wrong["title"], body="")).assessment.diagnoses for core in (built_in, learned)
    )
    assert sum(diagnosis.probability for diagnosis in wary) < 0.5 < sure[0].probability
    answer = learned.judge(Report(id="1", title=right["title"], body="")).answers[0]
    assert (answer.level, answer.diagnosis.entry.id) == (Level.ACT, "lid-missing")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('{"id": 1}\n{broken', ":2: not valid JSON"),
        ("[]", ":1: not an object"),
        ('{"title": "dry", "faq": "lid-missing"}', ":1: `faq` is not a list of entries"),
        ('{"title": "dry", "also_ok": [5]}', ":1: `also_ok` is not a list of entries"),
        ('{"title": "nothing"}', "only right or only wrong"),
    ],
)
def test_bad_cases_get_one_clear_message(tmp_path: Path, lines: str, said: str) -> None:
    """File and line, no traceback, status 2."""
    (tmp_path / "cases.jsonl").write_text(lines, "utf-8")
    done = run(str(tmp_path / "cases.jsonl"))
    assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (2, True, 1), done.stderr
