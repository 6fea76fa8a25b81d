"""What maintainers and reporters complain of in other bots, each shown not to happen here.

The numbers are those of the list of twenty that this project started from.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.fakes.github import Fault
from tests.github.scene import ANSWERED, CALM, HERE, HINTED, OTHER, UNKNOWN, Scene
from tests.making import FAQ
from triagebot.__main__ import main
from triagebot.errors import RemoteError, WriteUncertain
from triagebot.records import LeftAlone

REMINDS = "remind-after-days: 10\nclose-after-days: 5\n"
CHINESE = "启动时报错了，请问怎么解决？我按照文档安装了两次，还是不行。\n\n"


def test_01_people_are_never_overridden(scene: Scene) -> None:
    """Labels of people stay, labels that people took off stay away, also after a person put them on and off again."""
    scene.issue.labels[:] = ["bug"]
    scene.opened()
    scene.unlabel("installation")
    for body in (OTHER, ANSWERED, CALM):
        scene.edited(body)
    assert scene.issue.labels == ["bug"]


def test_01_a_label_that_a_person_put_on_again_is_theirs(scene: Scene) -> None:
    """Put on by us, taken off and put on again by a person: it is no longer ours to take off."""
    scene.opened()
    scene.unlabel("installation")
    scene.issue.labels.append("installation")
    scene.hear(scene.github.event("labeled", HERE, 1, "maintainer", label={"name": "installation"}))
    scene.edited(CALM)
    assert scene.issue.labels == ["installation"]


@pytest.mark.parametrize("state", [{"state": "closed"}, {"locked": True}])
def test_01_what_people_do_to_labels_of_a_closed_issue_counts(scene: Scene, state: dict[str, object]) -> None:
    """Taken off and put on again by a person while it was closed or locked: the label is theirs."""
    scene.opened()
    for name, value in state.items():
        setattr(scene.issue, name, value)
    scene.unlabel("installation")
    scene.issue.labels.append("installation")
    scene.hear(scene.github.event("labeled", HERE, 1, "maintainer", label={"name": "installation"}))
    scene.issue.state, scene.issue.locked = "open", False
    scene.edited(CALM)
    assert scene.issue.labels == ["installation"]


def test_02_nothing_is_ever_closed_by_default(scene: Scene) -> None:
    """Years of silence after a request close nothing and remind nobody."""
    scene.opened(UNKNOWN)
    scene.days_pass(1000)
    assert (scene.issue.state, scene.notes) == ("open", [])


def test_03_no_text_closes_or_locks_and_one_word_undoes(scene: Scene) -> None:
    """The only writes that text can cause are comments and labels; the reporter takes an answer back alone."""
    scene.opened()
    scene.comment("/triage wrong")
    assert (scene.issue.state, scene.issue.locked) == ("open", False)
    assert scene.issue.labels == []
    assert "Sorry for the noise" in scene.living


def test_04_what_is_there_is_not_asked_for_and_what_is_missing_is_named(scene: Scene) -> None:
    """Each missing fact is named with the way to get it; the version in a sentence counts as given."""
    scene.opened(UNKNOWN)
    assert "**Kettle version**: run `kettle --version`" in scene.living
    scene.edited(UNKNOWN + "\n\nI use kettle 2.1 by the way.\n\n- kettle: 2.1")
    assert "run `kettle --version`" not in scene.living


@pytest.mark.parametrize("way", ["edit", "comment"])
def test_05_the_request_goes_when_the_fact_comes(scene: Scene, way: str) -> None:
    """Label and request disappear together, whether the report was edited or its reporter answered below."""
    scene.opened(UNKNOWN)
    assert scene.issue.labels == ["needs-info"]
    if way == "edit":
        scene.edited(UNKNOWN + "\n\nKettle: 2.1")
    else:
        scene.comment("Sure:\n\nKettle: 2.1")
    assert scene.issue.labels == []
    assert "run `kettle --version`" not in scene.living
    assert "~~Kettle version~~" in scene.living


def test_05_an_answer_below_leads_to_the_fix(scene: Scene) -> None:
    """The error comes in a later comment: the answer quotes it and says where it stands."""
    scene.opened("It fails. Please help.")
    scene.comment("Here it is:\n\n```\nModuleNotFoundError: No module named 'kettle._lid'\n```\nKettle: 2.1")
    assert "line 4 of your answer: `ModuleNotFoundError: No module named 'kettle._lid'`" in scene.living
    assert "pip install kettle" in scene.living


def test_05_others_do_not_answer_for_the_reporter(scene: Scene) -> None:
    """A helper's version is not the reporter's."""
    scene.opened(UNKNOWN)
    scene.comment("Mine is\n\nKettle: 2.1", "helper")
    scene.edited(UNKNOWN + "\n")
    assert scene.issue.labels == ["needs-info"]


def test_05_a_maintainers_removal_of_the_request_is_final(scene: Scene) -> None:
    """Whoever takes `needs-info` off ends the asking: the request goes at once, and nobody says that it was met."""
    scene.opened(UNKNOWN)
    scene.unlabel("needs-info")
    assert "run `kettle --version`" not in scene.living
    assert "no longer asked for" in scene.living
    scene.edited(UNKNOWN + "\nmore")
    assert scene.issue.labels == []
    assert "run `kettle --version`" not in scene.living


def test_05_a_request_that_a_person_deleted_takes_its_label_along(scene: Scene) -> None:
    """No label asks for what no comment asks for."""
    scene.opened(UNKNOWN)
    scene.issue.comments.clear()
    scene.edited(UNKNOWN + "\nmore")
    assert (scene.comments, scene.issue.labels) == ([], [])


def close_after_silence(scene: Scene) -> None:
    """Ask, remind, close."""
    scene.policy(REMINDS)
    scene.opened(UNKNOWN)
    scene.days_pass(11)
    scene.days_pass(6)
    assert scene.issue.state == "closed"


def test_06_who_answers_is_never_closed_on(scene: Scene) -> None:
    """Switched on, closing comes after a warning, and never once the reporter has spoken."""
    scene.policy(REMINDS)
    scene.opened(UNKNOWN)
    scene.days_pass(9)
    assert scene.notes == []
    scene.days_pass(2)
    assert "closed without a word: 5" in scene.notes[0]
    assert "**Kettle version**: run `kettle --version`" in scene.notes[0]
    scene.now += 60
    scene.comment("I am on holiday, I will look next week.")
    scene.days_pass(100)
    assert (scene.issue.state, len(scene.notes)) == ("open", 1)


def test_06_what_was_closed_after_silence_opens_again_by_a_word(scene: Scene) -> None:
    """The reporter's answer opens it; a person's closing is not undone."""
    close_after_silence(scene)
    assert len(scene.notes) == 2
    scene.now += 60
    scene.comment("Sorry for the delay.\n\nKettle: 2.1")
    assert (scene.issue.state, scene.issue.labels) == ("open", [])
    scene.issue.state, scene.issue.closed_by = "closed", "maintainer"
    scene.comment("Why?")
    assert scene.issue.state == "closed"


def test_06_whoever_opens_a_report_again_has_decided(scene: Scene) -> None:
    """What a person opened again after our closing is not closed a second time."""
    close_after_silence(scene)
    scene.issue.state = "open"
    scene.days_pass(30)
    assert (scene.issue.state, len(scene.notes)) == ("open", 2)


@pytest.mark.parametrize("stops", ["needs-info: off", "needs-info: observe", "needs-info: suggest"])
def test_06_what_is_not_asked_for_is_neither_reminded_of_nor_closed_on(scene: Scene, stops: str) -> None:
    """Asking was switched off after the request: the silence that follows is nobody's fault."""
    scene.policy(REMINDS)
    scene.opened(UNKNOWN)
    scene.policy(f"{REMINDS}{stops}\n")
    scene.days_pass(100)
    scene.days_pass(100)
    assert (scene.issue.state, scene.notes) == ("open", [])
    assert scene.issue.labels == []


def test_06_an_edit_that_supplies_nothing_is_an_answer_too(scene: Scene) -> None:
    """Whoever edits the report after the reminder is there: it is not closed on them."""
    scene.policy(REMINDS)
    scene.opened(UNKNOWN)
    scene.days_pass(11)
    scene.edited(UNKNOWN + "\nI will look for the version.")
    assert scene.issue.labels == ["needs-info"]
    scene.days_pass(100)
    assert scene.issue.state == "open"


def test_06_an_edit_opens_what_was_closed_after_silence(scene: Scene) -> None:
    """What was asked for is written into the closed report: it opens, and the label goes; others' edits do nothing."""
    close_after_silence(scene)
    scene.issue.title = f"[stale] {scene.issue.title}"
    scene.hear(scene.github.event("edited", HERE, 1, "maintainer", changes={"title": {"from": ""}}))
    scene.days_pass(1)
    scene.maintainer("/triage")
    assert scene.issue.state == "closed"
    scene.edited(UNKNOWN + "\n\nKettle: 2.1")
    assert (scene.issue.state, scene.issue.labels) == ("open", [])


def test_06_a_maintainers_word_after_the_reminder_stops_the_closing(scene: Scene) -> None:
    """People talk about the report: it is theirs."""
    scene.policy(REMINDS)
    scene.opened(UNKNOWN)
    scene.days_pass(11)
    scene.now += 60
    scene.maintainer("I have seen this as well, let us keep it.")
    scene.days_pass(100)
    assert (scene.issue.state, len(scene.notes)) == ("open", 1)


def test_06_a_second_question_is_not_closed_on_by_the_first_ones_reminder(scene: Scene) -> None:
    """The reminder was for what has come since; for the new question nobody was warned."""
    scene.policy(REMINDS)
    scene.opened("It fails. Please help.")
    scene.days_pass(11)
    assert "closed without a word: 5" in scene.notes[0]
    scene.now += 60
    scene.edited(UNKNOWN)
    assert scene.issue.labels == ["needs-info"]
    scene.days_pass(100)
    assert scene.issue.state == "open"


def test_06_a_maintainers_answer_ends_the_waiting(scene: Scene) -> None:
    """After `/triage faq ID` nothing is asked for: the reminder is struck, and nothing is closed."""
    scene.policy(REMINDS)
    scene.opened(UNKNOWN)
    scene.days_pass(11)
    scene.maintainer("/triage faq keep-warm")
    assert "closed without a word" not in scene.notes[0]
    scene.days_pass(100)
    assert (scene.issue.state, scene.issue.labels) == ("open", [])


def test_06_the_reminder_is_struck_when_everything_is_there(scene: Scene) -> None:
    """No comment of ours threatens with a closing that will not come."""
    scene.policy(REMINDS)
    scene.opened(UNKNOWN)
    scene.days_pass(11)
    scene.edited(UNKNOWN + "\n\nKettle: 2.1")
    assert "closed without a word" not in scene.notes[0]
    assert "Everything that was asked for is there now" in scene.notes[0]


def test_07_nothing_is_said_without_evidence(scene: Scene) -> None:
    """A report that resembles nothing gets no comment: hints are at most three, each with the line behind it."""
    scene.opened(CALM)
    assert scene.comments == []
    scene.edited(HINTED)
    assert scene.living.count("/triage wrong") == 1


def test_08_a_person_decides_where_maintainers_want_that(scene: Scene) -> None:
    """At level suggest nothing is done: the answer is a hint, the label waits for `/triage apply`."""
    scene.policy("answers: suggest\nlabels: suggest\nneeds-info: suggest\n")
    scene.opened()
    assert scene.issue.labels == []
    assert "This may help" in scene.living
    scene.edited(UNKNOWN)
    assert scene.issue.labels == []


def test_08_observed_only_nothing_is_written(scene: Scene) -> None:
    """At level observe the verdict is kept for whoever runs the bot, and the issue is not touched."""
    scene.policy("answers: observe\nlabels: observe\nneeds-info: observe\n")
    scene.opened()
    assert (scene.comments, scene.issue.labels) == ([], [])
    assert "lid-missing" in scene.store.memory.chain(f"{HERE}#1")


def test_09_every_answer_says_why(scene: Scene) -> None:
    """Entry, probability, way of matching, line and quote stand in the reply."""
    scene.opened()
    assert "Why this reply?" in scene.living
    assert "`lid-missing` (probability" in scene.living
    assert "line 4" in scene.living


def test_10_thresholds_are_chosen_by_figures(scene: Scene, tmp_path: Path) -> None:
    """`triagebot eval --by-threshold` tells what each gives on one's own cases, and the policy then acts by it."""
    cases = [("a", ANSWERED, ["lid-missing"]), ("b", OTHER, ["boils-dry"]), ("c", "lid steam valve", [])]
    lines = [json.dumps({"id": name, "title": "", "body": body, "faq": faq}) for name, body, faq in cases]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines))
    (tmp_path / "faq.yaml").write_text(FAQ)
    command = ["eval", str(tmp_path / "cases.jsonl"), "--knowledge", str(tmp_path / "faq.yaml"), "--by-threshold"]
    told = CliRunner().invoke(main, command).output
    rows = [line.split() for line in told.partition("act from")[2].splitlines()[1:]]
    precision = {float(threshold): float(part) for threshold, part, _, _ in rows}
    assert precision[0.3] < precision[0.8] == 1.0
    scene.opened()
    assert "What to do" in scene.living
    scene.policy("act-from: 0.999\n")
    scene.edited(ANSWERED + "\nplease")
    assert "This may help" in scene.living


def test_11_maintainers_and_what_is_triaged_already_are_left_alone(scene: Scene) -> None:
    """As configured: maintainers' own issues, some authors, some labels; a maintainer's `/triage` asks all the same."""
    scene.policy("exempt: {maintainers: true, authors: [Renovate], labels: [Triaged]}\n")
    scene.issue.association = "MEMBER"
    assert isinstance(scene.opened(), LeftAlone)
    scene.issue.association = "NONE"
    scene.issue.labels[:] = ["triaged"]
    assert isinstance(scene.opened(), LeftAlone)
    assert scene.comments == []
    scene.comment("/triage", "stranger")
    scene.maintainer("/triage quiet")
    assert scene.comments == []
    scene.maintainer("/triage")
    assert "pip install kettle" in scene.living


def test_12_labels_that_do_not_exist_are_not_made(scene: Scene) -> None:
    """The repository's own names are used, and a label that it does not have is left out."""
    scene.policy('label-names: {installation: "area: install", needs-info: "status: info"}\n')
    scene.github.repositories[HERE].labels[:] = ["Area: Install"]
    scene.opened()
    assert scene.issue.labels == ["Area: Install"]
    scene.edited(UNKNOWN)
    assert scene.github.repositories[HERE].labels == ["Area: Install"]


def test_13_one_comment_that_is_edited(scene: Scene) -> None:
    """However often the report changes, there is one living comment; a new one comes for a new question alone."""
    for body in (ANSWERED, OTHER, ANSWERED + "\n", OTHER + "\n"):
        scene.opened(body)
    assert len(scene.comments) == 1
    scene.edited(UNKNOWN)
    assert len(scene.comments) == 2
    assert "Please edit the report or answer here" in scene.notes[0]
    scene.edited(UNKNOWN + "\nmore")
    scene.edited(UNKNOWN + "\nand more")
    assert len(scene.comments) == 2
    scene.edited(UNKNOWN + "\n\nKettle: 2.1")
    assert len(scene.comments) == 2
    assert "Everything that was asked for is there now" in scene.notes[0]


_FAULTS = [
    Fault(where="POST .*comments", status=502, after=True),
    Fault(where="POST .*comments", status=502),
    Fault(where="POST .*comments", drop=True, after=True),
    Fault(where="POST .*comments", status=403, headers={"Retry-After": "3"}),
    Fault(where="POST .*comments", status=429, headers={"Retry-After": "3"}),
    Fault(where="POST .*comments", status=429, message="You have exceeded a secondary rate limit."),
    Fault(where="POST .*comments", status=403, message="You have exceeded a secondary rate limit."),
    Fault(where="GET .*comments", status=503),
    Fault(where="GET .*contents", status=500),
    Fault(where="GET .*/issues/1$", status=502),
    Fault(where="GET .*/labels", status=502),
    Fault(where="POST .*labels", status=502, after=True),
    Fault(where="PATCH .*comments", status=502, after=True),
    Fault(where="PATCH .*comments", drop=True, after=True),
    Fault(where="POST .*comments", status=307, headers={"Location": "/repositories/5/issues/1/comments"}),
    Fault(where="POST .*comments", status=301, headers={"Location": "http://elsewhere.example/"}),
    Fault(where="POST .*labels", status=307, headers={"Location": "/repositories/5/issues/1/labels"}),
    Fault(where="GET .*comments", status=307, headers={"Location": "/repositories/5/issues/1/comments"}),
    Fault(where="GET .*comments", status=200, message="a proxy's own answer"),
    Fault(where="GET .*/issues/1$", status=200, message="a proxy's own answer"),
    Fault(where="GET .*/issues/1$", status=301, headers={"Location": "/repositories/5/issues/1"}),
    Fault(where="GET .*contents", status=301, headers={"Location": "http://elsewhere.example/"}),
]


@pytest.mark.parametrize("fault", _FAULTS, ids=[f"{f.where} {f.status} {f.after}" for f in _FAULTS])
def test_14_one_comment_always(scene: Scene, fault: Fault) -> None:
    """Whatever fails on the way, however often it is delivered: in the end there is one comment, and it is right."""
    scene.github.faults.append(Fault(**{name: getattr(fault, name) for name in fault.__slots__}))
    waits = []
    for body in (ANSWERED, ANSWERED, OTHER, OTHER, OTHER):
        try:
            scene.opened(body)
        except RemoteError as error:
            waits.append(error.retry_after)
    assert len(waits) == 1
    assert waits != [None]
    assert len(scene.comments) == 1
    assert "Fill it." in scene.living
    assert scene.issue.labels == ["bug"]


@pytest.mark.parametrize("fault", [Fault(where="GET .*comments", status=status) for status in (200, 307)])
def test_14_an_answer_that_makes_no_sense_is_no_deletion(scene: Scene, fault: Fault) -> None:
    """A list of comments that is none does not mean that a person deleted ours: it is read again, and edited."""
    scene.opened()
    scene.github.faults.append(fault)
    with pytest.raises(RemoteError) as raised:
        scene.edited(OTHER)
    assert raised.value.retry_after == 0
    scene.edited(OTHER)
    assert "Fill it." in scene.living


def test_14_one_note_always(scene: Scene) -> None:
    """A note whose answer was lost is found again, on whichever page it stands."""
    for number in range(150):
        scene.github.add_comment(scene.issue, f"comment {number}", "somebody")
    scene.opened()
    scene.github.faults.append(Fault(where="POST .*comments", after=True))
    with pytest.raises(WriteUncertain):
        scene.edited(UNKNOWN)
    scene.edited(UNKNOWN)
    assert len(scene.notes) == 1


@pytest.mark.parametrize(
    "change", [{"locked": True}, {"deleted": True}, {"state": "closed"}, {"moved_to": "/repos/other/place/issues/1"}]
)
def test_14_what_is_over_gets_nothing(scene: Scene, change: dict[str, object]) -> None:
    """Locked, deleted, closed or moved meanwhile: no write, no error."""
    scene.github.open_issue("other/place", "", ANSWERED)
    payload = scene.github.event("opened", HERE, 1)
    scene.issue.body = ANSWERED
    for name, value in change.items():
        setattr(scene.issue, name, value)
    assert isinstance(scene.hear(payload), LeftAlone)
    assert not [call for call in scene.github.requests if not call.startswith("GET")]


def test_15_a_wrong_config_is_told_and_nothing_is_done(scene: Scene) -> None:
    """A typo switches nothing on: the issue is left alone, with file, line and remedy."""
    scene.policy("answerz: off\n")
    done = scene.opened()
    assert isinstance(done, LeftAlone)
    assert ".github/triagebot.yml:1: answerz: `answerz` is not a key here. Did you mean `answers`?" in done.why
    assert scene.comments == []


def test_16_one_config_for_the_whole_organisation(scene: Scene) -> None:
    """The organisation's `.github` repository holds defaults; the repository overrides them key by key."""
    scene.github.add_repository("example/.github").files[".github/triagebot.yml"] = "answers: off\nlabels: off\n"
    scene.policy("answers: act\n")
    scene.opened()
    assert (len(scene.comments), scene.issue.labels) == (1, [])


def test_16_a_repository_brings_its_own_knowledge(scene: Scene) -> None:
    """A folder of the repository answers instead of the bot's own FAQ."""
    faq = 'entries:\n  - {id: own, title: Ours, signatures: ["the spout is on fire"], fix: Use water.}\n'
    scene.github.repositories[HERE].files["docs/triage/faq.yaml"] = faq
    scene.policy("knowledge: docs/triage\n")
    scene.opened(UNKNOWN + "\n\nKettle: 2.1")
    assert "Use water." in scene.living
    scene.github.repositories[HERE].files["docs/triage/faq.yaml"] = "entries: []\n"
    assert isinstance(scene.opened(UNKNOWN), LeftAlone)
    scene.policy("knowledge: docs/nowhere\n")
    done = scene.opened(UNKNOWN)
    assert isinstance(done, LeftAlone)
    assert "knowledge: there are no YAML files in `docs/nowhere` here. Name a folder with a faq.yaml." in done.why


_FORM = """\
name: Bug
description: Something fails
body:
  - type: input
    id: spout
    attributes: {label: Spout model}
    validations: {required: true}
  - type: textarea
    id: what
    attributes: {label: What happened}
    validations: {required: true}
"""
_FILLED = "### Spout model\n\n_No response_\n\n### What happened\n\nIt fails with `ValueError: the spout is on fire`."


def test_16_the_repositorys_own_forms_say_what_is_asked_for(scene: Scene) -> None:
    """A required field of an issue form that was left empty is asked for by its label; the organisation's forms do."""
    scene.github.add_repository("example/.github").files[".github/ISSUE_TEMPLATE/bug.yml"] = _FORM
    scene.opened(_FILLED)
    assert "Spout model" in scene.living
    scene.edited(_FILLED.replace("_No response_", "S-3"))
    assert "**Spout model**" not in scene.living


def test_17_a_missing_permission_is_named(scene: Scene) -> None:
    """A refusal names what the token must be able to do, and is not tried for ever."""
    scene.github.faults.append(
        Fault(where="POST .*comments", status=403, message="Resource not accessible by integration")
    )
    with pytest.raises(RemoteError) as raised:
        scene.opened()
    assert raised.value.retry_after is None
    assert "needs to read and write issues" in str(raised.value)


def test_18_a_chinese_reporter_is_answered_in_chinese(scene: Scene) -> None:
    """Nothing is judged by its script: the same answer, in the reporter's language, requests as well."""
    scene.opened(CHINESE + ANSWERED)
    assert "没有安装壶盖模块" in scene.living
    scene.edited(CHINESE + UNKNOWN)
    assert "水壶版本" in scene.living
    assert "要继续定位" in scene.notes[0]


def test_19_helpers_and_quotes_do_not_trigger(scene: Scene) -> None:
    """Only what the reporter wrote is read, and in a thread only while something is asked for."""
    scene.opened(CALM)
    scene.comment(ANSWERED, "helper")
    scene.comment("I saw this elsewhere:\n\n" + ANSWERED)
    assert scene.comments == []


def test_20_a_report_with_an_open_fence_is_read_with_its_answer(scene: Scene) -> None:
    """A code block that was never closed does not swallow what its reporter adds below."""
    scene.opened("It fails:\n\n```\nValueError: the spout is on fire")
    scene.comment("Kettle: 2.1")
    assert scene.issue.labels == []
