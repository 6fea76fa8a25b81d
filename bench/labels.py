"""Labels on NLBSE'24 (files by path): our command as an outsider runs it, beside TF-IDF with logistic regression."""

from __future__ import annotations

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

SURE = 0.8
BINS = 15
DRAWS = 1000
Row = dict[str, str]


@dataclass(frozen=True)
class Guess:
    """The likeliest label of a row with its probability, and whether it was said (None: the way has no levels)."""

    label: str
    probability: float
    said: bool | None = None


def print_labels(train: Path, test: Path) -> None:
    """Print figures of both ways; without a test file a quarter of the training file, drawn by chance, is held back."""
    with tempfile.TemporaryDirectory() as folder:
        if train == test:
            train, test = _split(train, Path(folder))
        seen, rows = _read(train), _read(test)
        print(f"\n{len(seen)} issues to learn labels from, {len(rows)} to judge, {len(_repos(rows))} repositories")
        print(f"{'':22}{'F1':>7}{'95 %':>15}{'ECE':>7}{'right at 0.8':>14}{'covered':>9}{'train s':>9}{'label s':>9}")
        _print_row("triagebot", rows, *_triagebot(train, test, Path(folder)))
        _print_row("TF-IDF, log. regr.", rows, *_tfidf(seen, rows))


def print_many(train: Path, count: int) -> None:
    """Print what it costs to learn from a long history: issues put together from halves of those in the file."""
    chance = random.Random(9)
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in _read(train):
        groups.setdefault((row["repo"], row["label"]), []).append(row)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "many.jsonl").open("w", encoding="utf-8") as opened:
            for number in range(count):
                kind = chance.choice(sorted(groups))
                one, other = chance.choices(groups[kind], k=2)
                opened.write(json.dumps(_mixed(one, other, number)) + "\n")
        command = [sys.executable, "-m", "triagebot", "train", "labels", str(folder / "many.jsonl")]
        seconds = _timed([*command, "--out", str(folder / "many.npz")], folder / "log")
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print((folder / "log").read_text("utf-8"))
    core_seconds = used.ru_utime + used.ru_stime
    print(f"{count} issues: {seconds:.0f} s, {core_seconds:.0f} s of a core, {used.ru_maxrss / 1e6:.1f} GB at most")


def _mixed(one: Row, other: Row, number: int) -> dict[str, object]:
    """Return an issue that opens as one and ends as another, with a label for its kind and one for its project."""
    first, last = one["body"].splitlines(), other["body"].splitlines()
    body = "\n".join(first[: len(first) // 2] + last[len(last) // 2 :])
    labels = [one["label"], f"area: {one['repo'].split('/')[0]}"]
    return {"repo": "o/r", "title": one["title"], "body": body, "labels": labels, "created_at": number * 3600}


def _triagebot(train: Path, test: Path, folder: Path) -> tuple[list[Guess], float, float]:
    command = [sys.executable, "-m", "triagebot"]
    models = folder / "models"
    learning = _timed([*command, "train", "labels", str(train), "--per-repo", "--out", str(models)], folder / "log")
    print(f"  memory at most {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB while learning")
    out = folder / "guesses.jsonl"
    scoring = _timed([*command, "labels", "--batch", str(test), "--model", str(models), "--json"], out)
    sizes = [file.stat().st_size for file in models.iterdir()]
    print(f"  a model is {max(sizes) / 1000:.0f} kB at most")
    best = [json.loads(line)["labels"][0] for line in out.read_text("utf-8").splitlines()]
    return [Guess(b["name"], b["probability"], b["level"] != "silent") for b in best], learning, scoring


def _tfidf(seen: list[Row], rows: list[Row]) -> tuple[list[Guess], float, float]:
    """A model a repository over words and pairs of words of title and body, with scikit-learn's defaults."""
    guesses: list[Guess] = [Guess("", 0.0)] * len(rows)
    learning = scoring = 0.0
    for repo in _repos(rows):
        started = time.perf_counter()
        own = [row for row in seen if row["repo"] == repo]
        vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        model = LogisticRegression(C=10, max_iter=1000)
        model.fit(vectorizer.fit_transform(map(_text, own)), [row["label"] for row in own])
        learning += time.perf_counter() - started
        started = time.perf_counter()
        places = [place for place, row in enumerate(rows) if row["repo"] == repo]
        chances = model.predict_proba(vectorizer.transform(_text(rows[place]) for place in places))
        for place, chance in zip(places, chances, strict=True):
            guesses[place] = Guess(str(model.classes_[chance.argmax()]), float(chance.max()))
        scoring += time.perf_counter() - started
    return guesses, learning, scoring


def _print_row(name: str, rows: list[Row], guesses: list[Guess], learning: float, scoring: float) -> None:
    right = np.array([guess.label == row["label"] for guess, row in zip(guesses, rows, strict=True)])
    chances = np.array([guess.probability for guess in guesses])
    low, high = _interval(rows, guesses)
    sure = chances >= SURE
    print(
        f"{name:22}{_mean_f1(rows, guesses):7.3f}  [{low:.3f}, {high:.3f}]{_ece(chances, right):7.3f}"
        f"{right[sure].mean():14.3f}{sure.mean():9.2f}{learning:9.1f}{scoring:9.1f}"
    )
    by_repo = ", ".join(f"{repo.split('/')[1]} {f1:.3f}" for repo, f1 in _f1_by_repo(rows, guesses))
    print(f"  {by_repo}")
    said = np.array([guess.said for guess in guesses], bool)
    if said.any():
        print(f"  said (suggest or act): {said.mean():.2f} of the issues, {right[said].mean():.3f} of them right")


def _interval(rows: list[Row], guesses: list[Guess]) -> tuple[float, float]:
    """Return the bootstrap interval of the mean F1: issues are drawn again within each repository."""
    chance = np.random.default_rng(9)
    places = [np.array([p for p, row in enumerate(rows) if row["repo"] == repo]) for repo in _repos(rows)]
    names = sorted({row["label"] for row in rows})
    truth = np.array([names.index(row["label"]) for row in rows])
    said = np.array([names.index(g.label) if g.label in names else -1 for g in guesses])
    means = []
    for _ in range(DRAWS):
        drawn = [chance.choice(place, len(place)) for place in places]
        means.append(np.mean([_macro(truth[d], said[d], len(names)) for d in drawn]))
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def _f1_by_repo(rows: list[Row], guesses: list[Guess]) -> Iterator[tuple[str, float]]:
    names = sorted({row["label"] for row in rows})
    for repo in _repos(rows):
        own = [(row["label"], guess.label) for row, guess in zip(rows, guesses, strict=True) if row["repo"] == repo]
        truth = np.array([names.index(label) for label, _ in own])
        said = np.array([names.index(label) if label in names else -1 for _, label in own])
        yield repo, _macro(truth, said, len(names))


def _mean_f1(rows: list[Row], guesses: list[Guess]) -> float:
    return float(np.mean([f1 for _, f1 in _f1_by_repo(rows, guesses)]))


def _macro(truth: npt.NDArray[np.int64], said: npt.NDArray[np.int64], labels: int) -> float:
    scores = []
    for label in range(labels):
        both = int(((truth == label) & (said == label)).sum())
        scores.append(2 * both / max(1, int((truth == label).sum() + (said == label).sum())))
    return float(np.mean(scores))


def _ece(chances: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    return float(sum(abs((chances - right)[bins == b].sum()) for b in range(BINS)) / len(chances))


def _repos(rows: list[Row]) -> list[str]:
    return sorted({row["repo"] for row in rows})


def _text(row: Row) -> str:
    return f"{row['title']}\n{row['body']}"


def _read(file: Path) -> list[Row]:
    csv.field_size_limit(10_000_000)
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _split(file: Path, folder: Path) -> tuple[Path, Path]:
    """Hold a fifth back within each repository and label, always the same."""
    rows = _read(file)
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["repo"], row["label"]), []).append(row)
    chance = np.random.default_rng(9)
    seen: list[Row] = []
    held: list[Row] = []
    for group in groups.values():
        order = chance.permutation(len(group))
        cut = len(group) // 5
        held += [group[place] for place in order[:cut]]
        seen += [group[place] for place in order[cut:]]
    return _write(folder / "train.csv", seen), _write(folder / "test.csv", held)


def _write(file: Path, rows: list[Row]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def _timed(command: list[str], out: Path) -> float:
    started = time.perf_counter()
    with out.open("w", encoding="utf-8") as opened:
        subprocess.run(command, stdout=opened, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started
