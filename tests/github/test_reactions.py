"""Reactions are counted although nothing else happens to an issue."""

from __future__ import annotations

from functools import partial

import pytest

from tests.fakes.app import NUMBER, PEM, App
from tests.fakes.github import Fault
from tests.github.scene import ANSWERED, HERE, HINTED, Scene
from triagebot.errors import RemoteError
from triagebot.github.accounts import Address, AppAccount, Key, TokenAccount
from triagebot.github.reactions import Reactions


def reactions(scene: Scene, most: int = 10) -> Reactions:
    account = TokenAccount(Address(api_url=scene.github.url, pause=0), "t")
    return Reactions(account, scene.store.feedback, partial(scene.store.memory.standing, 14, most))


def counted(scene: Scene) -> dict[tuple[str, str], int]:
    return {key: times for key, times in scene.store.feedback.counts().items() if key[1] != "said"}


def test_a_thumbs_down_on_a_quiet_issue_is_recorded(scene: Scene) -> None:
    """No event comes: the next look finds it, once, and a look that finds nothing new costs nothing."""
    scene.opened()
    look = reactions(scene)
    assert look.run() == 0
    scene.issue.comments[0]["reactions"]["-1"] = ["reporter"]
    assert look.run() == 1
    assert counted(scene) == {("lid-missing", "disliked"): 1}
    assert (look.run(), scene.github.unchanged) == (0, 1)


def test_a_receipt_that_is_no_comment_ends_nothing(scene: Scene) -> None:
    """One broken row must not keep the rest from being read, hour for hour."""
    scene.opened()
    scene.issue.comments[0]["reactions"]["-1"] = ["reporter"]
    account = TokenAccount(Address(api_url=scene.github.url, pause=0), "t")
    standing = scene.store.memory.standing(14, 10)
    assert Reactions(account, scene.store.feedback, lambda: [(f"{HERE}#9", "nonsense"), *standing]).run() == 1


def test_a_reaction_that_was_taken_back_counts_no_more(scene: Scene) -> None:
    """People change their minds."""
    scene.opened()
    scene.issue.comments[0]["reactions"]["-1"] = ["reporter"]
    reactions(scene).run()
    scene.issue.comments[0]["reactions"].clear()
    reactions(scene).run()
    assert counted(scene) == {}


def test_only_the_latest_comments_are_looked_at(scene: Scene) -> None:
    """However many there are, a look costs so many requests; an edited comment is one."""
    for number in range(2, 6):
        scene.github.open_issue(HERE, "It fails", ANSWERED)
        scene.hear(scene.github.event("opened", HERE, number))
    scene.github.repositories[HERE].issues[5].body = HINTED
    scene.hear(scene.github.event("edited", HERE, 5))
    scene.github.requests.clear()
    reactions(scene, most=2).run()
    assert len([call for call in scene.github.requests if "/issues/comments/" in call]) == 2


def test_what_is_gone_or_refused_keeps_nobody_from_the_rest(scene: Scene) -> None:
    """A deleted comment is nothing, a refusal is told after the others were looked at, a limit at once."""
    scene.opened()
    second = scene.github.open_issue(HERE, "It fails", ANSWERED)
    scene.hear(scene.github.event("opened", HERE, 2))
    scene.issue.comments[0]["reactions"]["+1"] = ["reporter"]
    gone = second.comments.pop()
    assert reactions(scene).run() == 1
    second.comments.append(gone)
    scene.github.faults.append(Fault(where=f"GET .*comments/{gone['id']}", status=403))
    scene.issue.comments[0]["reactions"]["-1"] = ["reporter"]
    with pytest.raises(RemoteError, match="403"):
        reactions(scene).run()
    assert counted(scene)["lid-missing", "disliked"] == 1
    scene.github.faults.append(Fault(where="GET .*comments/", status=429, headers={"Retry-After": "9"}))
    scene.github.requests.clear()
    with pytest.raises(RemoteError):
        reactions(scene).run()
    assert len([call for call in scene.github.requests if "/issues/comments/" in call]) == 1


def test_an_app_looks_with_its_own_tokens(scene: Scene) -> None:
    """What an App wrote stands under its bot's name."""
    scene.opened()
    scene.github.app = App(installed={HERE})
    scene.issue.comments[0]["user"]["login"] = scene.github.writes_as
    scene.issue.comments[0]["reactions"]["+1"] = ["reporter"]
    account = AppAccount(Address(api_url=scene.github.url, pause=0), Key(app_id=str(NUMBER), pem=PEM))
    look = Reactions(account, scene.store.feedback, partial(scene.store.memory.standing, 14, 10))
    assert look.run() == 1
