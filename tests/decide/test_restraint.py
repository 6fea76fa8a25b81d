"""How far a repository lets the bot go."""

from __future__ import annotations

import pytest

from tests.making import verdict
from triagebot.decide.restraint import restrain
from triagebot.records import Level, Outcome, Policy, Rung, Verdict

TRACE = "kettle: 2.1\n\n```\nModuleNotFoundError: No module named 'kettle._lid'\n```\n"
UNKNOWN = "```\nValueError: the spout is on fire\n```"
SILENT = (Rung.OFF, Rung.OBSERVE)


def held(body: str, **policy: object) -> Verdict:
    chosen = Policy(**policy)  # type: ignore[arg-type]
    return restrain(verdict(body, policy=chosen), chosen)


def labels(of: Verdict) -> dict[str, Level]:
    return {label.name: label.level for label in of.labels}


def test_by_default_everything_is_said() -> None:
    """The default policy changes nothing."""
    for body in (TRACE, UNKNOWN):
        assert restrain(verdict(body), Policy()) == verdict(body)


@pytest.mark.parametrize("rung", SILENT)
def test_answers_can_be_kept_back(rung: Rung) -> None:
    """Without answers nothing is answered; labels follow their own level."""
    said = held(TRACE, answers=rung)
    assert (said.outcome, said.answers) == (Outcome.SILENT, ())
    assert labels(said) == {"installation": Level.ACT}


def test_answers_can_be_hints_only() -> None:
    """At level suggest even the surest answer only may help, and its label is only shown."""
    said = held(TRACE, answers=Rung.SUGGEST)
    assert said.outcome is Outcome.SUGGEST
    assert labels(said)["installation"] is Level.SUGGEST


@pytest.mark.parametrize("rung", SILENT)
def test_asking_can_be_kept_back_with_its_label(rung: Rung) -> None:
    """Request and label appear together or not at all."""
    assert labels(held(UNKNOWN)) == {"needs-info": Level.ACT}
    said = held(UNKNOWN, needs_info=rung)
    assert (said.outcome, said.missing, said.labels) == (Outcome.SILENT, (), ())


def test_asking_at_level_suggest_is_never_the_only_thing_said() -> None:
    """What is missing is mentioned beside hints; alone it is no reason to speak."""
    assert held(UNKNOWN, needs_info=Rung.SUGGEST).outcome is Outcome.SILENT
    assert "needs-info" not in labels(held("How can I keep the water warm? It fails.", needs_info=Rung.SUGGEST))


@pytest.mark.parametrize("rung", SILENT)
def test_labels_can_be_kept_back(rung: Rung) -> None:
    """The answer is given without its label."""
    said = held(TRACE, labels=rung)
    assert (said.outcome, said.labels) == (Outcome.ANSWER, ())


def test_labels_can_be_shown_to_maintainers_only() -> None:
    """At level suggest they wait for a person."""
    assert labels(held(TRACE, labels=Rung.SUGGEST)) == {"installation": Level.SUGGEST}


def test_the_repositorys_own_names_are_used() -> None:
    """Labels go by the names that the repository gave them."""
    names = {"installation": "area: install"}
    assert list(labels(held(TRACE, label_names=names))) == ["area: install"]
    assert list(labels(held(UNKNOWN, needs_info_label="status: info"))) == ["status: info"]


def test_what_a_person_called_wrong_is_not_said() -> None:
    """The answer and its label are gone, and nothing is asked for its sake."""
    said = held(TRACE, withdrawn=frozenset({"lid-missing"}))
    assert (said.outcome, said.answers, said.missing, said.labels) == (Outcome.SILENT, (), (), ())


def test_an_entry_that_was_wrong_too_often_only_hints() -> None:
    """Demoted, it may help at most."""
    assert held(TRACE, demoted=frozenset({"lid-missing"})).outcome is Outcome.SUGGEST
