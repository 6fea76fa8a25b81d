"""Every example FAQ under knowledge/examples works without a line of code."""

from __future__ import annotations

import pytest

from tests.making import SHIPPED
from triagebot.pipeline import Triage
from triagebot.proof.lint import lint
from triagebot.records import Level, Report
from triagebot.wiring import load_knowledge

FOLDERS = sorted(path.name for path in (SHIPPED / "examples").iterdir())


@pytest.mark.parametrize("name", FOLDERS)
def test_an_example_faq_keeps_its_word(name: str) -> None:
    """All its examples and counterexamples do what they say."""
    knowledge = load_knowledge(str(SHIPPED / "examples" / name))
    assert len(knowledge.entries) >= 8
    assert lint(knowledge, Triage(knowledge).judge) == ()


def test_another_projects_error_is_answered_and_ours_is_not() -> None:
    """A web framework's traceback gets its fix; an error of MMDetection means nothing there."""
    core = Triage(load_knowledge(str(SHIPPED / "examples" / "django")))
    body = (
        '```\nTraceback (most recent call last):\n  File "manage.py", line 22, in main\n'
        'django.db.utils.ProgrammingError: relation "shop_order" does not exist\nLINE 1: SELECT COUNT(*)\n```'
    )
    verdict = core.judge(Report(id="1", title="500 after deploying", body=body))
    assert [(a.diagnosis.entry.id, a.level) for a in verdict.answers] == [("migrations-not-applied", Level.ACT)]
    assert "migrate" in core.answer(verdict)[0].text
    assert core.judge(Report(id="2", title="No module named 'mmcv._ext'", body="")).answers == ()
