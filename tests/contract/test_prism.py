"""Our calls and the stand-in's answers, both checked against GitHub's own OpenAPI document by Prism in between."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import requests

from tests.fakes import node
from tests.fakes.app import NUMBER, PEM, App
from tests.fakes.github import StandIn
from tests.github.scene import ANSWERED, HERE, OTHER, UNKNOWN, Scene
from triagebot.github import examine
from triagebot.github.accounts import Address, AppAccount, Key, TokenAccount
from triagebot.github.client import GitHubHands
from triagebot.github.manifest import exchange
from triagebot.github.reactions import Reactions
from triagebot.github.recollect import recollect
from triagebot.records import Action, Kind, Report


@pytest.fixture(scope="module")
def github() -> Iterator[StandIn]:
    """The stand-in with Prism before it: what breaks the document is answered by Prism with 422 or 500."""
    node.installed(node.PRISM)
    document = node.openapi()
    with StandIn().running() as standing, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        prism = node.installed(node.PRISM).parent.parent / ".bin" / "prism"
        command = [str(prism), "proxy", "--errors", str(document), standing.url, "--port", str(port)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            try:
                standing.url = f"http://127.0.0.1:{port}"
                _until_it_answers(standing.url)
                yield standing
            finally:
                running.kill()


def _until_it_answers(url: str) -> None:
    for _ in range(300):
        try:
            requests.get(f"{url}/rate_limit", timeout=5)
        except requests.RequestException:
            time.sleep(0.2)
        else:
            return
    pytest.fail("Prism did not start")


@pytest.fixture
def scene(github: StandIn, tmp_path: Path) -> Iterator[Scene]:
    github.repositories.clear()
    github.app = None
    github.add_repository(HERE, ["installation", "bug", "needs-info"])
    github.open_issue(HERE, "", ANSWERED)
    scene = Scene(github, tmp_path)
    yield scene
    scene.store.close()


def test_prism_sees_what_breaks_the_document(github: StandIn) -> None:
    """The guard is awake: a comment without a body is refused before it reaches the stand-in."""
    github.open_issue("example/guard", "", "")
    answer = requests.post(f"{github.url}/repos/example/guard/issues/1/comments", json={"text": "x"}, timeout=10)
    assert answer.status_code == 422
    assert github.repositories["example/guard"].issues[1].comments == []


def test_the_whole_life_of_a_report_keeps_the_contract(scene: Scene) -> None:
    """Answer, other answer, note, labels on and off, commands with reactions, policy and knowledge from files."""
    scene.policy("labels: act\nremind-after-days: 1\nclose-after-days: 1\n")
    scene.opened(ANSWERED)
    scene.edited(OTHER)
    scene.edited(UNKNOWN)
    assert len(scene.notes) == 1
    scene.comment("/triage why")
    scene.edited(UNKNOWN + "\n\nKettle: 2.1")
    assert scene.issue.labels == []
    recollect(f"{HERE}#1", scene.hands, scene.store.memory, scene.service)
    faq = 'entries:\n  - {id: own, title: Ours, signatures: ["the spout is on fire"], fix: Use water.}\n'
    scene.github.repositories[HERE].files["docs/triage/faq.yaml"] = faq
    scene.policy("knowledge: docs/triage\n")
    scene.edited(UNKNOWN + "\nagain")
    assert "Use water." in scene.living


def test_counting_reactions_and_looking_for_labels_keep_the_contract(scene: Scene) -> None:
    """A comment by its number; labels beyond the first hundred by their names."""
    scene.opened(ANSWERED)
    scene.issue.comments[0]["reactions"]["-1"] = ["reporter"]
    account = TokenAccount(Address(api_url=scene.github.url, pause=0), "t")
    assert Reactions(account, scene.store.feedback, partial(scene.store.memory.standing, 14, 10)).run() == 1
    scene.github.repositories[HERE].labels += [f"area/{number}" for number in range(120)]
    assert scene.hands.missing_labels(f"{HERE}#1", ["area/119", "bug", "none"]) == {"none"}


def test_closing_and_opening_again_keep_the_contract(scene: Scene) -> None:
    """Reminder, closing and the opening by a word."""
    scene.policy("remind-after-days: 1\nclose-after-days: 1\n")
    scene.opened(UNKNOWN)
    scene.days_pass(2)
    assert scene.hands.waiting(HERE, "needs-info") == (f"{HERE}#1",)
    scene.days_pass(2)
    assert scene.issue.state == "closed"
    scene.now += 60
    scene.comment("Kettle: 2.1")
    assert scene.issue.state == "open"


def test_many_comments_keep_the_contract(scene: Scene) -> None:
    """Three pages of comments are read with their links."""
    for number in range(230):
        scene.github.add_comment(scene.issue, f"comment {number}", "somebody")
    assert len(scene.hands.comments(f"{HERE}#1")) == 230


def test_an_app_keeps_the_contract(scene: Scene) -> None:
    """App, installation, token, and what the App writes."""
    scene.github.app = App(installed={HERE})
    account = AppAccount(Address(api_url=scene.github.url, pause=0), Key(app_id=str(NUMBER), pem=PEM))
    hands = GitHubHands(account)
    assert isinstance(hands.look(f"{HERE}#1"), Report)
    hands.do(Action(kind=Kind.COMMENT, target=f"{HERE}#1", value="hello", key="k"))
    assert scene.issue.comments[-1]["user"]["login"] == hands.own_login()
    assert examine.lacking(account) == {}
    assert exchange(scene.github.url, "good-code").pem == PEM


def test_the_doctor_keeps_the_contract(scene: Scene) -> None:
    """Repository, labels, and the creation of a missing one."""
    account = TokenAccount(Address(api_url=scene.github.url, pause=0), "t")
    assert examine.look(account, HERE).issues
    assert examine.missing_labels(account, HERE, ["bug", "new one"]) == ["new one"]
    examine.create_labels(account, HERE, ["new one"])
    assert "new one" in scene.github.repositories[HERE].labels
