"""The doors of labels: learn from a file, suggest for a file, and go on where a model is broken."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.learned.histories import history
from triagebot.__main__ import main
from triagebot.wiring import open_store


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


def test_what_people_did_with_labels_is_learned_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --feedback the bot's database is read: where people kept taking a label off, it is less likely."""
    issues = history(120, repo="o/r", pick=lambda n: ("bug", "feature")[n % 2])
    crying = [replace(i, id=str(900 + n), body=f"{i.body} splash") for n, i in enumerate(history(30, seed=40))]
    lines = [
        {"repo": "o/r", "number": int(i.id), "title": i.title, "body": i.body, "labels": [*i.labels]} for i in issues
    ]
    lines += [{"repo": "o/r", "number": int(i.id), "title": i.title, "body": i.body, "labels": []} for i in crying]
    (tmp_path / "h.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    monkeypatch.setenv("TRIAGEBOT_DATABASE_URL", f"sqlite:///{tmp_path}/t.db")
    store = open_store(f"sqlite:///{tmp_path}/t.db")
    for past in crying:
        store.memory.note_removed(f"o/r#{past.id}", "bug", "grace")
    store.close()
    chances = []
    for more in ((), ("--feedback",)):
        code, _, err = run("train", "labels", str(tmp_path / "h.jsonl"), "--out", str(tmp_path / "m.npz"), *more)
        assert code == 0, err
        ask = ("labels", "-", "--model", str(tmp_path / "m.npz"), "--json")
        _, out, _ = run(*ask, given="splash crash broken traceback")
        chances.append({label["name"]: label["probability"] for label in json.loads(out)["labels"]}["bug"])
    assert "people decided on labels of 30 of these issues" in err
    assert chances[1] < chances[0] - 0.1


NOTHING = "there is no label to learn"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("h.csv", "title,body\n" + "a,b\n" * 30, ["left out: 30 records: without any label", NOTHING]),
        ("h.csv", "title,body,labels\n" + "a,b,\n" * 30, ["left out: 30 records: without any label", NOTHING]),
        ("h.csv", "title,body,label\n" + "a,b,bug\n" * 30, [NOTHING]),
        ("h.csv", "title,body,label\n" + "a,b,bug\nc,d,wish\n", [NOTHING]),
        ("h.csv", "title,body,label,label\n" + "a,b,bug,x\n" * 30, ["names the column `label` twice"]),
        ("h.csv", "summary,text\n1,2\n", ["names no column `title` or `body`"]),
        ("h.json", '[{"title": "a"', ["h.json:1: not valid JSON (", "no issue to learn from"]),
        ("h.jsonl", "<html>", ["h.jsonl:1: not valid JSON", "no issue to learn from"]),
        ("h.jsonl.gz", "\x1f\x8b\x08", ["h.jsonl.gz: packed; unpack it first"]),
    ],
)
def test_a_history_that_teaches_nothing_is_an_error_that_says_why(
    name: str, content: str, told: list[str], tmp_path: Path
) -> None:
    """Exit code 2, one reason, and the model that was there before is left as it is."""
    (tmp_path / name).write_bytes(content.encode("latin-1"))
    (tmp_path / "m.npz").write_text("the former one")
    code, out, err = run("train", "labels", str(tmp_path / name), "--out", str(tmp_path / "m.npz"))
    assert code == 2, out
    assert all(part in err for part in told), err
    assert "Traceback" not in err
    assert (tmp_path / "m.npz").read_text() == "the former one"


def test_text_that_is_not_utf_8_is_told_and_read_as_well_as_it_can_be(folder: Path) -> None:
    """The place of the first such sign is named; UTF-16, as spreadsheets write it, is read without a word."""
    text = "title,body\ncaf\u00e9 crash,traceback fails broken\n"
    model = str(folder / "models" / "o__one.npz")
    for encoding, told in (("latin-1", "new.csv:2: not UTF-8 text"), ("utf-16", "")):
        (folder / "new.csv").write_bytes(text.encode(encoding))
        code, out, err = run("labels", "--batch", str(folder / "new.csv"), "--model", model)
        assert code == 0
        assert out.startswith("1: bug ")
        assert told in err
        assert bool(told) is bool(err)


def test_a_repository_that_teaches_nothing_gets_no_file(tmp_path: Path) -> None:
    """Beside others that do: it is told, counted right, and its report says why."""
    lines = [
        {"repo": i.repo, "title": i.title, "body": i.body, "labels": [*i.labels]} for i in history(60, repo="o/one")
    ]
    lines += [{"repo": "o/two", "title": str(n), "body": "x", "labels": ["bug"]} for n in range(3)]
    (tmp_path / "h.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    code, out, _ = run("train", "labels", str(tmp_path / "h.jsonl"), "--per-repo", "--out", str(tmp_path / "models"))
    assert code == 0
    assert "o/two: 3 issues, 0 labels\n  not learned: bug (rare: on 3 of 3 issues, 10 are needed)" in out
    assert [file.name for file in (tmp_path / "models").iterdir()] == ["o__one.npz"]
