"""The living comment over the life of a report: edited, struck when satisfied, anew only for a new question."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.making import knowledge, report
from triagebot.pipeline import Triage
from triagebot.plan import MARKER, note, note_key
from triagebot.plan.memo import read_memo, short_id, write_memo
from triagebot.records import Action, History, Kind, Memo, Note, Policy

TRIAGE = Triage(knowledge())
TRACE = "kettle: 2.1\n\n```\nModuleNotFoundError: No module named 'kettle._lid'\n```\n"
OTHER = "kettle: 2.1\n\n```\nheater 3 is dry\n```\n"
UNKNOWN = "```\nValueError: the spout is on fire\n```"
VAGUE = "It fails. kettle: 2.1"
CALM = "Thank you for this kettle, it is a joy to use every morning."


def acts(body: str, history: History = History(), policy: Policy | None = None, title: str = "") -> list[Action]:  # noqa: B008
    policy = policy or Policy()
    return list(TRIAGE.answer(TRIAGE.judge(report(body, title), policy), history, policy)[1])


def comment(body: str, before: str = "", policy: Policy | None = None) -> str:
    """Return the text of the living comment after a report has become `body`."""
    made = [action.value for action in acts(body, History(reply=before), policy) if action.kind is Kind.COMMENT]
    return made[0] if made else before


def test_the_comment_carries_its_memo_where_nobody_sees_it() -> None:
    """Marker and memo are HTML comments on the first two lines."""
    first, second, rest = comment(TRACE).split("\n", 2)
    assert (first, second) == (MARKER, "<!-- triagebot:memo answers=lid-missing -->")
    assert "The lid module" in rest


def test_an_answer_that_changes_is_struck_in_the_history() -> None:
    """The old answer is struck and folded away below the new one."""
    text = comment(OTHER, comment(TRACE))
    assert text.index("Fill it.") < text.index("<details>") < text.index("~~The lid module is not installed~~")


def test_a_request_is_struck_when_it_is_met() -> None:
    """What was asked for and is there now is struck; where nothing else is to be said, thanks are."""
    text = comment(CALM + " kettle: 2.1", comment(UNKNOWN))
    assert "~~Kettle version~~: settled" in text
    assert "Everything that was asked for is there now" in text
    assert "withdrawn" not in text


def test_an_answer_that_ends_is_withdrawn() -> None:
    """An answer whose error is gone from the report is withdrawn, and struck."""
    text = comment(CALM, comment(TRACE))
    assert "no longer applies" in text
    assert "~~The lid module is not installed~~" in text


def test_an_answer_that_a_person_called_wrong_is_withdrawn_with_a_word_of_regret() -> None:
    """The reporter sees that they were heard; the answer does not come back, whatever the report says later."""
    policy = Policy(withdrawn=frozenset({"lid-missing"}))
    text = comment(TRACE, comment(TRACE), policy)
    assert "Sorry for the noise" in text
    assert read_memo(text) == Memo(wrong=("lid-missing",))
    assert "pip install" not in comment(TRACE + "\nmore", text, policy)


def test_the_first_request_is_in_the_comment_itself() -> None:
    """A new comment notifies by itself: no second one is needed."""
    assert [action.kind for action in acts(UNKNOWN)] == [Kind.COMMENT, Kind.LABEL]


def test_a_new_request_reaches_the_reporter_by_a_comment_of_its_own() -> None:
    """An edit would notify nobody; the same request is never written twice."""
    before = comment(TRACE)
    written = next(action for action in acts(UNKNOWN, History(reply=before)) if action.kind is Kind.NOTE)
    assert "run `kettle --version`" in written.value
    key = note_key(written.value)
    assert key == "request:kettle"
    standing = History(reply=before, notes={key: Note(comment="9", text=written.value)})
    assert Kind.NOTE not in [action.kind for action in acts(UNKNOWN, standing)]
    assert Kind.NOTE not in [action.kind for action in acts(UNKNOWN, History(reply=comment(UNKNOWN, before)))]


def test_what_was_supplied_and_taken_away_again_is_not_asked_for_aloud() -> None:
    """A fact that was met once is asked for in the living comment only: no nagging."""
    met = comment(CALM + " kettle: 2.1", comment(UNKNOWN))
    assert Kind.NOTE not in [action.kind for action in acts(UNKNOWN, History(reply=met))]


def test_a_note_is_settled_when_its_request_is_met() -> None:
    """The note is edited once, and then left alone."""
    note = Note(comment="9", text="<!-- triagebot:note request:kettle -->\nplease")
    before = History(reply=comment(UNKNOWN), notes={"request:kettle": note})
    edit = next(action for action in acts(VAGUE + "\n" + TRACE, before) if action.kind is Kind.EDIT)
    assert (edit.comment, note_key(edit.value)) == ("9", "request:kettle")
    assert "please" not in edit.value
    after = replace(before, notes={"request:kettle": replace(note, text=edit.value)})
    assert Kind.EDIT not in [action.kind for action in acts(TRACE, after)]


MANY = tuple(f"请填写您的第{n}个环境信息,越详细越好" for n in range(30)) + tuple(
    f"{'the-version-of-' * 6}{n}" for n in range(10)
)


def test_a_form_of_forty_fields_is_remembered_like_any_other() -> None:
    """However many fields there are and however they are called, the request is found again and not written twice."""
    key = "request:" + ",".join(map(short_id, MANY))
    (asking,) = note("o/r#1", key, "Please fill these in.", History())
    assert note_key(asking.value) == key
    standing = History(notes={key: Note(comment="1", text=asking.value)})
    assert note("o/r#1", key, "Please fill these in.", standing) == []
    memo = Memo(answers=("lid-missing",), asked=MANY, met=MANY)
    assert read_memo(f"{MARKER}\n{write_memo(memo)}\ntext") == memo


_PLAIN = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
_OF_FORMS = st.sampled_from(["bug_description", "Version", "环境信息", "a, b -->", "x--61"])
_IDS = st.lists(_PLAIN | _OF_FORMS, max_size=4).map(tuple)


@given(st.builds(Memo, answers=_IDS, hints=_IDS, asked=_IDS, met=_IDS, gone=_IDS, wrong=_IDS))
def test_a_memo_is_read_as_it_was_written(memo: Memo) -> None:
    """Whatever ids there are, they come back, on one line that ends nowhere but at its end."""
    line = write_memo(memo)
    assert read_memo(f"{MARKER}\n{line}\ntext") == memo
    assert line.index("-->") == len(line) - 3


@given(st.text(max_size=200))
def test_any_text_has_a_memo(text: str) -> None:
    """A comment that was tampered with is read as far as it goes."""
    assert isinstance(read_memo(f"<!-- triagebot:memo {text} -->"), Memo)
