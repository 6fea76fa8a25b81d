"""Levels, outcomes, labels and questions follow from the diagnosis and the policy."""

from __future__ import annotations

import pytest

from tests.making import knowledge, report, verdict
from triagebot.pipeline import Triage
from triagebot.records import Level, Outcome, Policy

TRACE = "```\nModuleNotFoundError: No module named 'kettle._lid'\n```\n"


def test_a_sure_answer_is_said_with_its_labels() -> None:
    """An exact error line is answered at level act."""
    decided = verdict(TRACE)
    assert decided.outcome is Outcome.ANSWER
    assert decided.answers[0].level is Level.ACT
    assert [label.name for label in decided.labels] == ["installation"]


def test_a_higher_threshold_turns_the_answer_into_a_suggestion() -> None:
    """The policy decides from which probability the bot acts."""
    decided = verdict(TRACE, policy=Policy(act_from=1.0))
    assert decided.outcome is Outcome.SUGGEST
    assert {answer.level for answer in decided.answers} == {Level.SUGGEST}


def test_unless_vetoes() -> None:
    """A fragment of `unless` takes the entry out."""
    assert not verdict(TRACE + "\nI use kettle-lite.").answers


def test_a_missing_need_makes_it_a_suggestion() -> None:
    """An answer that needs a fact waits for it."""
    question = "How to keep the water warm after boiling?"
    assert verdict("", question).answers[0].level is Level.SUGGEST
    assert verdict("Kettle: 2.1", question).answers[0].level is Level.ACT


def test_two_entries_that_claim_one_line_are_both_suggested() -> None:
    """Where nothing tells two answers apart, the reader is shown both."""
    decided = verdict("heater 3 is dry: No module named 'kettle._lid'")
    assert decided.outcome is Outcome.SUGGEST
    assert {answer.diagnosis.entry.id for answer in decided.answers} == {"lid-missing", "boils-dry"}
    assert any("claims the same line" in reason for reason in decided.reasons)
    signs = {answer.diagnosis.entry.id: answer.sign for answer in decided.answers}
    assert signs == {"lid-missing": "lid library refused to open the steam valve", "boils-dry": ""}


def test_two_errors_on_two_lines_are_no_contest() -> None:
    """The later error is the answer, the other may help."""
    decided = verdict("```\nheater 3 is dry\nModuleNotFoundError: No module named 'kettle._lid'\n```")
    assert decided.outcome is Outcome.ANSWER
    assert len(decided.answers) == 2


def test_the_fix_fits_the_version() -> None:
    """The first fix whose condition holds is the only one."""
    (fix,) = verdict(TRACE + "\nKettle: 2.1").answers[0].fixes
    assert fix.when is not None
    (fix,) = verdict(TRACE + "\nKettle: 1.9").answers[0].fixes
    assert fix.when is None


def test_both_fixes_stand_while_the_version_is_unknown() -> None:
    """Without the deciding fact both fixes are said and the fact is asked for."""
    decided = verdict(TRACE)
    assert len(decided.answers[0].fixes) == 2
    assert [item.field.id for item in decided.missing] == ["kettle"]


def test_an_unknown_error_is_asked_about() -> None:
    """An error nobody listed is met with a request for what the template requires."""
    decided = verdict("```\nValueError: the spout is on fire\n```")
    assert decided.outcome is Outcome.NEEDS_INFO
    assert [item.field.id for item in decided.missing] == ["kettle"]
    assert [label.name for label in decided.labels] == ["needs-info"]


def test_nothing_is_asked_that_is_there() -> None:
    """With the fact in the text nothing is left to ask."""
    decided = verdict("```\nValueError: the spout is on fire\n```\nKettle: 2.0")
    assert decided.outcome is Outcome.SILENT
    assert not decided.missing


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("crash", "It crashes every morning when I boil water, please help"),
        ("编译失败", "编译失败后怎么解决？"),
        ("building", "How do I fix a build that fails?"),
    ],
)
def test_a_failure_without_its_error_is_asked_for_the_error(title: str, body: str) -> None:
    """Somebody who says that it fails, and not how, is asked for the text."""
    decided = verdict(body, title)
    assert "error-text" in [item.field.id for item in decided.missing]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Feature request: support for tea", "It would be nice to brew tea."),
        ("Which cup do you use in the paper?", "I like the picture on page three very much."),
        ("[Docs] the link to the manual", "See the third page."),
        ("No error, just a question", "Which kettle is the fastest?"),
        ("Record a video", "How can I keep the videos of the tests that fail?"),
        ("录制视频", "想把失败的测试录成视频，怎么配置？"),
        ("问一下", "没有报错，哪个水壶最快？"),
    ],
)
def test_wishes_and_questions_are_left_in_peace(title: str, body: str) -> None:
    """Nobody who reports no failure is asked for an environment."""
    assert verdict(body, title).outcome is Outcome.SILENT


ADVISED = """\
entries:
  - id: unused
    title: Some parameters are unused
    signatures: ["parameters were not used"]
    fix: "Set `find_unused = True` in the config, or remove them."
"""


@pytest.mark.parametrize(
    ("body", "level"),
    [
        ("I have already set find_unused=True and still get: parameters were not used", Level.SUGGEST),
        ("设置了 find_unused = True 还是报错\nparameters were not used", Level.SUGGEST),
        ("I trained with find_unused and got: parameters were not used. Which script reads it?", Level.SUGGEST),
        ("用了 find_unused 之后报错：parameters were not used", Level.SUGGEST),
        ("I already set `find_unused = True`. parameters were not used! Why?", Level.SUGGEST),
        ("Can it be trained with find_unused? parameters were not used", Level.ACT),
        ("Where do I set find_unused=True? parameters were not used", Level.ACT),
        ("```\nError: parameters were not used, pass find_unused=True\n```\nIt still fails.", Level.ACT),
    ],
)
def test_a_setting_that_was_made_already_is_no_answer(body: str, level: Level) -> None:
    """Who writes that the advised setting is made gets the entry as a suggestion, and maintainers learn why."""
    decided = Triage(knowledge(ADVISED)).judge(report(body))
    assert [answer.level for answer in decided.answers] == [level]
    told = "unused is only suggested: the reporter writes that `find_unused = True` is done already"
    assert (told in decided.reasons) == (level is Level.SUGGEST)


def test_reasons_hold_no_words_of_the_report() -> None:
    """They are printed as they are: what a stranger wrote would ping people, or show a token."""
    body = f"@everyone I set find_unused=True, {'ghp_' + 'a1' * 18}, and still: parameters were not used"
    decided = Triage(knowledge(ADVISED)).judge(report(body))
    assert "is done already" in decided.reasons[0]
    assert not any("@everyone" in reason or "ghp_" in reason for reason in decided.reasons)
