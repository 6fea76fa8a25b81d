"""Commands in comments, from the event to the reaction."""

from __future__ import annotations

import pytest

from tests.fakes.github import Fault
from tests.github.scene import ANSWERED, CALM, HERE, HINTED, OTHER, UNKNOWN, Scene
from triagebot.errors import WriteUncertain
from triagebot.plan.memo import read_memo


def test_the_reporter_withdraws_an_answer_with_one_word(scene: Scene) -> None:
    """`/triage wrong`: the answer is gone with its label, a reaction says so, and it never comes back here."""
    scene.opened()
    said = scene.comment("Not that.\n\n/triage wrong")
    assert "withdrawn" in scene.living
    assert "pip install" not in scene.living
    assert scene.issue.labels == []
    assert said["reactions"] == {"+1": ["triage-robot"]}
    scene.edited(ANSWERED + "\nplease")
    assert "pip install" not in scene.living
    assert scene.store.feedback.counts()["lid-missing", "wrong"] == 1


def test_an_entry_that_was_wrong_twice_only_hints_from_then_on(scene: Scene) -> None:
    """Feedback changes behaviour: on a third issue the same error gets a hint, not an answer."""
    for number in (2, 3, 4):
        issue = scene.github.open_issue(HERE, "It fails", ANSWERED)
        scene.hear(scene.github.event("opened", HERE, number))
        if number < 4:
            kept = scene.github.add_comment(issue, "/triage wrong", "reporter")
            scene.hear(scene.github.comment_event("created", HERE, number, kept), "issue_comment")
    memo = read_memo(issue.comments[0]["body"])
    assert (memo.answers, memo.hints) == ((), ("lid-missing",))
    assert scene.store.feedback.counts()["lid-missing", "wrong"] == 2


def test_a_stranger_withdraws_nothing_and_makes_us_write_nothing(scene: Scene) -> None:
    """Who is neither reporter nor maintainer gets a reaction, not a comment."""
    scene.opened()
    before = scene.living
    said = scene.comment("/triage wrong", "stranger")
    assert (scene.living, scene.notes) == (before, [])
    assert said["reactions"] == {"confused": ["triage-robot"]}


def test_why_is_answered_by_one_comment_with_the_whole_chain(scene: Scene) -> None:
    """`/triage why` shows reasons, evidence with lines, and what was read; delivered twice it is one comment."""
    scene.opened()
    kept = scene.comment("/triage why")
    scene.hear(scene.github.comment_event("created", HERE, 1, kept), "issue_comment")
    assert len(scene.notes) == 1
    assert "lid-missing is the answer" in scene.notes[0]
    assert "`ModuleNotFoundError: No module named 'kettle._lid'`" in scene.notes[0]
    assert "`kettle 2.1`" in scene.notes[0]


def test_why_nothing_was_said_is_answered_too(scene: Scene) -> None:
    """Silence has its reasons."""
    scene.opened(CALM)
    scene.comment("/triage why")
    assert scene.living == ""
    assert "nothing in the report resembles an entry" in scene.notes[0]


def test_quiet_is_quiet(scene: Scene) -> None:
    """`/triage quiet`: nothing is written any more, our request's label goes; `/triage` lifts it."""
    scene.opened(UNKNOWN)
    assert scene.issue.labels == ["needs-info"]
    scene.comment("/triage quiet")
    before = scene.living
    scene.edited(ANSWERED)
    assert (scene.living, scene.issue.labels, scene.notes) == (before, [], [])
    scene.comment("/triage")
    assert "pip install kettle" in scene.living


def test_a_maintainer_chooses_the_entry(scene: Scene) -> None:
    """`/triage faq ID` makes an entry the answer, whatever the bot thinks; an unknown one is told."""
    scene.opened(CALM)
    scene.maintainer("/triage faq keep-warm")
    assert "Use `--keep-warm`." in scene.living
    assert "a maintainer chose this answer" in scene.living
    assert read_memo(scene.living).answers == ("keep-warm",)
    said = scene.maintainer("/triage faq keep-cold")
    assert said["reactions"] == {"confused": ["triage-robot"]}
    assert "no entry of that name" in scene.notes[0]
    scene.edited(CALM + " Really.")
    assert "Use `--keep-warm`." in scene.living


def test_what_is_for_maintainers_is_told_to_a_reporter(scene: Scene) -> None:
    """The reporter gets one short comment, and nothing changes."""
    scene.opened(CALM)
    scene.comment("/triage faq keep-warm")
    assert scene.living == ""
    assert scene.notes[0].endswith("`/triage faq keep-warm` is for maintainers of this repository.")


def test_suggested_labels_are_put_on_by_a_word(scene: Scene) -> None:
    """At level suggest maintainers see the label and `/triage apply` puts it on; then it is theirs, not ours."""
    scene.policy("labels: suggest\n")
    scene.opened()
    assert scene.issue.labels == []
    assert "`installation` would fit" in scene.living
    scene.maintainer("/triage apply")
    assert scene.issue.labels == ["installation"]
    scene.edited(OTHER)
    assert scene.issue.labels == ["installation"]


def test_nothing_to_apply_is_told(scene: Scene) -> None:
    """A command that does nothing says so."""
    scene.opened(HINTED)
    scene.maintainer("/triage apply")
    assert "no label is suggested" in scene.notes[-1]


def test_an_unknown_command_is_told_which_there_are(scene: Scene) -> None:
    """What was written is shown as code, so that it pings nobody."""
    scene.opened()
    scene.comment("/triage close @everyone `x`")
    assert "``/triage close @everyone" in scene.notes[0] or "`/triage close @everyone" in scene.notes[0]
    assert "`wrong`" in scene.notes[0]


def test_an_edited_comment_runs_only_what_is_new(scene: Scene) -> None:
    """Mending a typo in a comment with a command does not run the command again."""
    scene.opened()
    kept = scene.comment("/triage why")
    changes = {"body": {"from": "/triage why"}}
    kept["body"] = "/triage why\n\nthanks"
    scene.hear(scene.github.comment_event("edited", HERE, 1, kept, changes=changes), "issue_comment")
    assert len(scene.notes) == 1


def answered_once(scene: Scene) -> None:
    """Ask why; the answer is written, its receipt lost, and the next try finds it."""
    kept = scene.github.add_comment(scene.issue, "/triage why", "reporter")
    payload = scene.github.comment_event("created", HERE, 1, kept)
    scene.github.faults.append(Fault(where="POST .*comments", after=True))
    with pytest.raises(WriteUncertain):
        scene.hear(payload, "issue_comment")
    scene.hear(payload, "issue_comment")
    assert len(scene.notes) == 1
    assert kept["reactions"] == {"+1": ["triage-robot"]}


def test_a_command_whose_answer_was_lost_is_answered_once(scene: Scene) -> None:
    """There is one comment, however often it was tried."""
    scene.opened()
    answered_once(scene)


@pytest.mark.parametrize("over", [{"state": "closed"}, {"association": "MEMBER"}])
def test_a_command_on_what_is_left_alone_is_answered_once(scene: Scene, over: dict[str, object]) -> None:
    """Closed or exempt: nothing is triaged, and the command has one answer all the same."""
    scene.policy("exempt: {maintainers: true}\n")
    for name, value in over.items():
        setattr(scene.issue, name, value)
    answered_once(scene)


@pytest.mark.parametrize(
    "gone", [{"deleted": True}, {"locked": True, "state": "closed"}, {"moved_to": "/repos/o/p/issues/1"}]
)
def test_where_nothing_can_be_written_a_command_is_not_answered(scene: Scene, gone: dict[str, object]) -> None:
    """Deleted, locked or moved meanwhile: no write is tried, and nothing fails."""
    scene.github.open_issue("o/p", "", CALM)
    kept = scene.github.add_comment(scene.issue, "/triage why", "reporter")
    payload = scene.github.comment_event("created", HERE, 1, kept)
    for name, value in gone.items():
        setattr(scene.issue, name, value)
    scene.hear(payload, "issue_comment")
    assert not [call for call in scene.github.requests if not call.startswith("GET")]


def test_nothing_to_withdraw_is_told(scene: Scene) -> None:
    """`/triage wrong` where nothing was said."""
    scene.opened(CALM)
    scene.comment("/triage wrong")
    assert "nothing of mine here" in scene.notes[0]


def test_reactions_are_counted_when_something_happens(scene: Scene) -> None:
    """GitHub sends no events about reactions: they are read at the next event, at the latest when it is closed."""
    scene.opened()
    scene.issue.comments[0]["reactions"]["-1"] = ["reporter", "other"]
    scene.issue.state = "closed"
    scene.hear(scene.github.event("closed", HERE, 1, "maintainer"))
    assert scene.store.feedback.counts()["lid-missing", "disliked"] == 1
    assert scene.store.feedback.counts()["lid-missing", "said"] == 1


def test_a_chinese_report_gets_its_commands_answered_in_chinese(scene: Scene) -> None:
    """Errors of commands are in the language of the report."""
    scene.opened("请问这个错误怎么解决?我按照文档安装了两次,还是不行。\n" + ANSWERED)
    scene.comment("/triage 关闭")
    assert "不是有效的命令" in scene.notes[0]
