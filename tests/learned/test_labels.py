"""Labels are learned where there is something to learn, and said only where that was proven."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.learned.histories import SIGNALS, history, issue, undated
from triagebot.diagnose.labels.features import bag, look_at, spell
from triagebot.diagnose.labels.hashing import runs
from triagebot.diagnose.labels.model import LabelModel
from triagebot.diagnose.labels.titles import spellings, untagged
from triagebot.errors import ModelError
from triagebot.learned.labels.calibrate import at_least, calibration_error, find_cut
from triagebot.learned.labels.examples import in_order
from triagebot.learned.labels.file import read_model, write_model
from triagebot.learned.labels.history import Past
from triagebot.learned.labels.learn import Aim, learn


def taught(issues: Sequence[Past], aim: Aim | None = None) -> LabelModel:
    """Return the one model of a history."""
    (model,) = learn(issues, aim or Aim()).values()
    return model


def right(model: LabelModel, issues: Sequence[Past]) -> float:
    """Return the share of issues whose likeliest label is theirs."""
    return sum(model.score(i.title, i.body)[0].name in i.labels for i in issues) / len(issues)


@pytest.fixture(scope="module")
def model() -> LabelModel:
    """Return a model of 240 issues with a planted signal."""
    return taught(history(240))


def test_a_planted_signal_is_found_and_said_with_the_words_that_show_it(model: LabelModel) -> None:
    """Issues never seen get their label, on a level that was proven, for the planted words."""
    unseen = history(90, seed=77)
    assert right(model, unseen) > 0.95
    said = [(model.score(i.title, i.body)[0], i) for i in unseen]
    sure = [(score, i) for score, i in said if score.level != "silent"]
    assert len(sure) > 45
    assert sum(score.name in i.labels for score, i in sure) / len(sure) >= 0.9
    shown = " ".join(word for score, i in sure for word in score.reasons if score.name == "bug")
    assert any(word in shown for word in SIGNALS["bug"])


def test_where_nothing_is_to_be_learned_nothing_is_said() -> None:
    """Labels drawn by chance teach nothing: likeliest labels are as good as dice, and every label stays silent."""
    model = taught(history(240, plant=False))
    assert right(model, history(150, plant=False, seed=8)) < 0.5
    assert all(cut.suggest is None and cut.act is None for cut in model.cuts)
    assert {s.level for i in history(30, seed=9) for s in model.score(i.title, i.body)} == {"silent"}


@pytest.mark.parametrize("tag", ["[{}] ", "{}: ", "({}) ", "[{}][ui] "])
def test_a_label_written_into_the_title_after_filing_teaches_nothing(tag: str) -> None:
    """Names of labels before a title are not seen, neither in training nor when scoring."""
    plain = history(120, plant=False)
    tagged = [replace(i, title=tag.format(*i.labels) + i.title) for i in plain]
    known = spellings([*SIGNALS, "ui"])
    seen = [look_at(i.title, i.body, known).features["title"].tolist() for i in (plain[0], tagged[0])]
    assert seen[0] == seen[1]
    unseen = history(90, plant=False, seed=8)
    assert right(taught(tagged), [replace(i, title=tag.format(*i.labels) + i.title) for i in unseen]) < 0.5


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("[Bug] It leaks", "It leaks"),
        ("bug: it leaks", "it leaks"),
        ("It leaks (bug)", "It leaks"),
        ("It leaks - bug", "It leaks"),
        ("[🐛] bug: It leaks", "It leaks"),
        ("debug: it leaks", "debug: it leaks"),
        ("A bug in the lid", "A bug in the lid"),
        ("[a, b] leaks", "leaks"),
        ("", ""),
        ("]:(-|", "]:(-|"),
    ],
)
def test_only_tags_are_taken_off_a_title(title: str, left: str) -> None:
    """A label's name in brackets or set off goes; the same word in a sentence stays."""
    assert untagged(title, spellings(["type: bug", "🐛", "a, b"])) == left


def test_reasons_are_spelled_as_they_stand_in_the_report() -> None:
    """Words, pairs, names in code and answers of a form have their bucket; characters have none."""
    seen = look_at("Lid leaks", "The lid\n```\nx = openLid(3)\n```\n### Kind\nwish")
    spelled = spell(seen)
    assert {"lid", "lid leaks", "openLid", "kind: wish"} <= set(spelled.values())
    assert not set(spelled) & set(seen.features["characters"].tolist())
    assert all(part in counted.buckets for part in spelled for counted in [bag(seen)])


def test_runs_of_words_do_not_cross_an_edge() -> None:
    """An edge stands at the ends of a run alone; every length is there."""
    codes = np.array([0, 7, 8, 0, 9, 0], np.uint32)
    assert len(runs(codes, 2, 3, edge=0)) == 5 + 3
    assert len(runs(codes, 1, 2)) == 6 + 5
    assert len(runs(codes[:0], 1, 5, edge=0)) == 0


def test_a_rare_label_is_found_among_many() -> None:
    """One issue in fifteen bears it, and it is still told apart."""
    issues = history(300, pick=lambda n: "question" if n % 15 == 0 else "bug")
    model = taught(issues)
    unseen = history(150, seed=3, pick=lambda n: "question" if n % 15 == 0 else "bug")
    chances = [{s.name: s.probability for s in model.score(i.title, i.body)}["question"] for i in unseen]
    bearing = [c for c, i in zip(chances, unseen, strict=True) if "question" in i.labels]
    assert min(bearing) > sorted(chances)[len(chances) // 2]
    assert np.mean(bearing) > 0.5


def test_rare_and_retired_labels_are_left_out_with_a_word() -> None:
    """A label on a few issues, and one that no late issue bears, are not learned, and the report says why."""
    issues = [*history(90, pick=lambda n: ("bug", "feature", "question")[n % 3 if n < 30 else n % 2])]
    issues[80] = replace(issues[80], labels=issues[80].labels | {"once"})
    model = taught(issues)
    assert model.labels == ("bug", "feature")
    dropped = model.report["dropped"]
    assert isinstance(dropped, dict)
    assert dropped["question"].startswith("retired")
    assert dropped["once"].startswith("rare")


@pytest.mark.parametrize("issues", [[], history(3), history(40, pick=lambda _: "bug")])
def test_too_little_to_learn_from_gives_a_silent_model(issues: list[Past], tmp_path: Path) -> None:
    """No issues, three issues and a history of one label only: the model says nothing, and its report why."""
    model = taught(issues)
    write_model(model, tmp_path / "m.npz")
    again = read_model(tmp_path / "m.npz")
    assert again.labels == ()
    assert again.score("crash", "it is broken") == ()
    assert bool(again.report["dropped"]) is bool(issues)


def test_a_history_without_dates_is_learned_and_said_to_have_none() -> None:
    """Undated issues are mixed, always alike."""
    issues = [undated(past) for past in history(150)]
    one, two = taught(issues), taught(issues)
    assert one.report["in_order_of_time"] is False
    assert np.array_equal(one.weights, two.weights)
    assert right(one, history(60, seed=6)) > 0.9


def test_a_few_issues_without_a_date_do_not_hide_the_order_of_the_others() -> None:
    """Three of a hundred: they come first, and the rest is in the order of time."""
    issues = history(100)[::-1]
    issues[5:8] = map(undated, issues[5:8])
    ordered, dated = in_order(issues)
    assert dated
    assert [past.id for past in ordered[:4]] == ["94", "93", "92", "0"]
    assert ordered[-1].id == "99"


def test_a_report_that_says_nothing_gets_no_label(model: LabelModel) -> None:
    """Empty reports, strange signs and words never seen are no reason for a label."""
    for title, body in [("", ""), ("ζωή", "🤷"), ("\ud800", "\x00" * 50), ("qwxz", "zzkq " * 200)]:
        assert {score.level for score in model.score(title, body)} == {"silent"}


def test_several_repositories_learn_from_each_other_and_keep_their_own_labels() -> None:
    """A small repository profits from a large one; labels of the other never show up."""
    large = history(240, repo="o/large")
    small = history(45, repo="o/small", seed=12)
    small = [replace(i, labels=i.labels | ({"mine"} if n % 3 == 0 else frozenset())) for n, i in enumerate(small)]
    models = learn([*large, *small], Aim(), per_repo=True)
    assert set(models) == {"o/large", "o/small"}
    assert models["o/large"].labels == ("bug", "feature", "question")
    assert models["o/small"].labels == ("bug", "feature", "mine", "question")
    unseen = history(90, seed=30)
    with_others = [{s.name: s.probability for s in models["o/small"].score(i.title, i.body)} for i in unseen]
    best = [max(("bug", "feature", "question"), key=chances.__getitem__) for chances in with_others]
    assert sum(name in i.labels for name, i in zip(best, unseen, strict=True)) / len(unseen) > 0.9


def test_a_label_that_people_took_off_is_learned_from() -> None:
    """Where people keep taking a label off, it is less likely the next time; on unsorted issues too."""
    issues = history(120, pick=lambda n: ("bug", "feature")[n % 2])
    crying = [replace(i, body=f"{i.body} splash") for i in history(30, seed=40, pick=lambda _: "bug")]
    denied = [replace(i, labels=frozenset(), denied=frozenset({"bug"})) for i in crying]
    before, after = taught(issues), taught([*issues, *denied])
    text = crying[0].title, crying[0].body
    chances = [{s.name: s.probability for s in model.score(*text)}["bug"] for model in (before, after)]
    assert chances[1] < chances[0] - 0.2


def test_the_file_gives_the_numbers_of_torch(model: LabelModel, tmp_path: Path) -> None:
    """What is written and read again scores as torch does with the same weights, to 1e-5; and it is small."""
    size = write_model(model, tmp_path / "m.npz")
    again = read_model(tmp_path / "m.npz")
    assert size < 1_000_000
    for past in history(20, seed=4):
        counted = bag(look_at(past.title, past.body, spellings(model.tags)))
        places, values = model.vocabulary.vector(counted)
        weights = torch.from_numpy(model.weights)[torch.from_numpy(places)].double()
        expected = torch.from_numpy(values).double() @ weights + torch.from_numpy(model.bias)
        assert np.abs(again.logits(counted) - expected.numpy()).max() < 1e-5
        assert again.score(past.title, past.body) == model.score(past.title, past.body)


def test_the_same_history_gives_the_same_file(tmp_path: Path) -> None:
    """No chance and no clock is in it."""
    for name in ("one", "two"):
        write_model(taught(history(60)), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_damaged_or_newer_file_is_refused_with_a_word(
    model: LabelModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with a file, it is told with its name and what to do, and nothing is half read."""
    path = tmp_path / "m.npz"
    write_model(model, path)
    whole = path.read_bytes()
    broken = {"no zip": b"nothing", "empty": b"", "cut": whole[: len(whole) // 2], "other": b"PK\x05\x06" + b"\0" * 18}
    for content in broken.values():
        path.write_bytes(content)
        with pytest.raises(ModelError, match=r"m\.npz: .*Train it again"):
            read_model(path)
    with np.load(Path(_saved(tmp_path, whole))) as opened:
        arrays = {name: opened[name] for name in opened.files}
    newer = {
        **arrays,
        "head": np.frombuffer(arrays["head"].tobytes().replace(b'"format": 2', b'"format": 3'), np.uint8),
    }
    _refused(path, newer, "its format is 3")
    _refused(path, {**arrays, "bias": arrays["bias"] + 1}, "damaged")
    _refused(path, {"x": arrays["bias"]}, "not a label model")
    with monkeypatch.context() as earlier:
        earlier.setattr("triagebot.learned.labels.file.FAMILIES", [f"old {number}" for number in range(10)])
        write_model(model, path)
    with pytest.raises(ModelError, match="of another triagebot"):
        read_model(path)
    with pytest.raises(ModelError, match="cannot be read"):
        read_model(tmp_path / "gone.npz")


def _saved(folder: Path, content: bytes) -> Path:
    path = folder / "whole.npz"
    path.write_bytes(content)
    return path


def _refused(path: Path, arrays: dict[str, np.ndarray], why: str) -> None:
    np.savez(path, allow_pickle=False, **arrays)
    with pytest.raises(ModelError, match=why):
        read_model(path)


def test_cut_offs_keep_their_promise_on_issues_to_come() -> None:
    """In 300 simulated histories a cut-off holds its target on endless later issues in at least nine of ten."""
    chance = np.random.default_rng(1)
    kept, found = 0, 0
    for _ in range(300):
        skill = chance.uniform(0.5, 4)
        seen, among = _simulated(chance, skill, 250), _simulated(chance, skill, 250)
        proven = find_cut(seen, among, 0.9, 20)
        if proven is not None:
            probability, truth = _simulated(chance, skill, 20_000)
            found += 1
            kept += bool(truth[probability >= proven.cut].mean() >= 0.895)
    assert found > 100
    assert kept / found >= 0.9


def _simulated(chance: np.random.Generator, skill: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities that are too sure of themselves, and the truth."""
    logits = chance.normal(0, skill, count)
    truth = chance.random(count) < 1 / (1 + np.exp(-logits))
    return 1 / (1 + np.exp(-1.5 * logits)), truth


def test_a_cut_off_needs_enough_issues() -> None:
    """Nineteen of nineteen right ones prove nothing, thirty of thirty do, and issues drawn by chance must agree."""
    sure, right_ones = np.full(30, 0.99), np.ones(30, bool)
    assert find_cut((sure[:19], right_ones[:19]), (sure, right_ones), 0.9, 20) is None
    assert find_cut((sure, right_ones), (sure, right_ones), 0.9, 20) is not None
    assert find_cut((sure, right_ones), (sure, ~right_ones), 0.9, 20) is None


def test_the_binomial_tail_is_exact() -> None:
    """Small cases by hand."""
    assert at_least(2, 2, 0.9) == pytest.approx(0.81)
    assert at_least(9, 10, 0.5) == pytest.approx(11 / 1024)
    assert at_least(0, 5, 0.9) == 1.0


def test_calibration_error_is_the_gap_between_said_and_true() -> None:
    """Ninety percent said and half of them right is 0.4 off."""
    assert calibration_error(np.full(10, 0.9), np.arange(10) % 2 == 0) == pytest.approx(0.4)
    assert calibration_error(np.array([]), np.array([], bool)) == 0.0


def test_labels_with_commas_and_emoji_are_labels_like_others(tmp_path: Path) -> None:
    """A name is a name, in the model and in its file."""
    chance = random.Random(2)
    names = {"bug": "🐛 bug", "feature": 'new, "shiny"'}
    issues = [
        replace(past, labels=frozenset({names[next(iter(past.labels))]}))
        for past in (issue(n, ("bug", "feature")[n % 2], chance) for n in range(80))
    ]
    write_model(taught(issues), tmp_path / "m.npz")
    again = read_model(tmp_path / "m.npz")
    assert again.labels == ('new, "shiny"', "🐛 bug")
    assert again.score("crash", "broken traceback fails")[0].name == "🐛 bug"
