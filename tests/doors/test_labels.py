"""The doors of labels: learn from a file, suggest for a file, and go on where a model is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.learned.histories import history
from triagebot.__main__ import main


def run(*arguments: str, given: str | None = None) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(main, list(arguments), input=given)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a history of two repositories and the models learned from it."""
    place = tmp_path_factory.mktemp("labels")
    issues = [*history(150, repo="o/one"), *history(150, repo="o/two", seed=6)]
    lines = [
        json.dumps({"repo": i.repo, "title": i.title, "body": i.body, "labels": [*i.labels], "created_at": i.created})
        for i in issues
    ]
    (place / "history.jsonl").write_text("\n".join([*lines, "{broken"]), "utf-8")
    code, out, err = run("train", "labels", str(place / "history.jsonl"), "--per-repo", "--out", str(place / "models"))
    assert code == 0, err
    assert "o/one: 150 issues, 3 labels" in out
    assert "calibration error (ECE)" in out
    assert "left out: 1 record: not valid JSON" in err
    return place


def test_every_label_of_every_report_is_told(folder: Path) -> None:
    """One JSON object a record, in order, each with all labels, probabilities, levels and reasons."""
    rows = 'repo,title,body\no/one,"crash, broken",traceback fails regression\no/two,how possible,why wondering\n'
    (folder / "new.csv").write_text(rows + "o/three,x,y\n", "utf-8")
    code, out, _ = run("labels", "--batch", str(folder / "new.csv"), "--model", str(folder / "models"), "--json")
    results = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [result["labels"][0]["name"] if result["labels"] else None for result in results] == [
        "bug",
        "question",
        None,
    ]
    assert sum(label["probability"] for label in results[0]["labels"]) == pytest.approx(1, abs=0.001)
    assert {"name", "probability", "level", "reasons"} == results[0]["labels"][0].keys()
    assert results[0]["labels"][0]["level"] == "suggest"
    assert any("crash" in word or "traceback" in word for word in results[0]["labels"][0]["reasons"])
    assert "no model for o/three" in results[2]["error"]


def test_one_report_in_plain_words(folder: Path) -> None:
    """A label that is said comes with what spoke for it; one that is not is named as the likeliest."""
    model = str(folder / "models" / "o__one.npz")
    _, sure, _ = run("labels", "-", "--model", model, "--title", "crash", given="traceback broken fails")
    assert sure.startswith("-: bug ")
    assert ", suggest, for " in sure
    _, unsure, _ = run("labels", "-", "--model", model, given="zzkq")
    assert unsure.startswith("-: nothing (likeliest: ")


def test_learned_labels_stand_in_the_result_of_triage(folder: Path) -> None:
    """Their source is `learned`, and what spoke for them is said."""
    arguments = ("triage", "-", "--json", "--label-model", str(folder / "models" / "o__one.npz"))
    _, out, err = run(*arguments, "--title", "crash", given="traceback broken fails regression")
    (label,) = [label for label in json.loads(out)["labels"] if label["source"] == "learned"]
    assert err == ""
    assert (label["name"], label["level"]) == ("bug", "suggest")
    assert label["reasons"]


def test_a_broken_model_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    """`triage` answers without it; `labels`, which has nothing else to give, ends with the same message."""
    path = tmp_path / "m.npz"
    path.write_bytes(b"PK nothing")
    code, out, err = run("triage", "-", "--json", "--label-model", str(path), given="No module named 'mmcv._ext'")
    assert (code, json.loads(out)["outcome"]) == (0, "answer")
    assert "m.npz: not a label model" in err
    assert "Going on without learned labels" in err
    code, _, err = run("labels", "-", "--model", str(path), given="x")
    assert (code, "m.npz: not a label model" in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("train", "labels", "gone.jsonl", "--out", "m.npz"), "gone.jsonl: cannot be read"),
        (("train", "labels", "{empty}", "--out", "m.npz"), "there is no issue to learn from"),
        (("train", "labels", "{empty}", "--out", "m.npz", "--precision", "1.5"), "a precision of 1.5"),
        (("train", "labels", "o/r", "--out", "m.npz"), "TRIAGEBOT_GITHUB_TOKEN is not set"),
        (("labels", "--model", "gone.npz"), "name a FILE"),
        (("labels", "x", "--model", "gone.npz"), "gone.npz: cannot be read"),
        (("labels", "x", "--model", "{folder}"), "there is no label model"),
    ],
)
def test_mistakes_are_told_with_a_remedy(
    arguments: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One message, exit code 2, no traceback."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRIAGEBOT_GITHUB_TOKEN", raising=False)
    (tmp_path / "empty").write_text("")
    places = {"{empty}": str(tmp_path / "empty"), "{folder}": str(tmp_path)}
    code, _, err = run(*(places.get(argument, argument) for argument in arguments))
    assert code == 2
    assert told in err
    assert "Traceback" not in err
