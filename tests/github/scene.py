"""A repository on the stand-in with the bot behind it: real PyGithub, a real store, everything but the web door."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fakes.github import Issue, StandIn
from tests.making import SHIPPED, knowledge
from triagebot.github.accounts import Address, TokenAccount
from triagebot.github.client import GitHubHands
from triagebot.github.desk import SILENCE, Desk
from triagebot.github.files import Files
from triagebot.github.rulebook import Rulebooks
from triagebot.pipeline import Triage
from triagebot.plan import MARKER
from triagebot.records import Delivery, LeftAlone, Verdict
from triagebot.service import Service
from triagebot.store import Store

HERE = "example/kettle"
TARGET = f"{HERE}#1"
POLICY = ".github/triagebot.yml"
ANSWERED = "kettle: 2.1\n\n```\nModuleNotFoundError: No module named 'kettle._lid'\n```\n"
OTHER = "kettle: 2.1\n\n```\nheater 3 is dry\n```\n"
UNKNOWN = "```\nValueError: the spout is on fire\n```"
HINTED = "How can I keep the water warm after boiling?"
CALM = "Thank you for this kettle, it is a joy to use every morning."
_SHIPPED = {path.name: path.read_text("utf-8") for path in SHIPPED.glob("*.yaml")}
_TRIAGE = Triage(knowledge())


class Scene:
    """One issue, and everybody who has a say in it."""

    def __init__(self, github: StandIn, folder: Path) -> None:
        self.github = github
        self.store = Store(f"sqlite:///{folder}/t.db")
        self.now = time.time()
        account = TokenAccount(Address(api_url=github.url, pause=0), "t")
        self.hands = GitHubHands(account)
        self.rules = Rulebooks(Files(account, 0.0), _TRIAGE, Triage, _SHIPPED)
        self.service = Service(
            _TRIAGE,
            self.hands,
            self.store.memory,
            rules=self.rules,
            opinions=self.store.feedback,
            clock=lambda: self.now,
        )
        self.desk = Desk(self.service, self.hands)
        github.clock = lambda: self.now

    @property
    def issue(self) -> Issue:
        return self.github.repositories[HERE].issues[1]

    @property
    def comments(self) -> list[str]:
        return [kept["body"] for kept in self.issue.comments if kept["user"]["login"] == self.github.login]

    @property
    def living(self) -> str:
        """The living comment; there is never more than one."""
        found = [body for body in self.comments if body.startswith(f"{MARKER}\n")]
        assert len(found) <= 1, found
        return found[0] if found else ""

    @property
    def notes(self) -> list[str]:
        return [body for body in self.comments if not body.startswith(f"{MARKER}\n")]

    def policy(self, text: str) -> None:
        self.github.repositories[HERE].files[POLICY] = text

    def hear(self, payload: dict[str, Any], event: str = "issues") -> Verdict | LeftAlone:
        return self.desk.work_through([Delivery(guid="g", event=event, key=TARGET, payload=json.dumps(payload))])

    def opened(self, body: str = ANSWERED, title: str = "") -> Verdict | LeftAlone:
        self.issue.body, self.issue.title = body, title
        return self.hear(self.github.event("opened", HERE, 1))

    def edited(self, body: str) -> Verdict | LeftAlone:
        self.issue.body = body
        return self.hear(self.github.event("edited", HERE, 1, changes={"body": {"from": ""}}))

    def comment(self, body: str, author: str = "reporter", association: str = "NONE") -> dict[str, Any]:
        """Comment as somebody, and deliver the event; returns the comment as it is kept."""
        kept = self.github.add_comment(self.issue, body, author, association)
        self.hear(self.github.comment_event("created", HERE, 1, kept, author), "issue_comment")
        return kept

    def maintainer(self, body: str) -> dict[str, Any]:
        return self.comment(body, "maintainer", "MEMBER")

    def unlabel(self, name: str, who: str = "maintainer") -> None:
        self.issue.labels.remove(name)
        self.hear(self.github.event("unlabeled", HERE, 1, who, label={"name": name}))

    def days_pass(self, days: float) -> Verdict | LeftAlone:
        self.now += days * 86_400
        return self.desk.work_through([Delivery(guid="s", event=SILENCE, key=TARGET, payload="{}")])


@contextmanager
def playing(folder: Path) -> Iterator[Scene]:
    """Open a repository with one issue."""
    with StandIn().running() as github:
        github.add_repository(HERE, ["installation", "bug", "needs-info"])
        github.open_issue(HERE, "", CALM)
        scene = Scene(github, folder)
        try:
            yield scene
        finally:
            scene.store.close()
