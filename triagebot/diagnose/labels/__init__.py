"""Labels that a case deserves whatever its entry: by maintainers' rules, and by what was learned from their history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from triagebot.diagnose.labels.rules import labels_by_rule
from triagebot.records import Case, Knowledge, Label, Labeller, Level

_NAME = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}")
Suggest = Callable[[Case], tuple[Label, ...]]


def build(knowledge: Knowledge) -> Suggest:
    """Prepare what sees labels in a case; a learned label that is not sure enough is not among them."""
    rules, labeller, home = knowledge.labels.rules, knowledge.labeller, knowledge.project

    def suggest(case: Case) -> tuple[Label, ...]:
        learned = () if labeller is None else _learned(case, labeller, home)
        return (*labels_by_rule(case, rules), *learned)

    return suggest


def _learned(case: Case, labeller: Labeller, home: str) -> Iterator[Label]:
    """A report that names no repository (a file, a chat) is one about the knowledge's project, or any."""
    report = case.document.report
    repository = report.id.rpartition("#")[0]
    asked = (repository,) if _NAME.fullmatch(repository) else (home, "")
    scores = (labeller(name, report.title, report.body) for name in asked)
    for score in next(filter(None, scores), ()):
        if score.level != "silent":
            yield Label(
                name=score.name,
                source="learned",
                probability=score.probability,
                level=Level(score.level),
                reasons=score.reasons,
            )
