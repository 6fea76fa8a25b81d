"""Little histories with a planted signal."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from triagebot.learned.labels.history import Past

COMMON = "the when after my with that window button page click opened just version file menu screen".split()
SIGNALS = {
    "bug": "crash broken traceback fails regression".split(),
    "feature": "please add support wish option".split(),
    "question": "how why possible wondering documentation".split(),
}


def issue(number: int, label: str, chance: random.Random, *, plant: bool = True, repo: str = "o/r") -> Past:
    """Return an issue whose text holds words of its label among others (`plant`), or only the others."""
    words = chance.choices(COMMON, k=20) + (chance.choices(SIGNALS[label], k=3) if plant else [])
    chance.shuffle(words)
    return Past(
        id=str(number),
        repo=repo,
        title=" ".join(words[:4]),
        body=" ".join(words[4:]),
        labels=frozenset({label}),
        created=1_600_000_000.0 + number * 3600,
    )


def history(
    count: int, *, plant: bool = True, seed: int = 5, repo: str = "o/r", pick: Callable[[int], str] | None = None
) -> list[Past]:
    """Return issues in the order of time, their labels in turn or as `pick` says."""
    chance = random.Random(seed)
    names = sorted(SIGNALS)
    choose = pick or (lambda number: names[number % len(names)])
    return [issue(number, choose(number), chance, plant=plant, repo=repo) for number in range(count)]


def undated(past: Past) -> Past:
    """Return an issue of which nobody knows when it was filed."""
    return Past(id=past.id, repo=past.repo, title=past.title, body=past.body, labels=past.labels, created=math.nan)
