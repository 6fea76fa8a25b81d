"""The policy file: few keys, every mistake told with its place and remedy."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.errors import KnowledgeError
from triagebot.github.policy import PATH, PolicyFile, keys, read_policy
from triagebot.records import Exempt, Policy, Rung

FULL = """\
answers: suggest
needs-info: off
labels: observe
act-from: 0.9
suggest-from: 0.5
most-suggestions: 1
label-names: {needs-info: "status: info needed", bug: "kind/bug"}
languages: [zh]
exempt:
  maintainers: true
  authors: [Renovate]
  labels: [WontFix]
knowledge: docs/triage
remind-after-days: 14
close-after-days: 7
"""


def one(text: str) -> Policy:
    return read_policy([(PATH, text)])


def told(text: str) -> list[str]:
    with pytest.raises(KnowledgeError) as raised:
        one(text)
    return [str(problem) for problem in raised.value.problems]


def test_nothing_written_is_the_default() -> None:
    """No file, an empty one and one of comments alone are the default policy."""
    assert read_policy([]) == one("") == one("# nothing yet\n") == Policy()


def test_every_key_is_read() -> None:
    """Each key ends in its place of the policy; logins and labels are compared without regard to capitals."""
    assert one(FULL) == Policy(
        answers=Rung.SUGGEST,
        needs_info=Rung.OFF,
        labels=Rung.OBSERVE,
        act_from=0.9,
        suggest_from=0.5,
        most_suggestions=1,
        needs_info_label="status: info needed",
        label_names={"needs-info": "status: info needed", "bug": "kind/bug"},
        languages=("zh",),
        exempt=Exempt(maintainers=True, authors=frozenset({"renovate"}), labels=frozenset({"wontfix"})),
        knowledge="docs/triage",
        remind_after=14,
        close_after=7,
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("answer: off", f"{PATH}:1: answer: `answer` is not a key here. Did you mean `answers`?"),
        ("answers: sugest", f"{PATH}:1: answers: `sugest` is no level. Did you mean `suggest`?"),
        ("labels: all", f"{PATH}:1: labels: `all` is no level. Write off, observe, suggest or act."),
        ("\nexempt:\n  author: [x]", f"{PATH}:3: exempt.author: `author` is not a key here. Did you mean `authors`?"),
        ("act-from: 8", f"{PATH}:1: act-from: Input should be less than or equal to 1: `8`."),
        ("act-from: 0.2\nsuggest-from: 0.3", f"{PATH}:2: suggest-from: hints would need more than answers."),
        ("close-after-days: 7", f"{PATH}:1: close-after-days: nothing is closed unwarned."),
        ("knowledge: ../other", f"{PATH}:1: knowledge: leaves the repository: `../other`."),
        ("knowledge: /etc", f"{PATH}:1: knowledge: "),
        ("languages: []", f"{PATH}:1: languages: "),
        ("- a\n- b", f"{PATH}:1: the file holds no settings."),
        ("answers: [", f"{PATH}:1: not valid YAML"),
    ],
)
def test_a_wrong_config_is_told_with_place_and_remedy(text: str, message: str) -> None:
    """A typo is refused, with the line, the key, and the word that was probably meant."""
    assert [line[: len(message)] for line in told(text)] == [message]


def test_a_file_that_is_no_policy_costs_nothing() -> None:
    """A megabyte, ten thousand wrong keys, aliases of aliases: told in a few lines, without being taken in."""
    assert told("k: 1\n" * 200_000) == [f"{PATH}: the file has 1000000 characters. Keep it below 65536."]
    assert len(told("".join(f"k{number}: 1\n" for number in range(5_000)))) == 20
    bomb = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [{', '.join([f'*{m}'] * 9)}]\n" for m, n in pairwise("abcdefghijkl"))
    assert len(told(bomb)) <= 20


def test_all_mistakes_are_told_at_once() -> None:
    """One reading is enough to mend the file."""
    assert len(told("answer: off\nlabels: all\nact-from: x\n")) == 3


def test_the_repository_overrides_the_organisation_key_by_key() -> None:
    """What the repository does not say, the organisation says; mappings are merged, lists replaced."""
    organisation = "answers: observe\nlanguages: [zh, en]\nlabel-names: {bug: kind/bug, docs: area/docs}\n"
    repository = "answers: act\nlanguages: [en]\nlabel-names: {bug: defect}\n"
    merged = read_policy([("org", organisation), ("repo", repository)])
    assert merged.answers is Rung.ACT
    assert merged.languages == ("en",)
    assert merged.label_names == {"bug": "defect", "docs": "area/docs"}


def test_a_mistake_of_the_organisation_is_told_as_its_own() -> None:
    """The problem names the file that it stands in."""
    with pytest.raises(KnowledgeError) as raised:
        read_policy([("acme/.github", "answerz: off"), (PATH, "answers: act")])
    assert "acme/.github:1" in str(raised.value)


def test_every_key_is_documented_with_its_default() -> None:
    """docs/operations.md has one row for each key."""
    page = (Path(__file__).parent.parent.parent / "docs" / "operations.md").read_text("utf-8")
    assert [key for key in keys() if f"| `{key}` |" not in page] == []
    shown = {key: page.partition(f"| `{key}` | `")[2].partition("`")[0] for key in keys()}
    defaults = PolicyFile().model_dump(mode="json", by_alias=True)
    plain = {
        key: str(default) for key, default in defaults.items() if isinstance(default, int | float | str) and default
    }
    assert {key: shown[key] for key in plain} == plain
    assert all(field.description for field in PolicyFile.model_fields.values())


@given(st.text(max_size=200))
def test_any_text_is_read_or_told(text: str) -> None:
    """Whatever stands in the file, it gives a policy or problems."""
    try:
        assert isinstance(one(text), Policy)
    except KnowledgeError as error:
        assert error.problems  # noqa: PT017 - either is right
