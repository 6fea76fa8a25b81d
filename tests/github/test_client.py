"""The hands on GitHub, through real PyGithub over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.fakes.github import Fault, Issue, StandIn
from triagebot.errors import Gone, RemoteError, WriteUncertain
from triagebot.github.accounts import Address, TokenAccount
from triagebot.github.client import GitHubHands
from triagebot.plan import MARKER
from triagebot.ports import Standing
from triagebot.records import Action, Kind, LeftAlone, Report
from triagebot.service.thread import find_reply

HERE = "open-mmlab/mmdetection"
TARGET = f"{HERE}#1"
OURS = f"{MARKER}\nhello"


def hands_of(url: str, token: str) -> GitHubHands:
    return GitHubHands(TokenAccount(Address(api_url=url, pause=0), token))


@pytest.fixture
def github() -> Iterator[StandIn]:
    with StandIn(token="secret-token").running() as standing:
        standing.add_repository(HERE, ["bug", "area: ops/cuda", "需要 信息"])
        standing.open_issue(HERE, "It fails", "Traceback ...")
        yield standing


@pytest.fixture
def issue(github: StandIn) -> Issue:
    return github.repositories[HERE].issues[1]


@pytest.fixture
def hands(github: StandIn) -> GitHubHands:
    return hands_of(github.url, "secret-token")


def comment(text: str = OURS) -> Action:
    return Action(kind=Kind.COMMENT, target=TARGET, value=text, key="k")


def label(name: str, kind: Kind = Kind.LABEL) -> Action:
    return Action(kind=kind, target=TARGET, value=name, key="k")


def test_the_issue_is_read_as_it_is_now(github: StandIn, hands: GitHubHands, issue: Issue) -> None:
    """Title, body and labels are those of this moment, with one request."""
    issue.title, issue.labels = "It still fails", ["bug"]
    report = hands.look(TARGET)
    assert isinstance(report, Report)
    assert (report.id, report.title, report.labels) == (TARGET, "It still fails", frozenset({"bug"}))
    assert github.requests == [f"GET /repos/{HERE}/issues/1"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": "closed"}, "closed"),
        ({"locked": True}, "locked"),
        ({"pull_request": True}, "pull request"),
        ({"deleted": True}, "deleted"),
        ({"moved_to": "/repos/other/place/issues/1"}, "moved"),
    ],
)
def test_an_issue_that_is_not_for_us_any_more(
    github: StandIn, hands: GitHubHands, issue: Issue, change: dict[str, object], why: str
) -> None:
    """What became of an issue since its event was sent is seen."""
    github.open_issue("other/place", "It fails", "Traceback ...")
    for name, value in change.items():
        setattr(issue, name, value)
    seen = hands.look(TARGET)
    assert isinstance(seen, LeftAlone)
    assert why in seen.why


def test_a_comment_is_written_with_one_request(github: StandIn, hands: GitHubHands, issue: Issue) -> None:
    """A new comment is one POST, and its receipt names it."""
    receipt = hands.do(comment())
    assert [(str(kept["id"]), kept["body"]) for kept in issue.comments] == [(receipt.result, OURS)]
    assert github.requests == [f"POST /repos/{HERE}/issues/1/comments"]


def test_a_known_comment_is_edited(github: StandIn, hands: GitHubHands, issue: Issue) -> None:
    """The living comment is edited in place, with one request."""
    known = str(github.add_comment(issue, OURS, "triage-robot")["id"])
    assert hands.do(comment("new"), known).result == known
    assert [kept["body"] for kept in issue.comments] == ["new"]
    assert github.requests == [f"PATCH /repos/{HERE}/issues/comments/{known}"]


def test_a_deleted_comment_is_gone(hands: GitHubHands, issue: Issue) -> None:
    """Editing a comment that a person deleted is told as such, and nothing is written."""
    with pytest.raises(Gone):
        hands.do(comment(), "4711")
    assert issue.comments == []


def test_our_comment_is_found_among_hundreds(github: StandIn, hands: GitHubHands, issue: Issue) -> None:
    """The marker on the first line of our own comment decides, on whichever page, not somebody's quote of it."""
    for number in range(230):
        github.add_comment(issue, f"comment {number}", "somebody")
    github.add_comment(issue, OURS, "impostor")
    github.add_comment(issue, f"I wrote {OURS}", "triage-robot")
    assert find_reply(hands.comments(TARGET)) == Standing(comment="", text="")
    assert len(github.requests) == 4  # one a page, and one for the account
    ours = github.add_comment(issue, OURS.replace("\n", "\r\n"), "Triage-Robot")
    assert find_reply(hands.comments(TARGET)) == Standing(comment=str(ours["id"]), text=OURS)
    assert sum(call == "GET /user" for call in github.requests) == 1


@pytest.mark.parametrize("others", [3, 10_000])
def test_labels_are_known_however_many_there_are(github: StandIn, hands: GitHubHands, others: int) -> None:
    """What is not among the first hundred is asked for by name, in whatever spelling, not looked for page by page."""
    github.repositories[HERE].labels[:] = [*(f"label {number}" for number in range(others)), "Area: ops/CUDA", "需要"]
    wanted = ["area: ops/cuda", "需要", "label 2", "nowhere/to be seen"]
    assert hands.missing_labels(TARGET, wanted) == {"nowhere/to be seen"}
    assert len(github.requests) <= 4


@pytest.mark.parametrize("name", ["bug", "area: ops/cuda", "需要 信息"])
def test_labels_of_any_spelling_go_on_and_off(hands: GitHubHands, issue: Issue, name: str) -> None:
    """Spaces, slashes and Chinese reach the right label."""
    hands.do(label(name))
    assert issue.labels == [name]
    hands.do(label(name, Kind.UNLABEL))
    assert issue.labels == []


def test_a_label_that_is_off_already_is_fine(hands: GitHubHands) -> None:
    """Taking off what is not there has the wished result."""
    assert hands.do(label("bug", Kind.UNLABEL)).result == ""


@pytest.mark.parametrize(
    "fault",
    [
        Fault(where="POST .*comments", status=502, after=True),
        Fault(where="POST .*comments", status=500, after=False),
        Fault(where="POST .*comments", drop=True, after=True),
        Fault(where="POST .*comments", drop=True),
    ],
)
def test_a_write_without_an_answer_is_uncertain_and_not_repeated(
    github: StandIn, hands: GitHubHands, issue: Issue, fault: Fault
) -> None:
    """A server error or a broken line during a write is one request, and told as uncertain."""
    github.faults.append(fault)
    with pytest.raises(WriteUncertain) as raised:
        hands.do(comment())
    assert raised.value.retry_after == 0
    assert len(github.requests) == 1
    assert len(issue.comments) == fault.after


def test_a_read_without_an_answer_is_certain(github: StandIn, hands: GitHubHands) -> None:
    """A failed read may be repeated without a thought."""
    for fault in (Fault(where="GET"), Fault(where="GET", drop=True)):
        github.faults.append(fault)
        with pytest.raises(RemoteError) as raised:
            hands.look(TARGET)
        assert not isinstance(raised.value, WriteUncertain)
        assert raised.value.retry_after == 0


@pytest.mark.parametrize(
    ("status", "message", "headers", "least", "most"),
    [
        (403, "slow down", {"Retry-After": "30"}, 30, 30),
        (429, "slow down", {"Retry-After": "30"}, 30, 30),
        (429, "slow down", {}, 60, 60),
        (403, "You have exceeded a secondary rate limit.", {}, 60, 60),
        (403, "API rate limit exceeded", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9999999999"}, 3600, 3600),
        (403, "API rate limit exceeded", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "5"}, 1, 1),
        (429, "slow down", {"Retry-After": "soon"}, 60, 60),
    ],
)
def test_a_rate_limit_names_its_time(  # noqa: PLR0917
    github: StandIn, hands: GitHubHands, status: int, message: str, headers: dict[str, str], least: int, most: int
) -> None:
    """A rate limit comes back at once with the seconds to wait, and is not waited for here."""
    github.faults.append(Fault(where="POST", status=status, message=message, headers=headers))
    with pytest.raises(RemoteError) as raised:
        hands.do(comment())
    assert not isinstance(raised.value, WriteUncertain)
    assert raised.value.retry_after is not None
    assert least <= raised.value.retry_after <= most
    assert len(github.requests) == 1


def test_what_cannot_succeed_is_not_tried_again(github: StandIn, hands: GitHubHands, issue: Issue) -> None:
    """Locked, gone, unknown, invalid: pointless to repeat, and the message says what to do."""
    issue.locked = True
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: hands.do(comment()), "the conversation is locked"),
        (lambda: hands.look("open-mmlab/nothing#1"), "give the token access"),
        (lambda: hands.missing_labels("open-mmlab/nothing#1", ["bug"]), "give the token access"),
    ]
    for call, remedy in calls:
        with pytest.raises(RemoteError, match=remedy) as raised:
            call()
        assert raised.value.retry_after is None
    issue.locked = False
    with pytest.raises(RemoteError, match=r"too long \(maximum is 65536 characters\)") as raised:
        hands.do(comment("x" * 65_537))
    assert raised.value.retry_after is None
    assert issue.comments == []


def test_a_refused_token_is_told_and_may_be_renewed(github: StandIn) -> None:
    """A wrong token names the setting, never shows it, and deliveries wait for a new one."""
    with pytest.raises(RemoteError, match="TRIAGEBOT_GITHUB_TOKEN") as raised:
        hands_of(github.url, "wrong-token").look(TARGET)
    assert raised.value.retry_after == 0
    assert "wrong-token" not in str(raised.value)


def test_an_answer_that_is_not_githubs_is_told(github: StandIn) -> None:
    """An address where something else answers gives one message."""
    with pytest.raises(RemoteError):
        hands_of(f"{github.url}/elsewhere", "secret-token").look(TARGET)
