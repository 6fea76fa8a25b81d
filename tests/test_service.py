"""The service: a report is brought to the state it should be in, once, and people have the last word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.github import Fault, Issue, StandIn
from tests.making import knowledge
from triagebot.errors import RemoteError, WriteUncertain
from triagebot.github.accounts import Address, TokenAccount
from triagebot.github.client import GitHubHands
from triagebot.github.desk import Desk
from triagebot.pipeline import Triage
from triagebot.plan import MARKER
from triagebot.records import Delivery, LeftAlone, Outcome, Verdict
from triagebot.service import Service
from triagebot.store import Store

HERE = "example/kettle"
TARGET = f"{HERE}#1"
BODY = "kettle: 2.1\n\n```\nModuleNotFoundError: No module named 'kettle._lid'\n```\n"
OTHER = "kettle: 2.1\n\n```\nheater 3 is dry\n```\n"
CALM = "Thank you for this kettle, it is a joy to use every morning."


class Bench:
    """A service on a real ledger, its hands on the stand-in through real PyGithub."""

    def __init__(self, github: StandIn, folder: Path) -> None:
        self.github = github
        self.store = Store(f"sqlite:///{folder}/t.db")
        self.hands = GitHubHands(TokenAccount(Address(api_url=github.url, pause=0), "t"))
        self.service = Service(Triage(knowledge()), self.hands, self.store.memory)

    @property
    def issue(self) -> Issue:
        return self.github.repositories[HERE].issues[1]

    @property
    def comments(self) -> list[str]:
        return [kept["body"] for kept in self.issue.comments]

    def run(self) -> Verdict | LeftAlone:
        return self.service.triage(TARGET)

    def hear(self, *payloads: dict[str, Any]) -> Verdict | LeftAlone:
        deliveries = [
            Delivery(guid=str(number), event="issues", key=TARGET, payload=json.dumps(payload))
            for number, payload in enumerate(payloads)
        ]
        return Desk(self.service, self.hands).work_through(deliveries)

    def writes(self) -> list[str]:
        return [call.partition(" ")[0] for call in self.github.requests if not call.startswith("GET")]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with StandIn().running() as github:
        github.add_repository(HERE, ["installation", "bug", "needs-info"])
        github.open_issue(HERE, "It does not start", BODY)
        bench = Bench(github, tmp_path)
        yield bench
        bench.store.close()


def test_a_report_gets_its_reply_and_its_label(bench: Bench) -> None:
    """One comment with the fix behind the hidden marker, and the entry's label."""
    verdict = bench.run()
    assert isinstance(verdict, Verdict)
    assert verdict.outcome is Outcome.ANSWER
    assert len(bench.comments) == 1
    assert bench.comments[0].startswith(MARKER)
    assert "pip install kettle" in bench.comments[0]
    assert bench.issue.labels == ["installation"]


def test_a_second_run_changes_nothing(bench: Bench) -> None:
    """The same report again causes no write at all."""
    bench.run()
    bench.github.requests.clear()
    bench.run()
    assert bench.writes() == []


def test_an_edit_changes_the_one_comment(bench: Bench) -> None:
    """Another error in the report: the comment is edited in place, our label is exchanged."""
    bench.run()
    bench.issue.body = OTHER
    bench.run()
    assert len(bench.comments) == 1
    assert "Fill it." in bench.comments[0]
    assert bench.issue.labels == ["bug"]
    bench.issue.body = BODY
    bench.run()
    assert "pip install kettle" in bench.comments[0]
    assert bench.issue.labels == ["installation"]


def test_what_was_said_twice_is_taken_back(bench: Bench) -> None:
    """Of two comments of ours the one that the ledger knows stays; what others wrote is never touched."""
    bench.run()
    bench.github.add_comment(bench.issue, bench.comments[0], bench.github.login)
    bench.github.add_comment(bench.issue, bench.comments[0], "somebody")
    known = bench.store.memory.comment(TARGET)
    bench.service.drop_twins(TARGET)
    bench.service.drop_twins(TARGET)
    authors = [(str(kept["id"]) == known, kept["user"]["login"]) for kept in bench.issue.comments]
    assert authors == [(True, bench.github.login), (False, "somebody")]


def test_nothing_to_say_is_silence(bench: Bench) -> None:
    """A report that needs nothing gets no comment and no label."""
    bench.issue.title, bench.issue.body = "Thanks", CALM
    bench.run()
    assert (bench.comments, bench.issue.labels) == ([], [])


def test_labels_that_do_not_exist_are_never_created(bench: Bench) -> None:
    """A label that the repository does not have is left out; the comment is written all the same."""
    bench.github.repositories[HERE].labels[:] = ["wontfix"]
    bench.run()
    assert bench.github.repositories[HERE].labels == ["wontfix"]
    assert (len(bench.comments), bench.issue.labels) == (1, [])


def test_capitals_in_labels_do_not_matter(bench: Bench) -> None:
    """The repository's own spelling is used, kept, and taken off again."""
    bench.github.repositories[HERE].labels[:] = ["Installation", "bug"]
    bench.run()
    assert bench.issue.labels == ["Installation"]
    bench.github.requests.clear()
    bench.run()
    assert bench.writes() == []
    bench.issue.body = OTHER
    bench.run()
    assert bench.issue.labels == ["bug"]


def test_labels_of_others_are_not_touched(bench: Bench) -> None:
    """A label that a person put there stays, whatever we think of it."""
    bench.issue.labels[:] = ["bug", "installation"]
    bench.run()
    bench.issue.body = OTHER
    bench.run()
    assert bench.issue.labels == ["bug", "installation"]


def test_a_label_that_a_person_removed_is_never_put_back(bench: Bench) -> None:
    """Our label is gone: we remember why, even when the event never reached us."""
    bench.run()
    bench.issue.labels.clear()
    bench.run()
    bench.issue.body = BODY + "\nmore\n"
    bench.run()
    assert bench.issue.labels == []


def test_a_removal_that_we_only_heard_of_counts_as_well(bench: Bench) -> None:
    """A label that a person put on and took off before we came is not put on again; hearing of it writes nothing."""
    heard = bench.hear(bench.github.event("unlabeled", HERE, 1, "maintainer", label={"name": "Installation"}))
    assert isinstance(heard, LeftAlone)
    assert bench.writes() == []
    bench.hear(bench.github.event("edited", HERE, 1))
    assert (len(bench.comments), bench.issue.labels) == (1, [])


def test_our_own_removal_is_not_a_persons(bench: Bench) -> None:
    """The event about a label that we took off ourselves does not keep us from putting it on again."""
    bench.run()
    bench.issue.body = OTHER
    bench.run()
    bench.hear(bench.github.event("unlabeled", HERE, 1, "triage-robot", label={"name": "installation"}))
    bench.issue.body = BODY
    bench.run()
    assert bench.issue.labels == ["installation"]


def test_several_events_are_one_run(bench: Bench) -> None:
    """Deliveries that piled up cause one look and one comment."""
    opened, edited = bench.github.event("opened", HERE, 1), bench.github.event("edited", HERE, 1)
    bench.hear(opened, edited, edited)
    assert len(bench.comments) == 1
    assert sum(call == f"GET /repos/{HERE}/issues/1" for call in bench.github.requests) == 1


def test_the_report_of_this_moment_counts(bench: Bench) -> None:
    """An event about an old state answers the issue as it is now."""
    old = bench.github.event("opened", HERE, 1)
    bench.issue.body = OTHER
    bench.hear(old)
    assert "Fill it." in bench.comments[0]


def test_an_issue_that_was_closed_meanwhile_is_left_alone(bench: Bench) -> None:
    """What is not for us any more gets nothing."""
    opened = bench.github.event("opened", HERE, 1)
    bench.issue.state = "closed"
    assert isinstance(bench.hear(opened), LeftAlone)
    assert bench.writes() == []


def test_a_comment_that_a_person_deleted_is_not_written_again(bench: Bench) -> None:
    """A deleted reply is an answer: later edits get no new one, whichever run notices."""
    bench.run()
    bench.issue.comments.clear()
    for body in (OTHER, BODY, OTHER):
        bench.issue.body = body
        bench.run()
    assert bench.comments == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault(where="POST .*comments", status=502, after=True),
        Fault(where="POST .*comments", status=502),
        Fault(where="POST .*comments", drop=True, after=True),
    ],
)
def test_a_lost_answer_makes_no_second_comment(bench: Bench, fault: Fault) -> None:
    """Whether or not the comment was created before the answer was lost, there is one in the end."""
    bench.github.faults.append(fault)
    with pytest.raises(WriteUncertain):
        bench.run()
    bench.run()
    bench.run()
    assert len(bench.comments) == 1
    assert bench.issue.labels == ["installation"]


def test_a_comment_found_after_a_lost_answer_is_known_from_then_on(bench: Bench) -> None:
    """After the marker was found once, the ledger knows the comment, and a deletion by a person is respected."""
    bench.github.faults.append(Fault(where="POST .*comments", after=True))
    with pytest.raises(WriteUncertain):
        bench.run()
    bench.run()
    bench.issue.comments.clear()
    bench.issue.body = OTHER
    bench.run()
    bench.run()
    assert bench.comments == []


def test_a_lost_answer_to_an_edit_ends_in_the_right_text(bench: Bench) -> None:
    """An edit that may or may not have happened is compared with what stands there."""
    bench.run()
    bench.issue.body = OTHER
    for after in (True, False):
        bench.github.faults.append(Fault(where="PATCH", after=after))
        with pytest.raises(WriteUncertain):
            bench.run()
        bench.issue.body = BODY if after else OTHER
    bench.run()
    assert len(bench.comments) == 1
    assert "Fill it." in bench.comments[0]


def test_a_lost_answer_to_a_label_is_ours_all_the_same(bench: Bench) -> None:
    """The label whose answer was lost is ours to take off, and not held against a person when it is not there."""
    for after in (True, False):
        bench.github.faults.append(Fault(where="POST .*labels", after=after))
        with pytest.raises(WriteUncertain):
            bench.run()
        bench.run()
        assert bench.issue.labels == ["installation"]
        bench.issue.body = CALM
        bench.issue.title = "Thanks"
        bench.run()
        assert bench.issue.labels == []
        bench.issue.body = BODY


def test_a_new_ledger_finds_the_old_comment(bench: Bench, tmp_path: Path) -> None:
    """When the database was lost, the marker on the issue saves from a second comment."""
    bench.run()
    fresh = Bench(bench.github, tmp_path / "new")
    bench.issue.body = OTHER
    fresh.run()
    fresh.store.close()
    assert len(bench.comments) == 1
    assert "Fill it." in bench.comments[0]


def test_a_rate_limit_leaves_the_rest_for_later(bench: Bench) -> None:
    """What was done before the limit is not done again after it."""
    bench.github.faults.append(Fault(where="POST .*labels", status=429, headers={"Retry-After": "30"}))
    with pytest.raises(RemoteError) as raised:
        bench.run()
    assert raised.value.retry_after == 30
    bench.github.requests.clear()
    bench.run()
    assert bench.writes() == ["POST"]
    assert (len(bench.comments), bench.issue.labels) == (1, ["installation"])
