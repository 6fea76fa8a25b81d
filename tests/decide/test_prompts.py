"""Required prompts are asked for unless they are answered, or met by a fact anywhere in the report."""

from __future__ import annotations

import pytest

from tests.making import knowledge, report
from triagebot.knowledge import read_issue_template
from triagebot.pipeline import Triage
from triagebot.records import Missing, Outcome

FORM = read_issue_template(
    "bug.yml",
    """\
body:
  - type: checkboxes
    attributes: {label: Checks, options: [{label: I read the FAQ, required: true}]}
  - {type: textarea, id: what, attributes: {label: Describe the bug}, validations: {required: true}}
  - {type: input, id: kettle-version, attributes: {label: Kettle version}, validations: {required: true}}
  - {type: input, id: socket, attributes: {label: What version of the socket are you using?}, validations: {required: true}}
  - {type: textarea, id: steps, attributes: {label: 复现步骤}, validations: {required: true}}
  - {type: textarea, id: env, attributes: {label: Environment, description: "Run `kettle --env` and paste it. Please."}, validations: {required: true}}
  - {type: textarea, id: logs, attributes: {label: Relevant log output}, validations: {required: true}}
  - {type: textarea, id: changed, attributes: {label: Did you change anything?}, validations: {required: true}}
""",
)
ANSWERS = {
    "Checks": "- [x] I read the FAQ",
    "Describe the bug": "The water does not get hot, whatever I do with it.",
    "Kettle version": "2.1",
    "What version of the socket are you using?": "1.0",
    "复现步骤": "打开开关",
    "Environment": "a kitchen",
    "Relevant log output": "```\nall is well\n```",
    "Did you change anything?": "no",
}
CORE = Triage(knowledge())


def asked(title: str = "It does not work", more: str = "", /, **other: str) -> dict[str, Missing]:
    """Return what is asked for when some answers are other ones; labels are given by the ids of the form."""
    labels = {prompt.id: prompt.label for prompt in FORM.prompts}
    answers = ANSWERS | {labels[name]: answer for name, answer in other.items()}
    body = "".join(f"### {label}\n\n{answer}\n\n" for label, answer in answers.items()) + more
    verdict = CORE.judge(report(body, title), issue_templates=[FORM])
    return {item.field.id: item for item in verdict.missing}


def test_a_form_that_is_filled_in_asks_for_nothing() -> None:
    """Every required prompt has its answer."""
    assert asked() == {}


@pytest.mark.parametrize(
    ("name", "answer", "why"),
    [
        ("checks", "- [ ] I read the FAQ", "why-form-unticked"),
        ("what", "_No response_", "why-form-empty"),
        ("socket", "N/A", "why-form-nothing"),
        ("socket", "不知道", "why-form-nothing"),
        ("env", "```\n```", "why-form-empty"),
        ("steps", "无", "why-form-nothing"),
        ("logs", "_No response_", "why-form-empty"),
    ],
)
def test_each_way_to_say_nothing_is_asked_about_with_its_reason(name: str, answer: str, why: str) -> None:
    """The reason tells the reporter what was seen."""
    known = {"what": "smoke"} if name != "what" else {}
    found = asked("不行", **(known | {name: answer}))
    assert {key: item.why for key, item in found.items()} == {name: why}


@pytest.mark.parametrize("answer", ["N/A", "none", "没有"])
def test_what_may_not_exist_may_be_said_not_to_exist(answer: str) -> None:
    """No logs are an answer to a question for logs, and no change to a question for changes."""
    assert asked(logs=answer, changed=answer) == {}


@pytest.mark.parametrize(
    ("name", "elsewhere"),
    [
        ("kettle_version", "My kettle is a Kettle 2.1."),
        ("socket", "The socket (v1.0) is new."),
        ("what", "Since yesterday the water stays cold however long I wait for it."),
        ("steps", "```\n$ python boil.py\n```"),
        ("logs", "```\nHeatError: dry\n```"),
        ("logs", "```\nheating\nstill heating\nswitched off\n```"),
        ("env", "OS: Linux\nPython: 3.8.5\nGCC: gcc (Ubuntu 9.4.0-1ubuntu1~20.04.1) 9.4.0"),
    ],
)
def test_a_fact_anywhere_meets_its_prompt(name: str, elsewhere: str) -> None:
    """What stands in another section is not asked for again."""
    name = name.replace("_", "-")
    assert name in asked("x", **{name: "_No response_"})
    assert name not in asked("x", f"### Anything else\n\n{elsewhere}", **{name: "_No response_"})


def test_the_request_is_in_the_forms_words_with_the_exact_command() -> None:
    """A fact's own command, else the first sentence of the form's description, else where to write."""
    body = "### Describe the bug\n\nsmoke\n\n### Kettle version\n\nN/A\n\n### Environment\n\n_No response_\n\n### 复现步骤\n\n无"
    verdict = CORE.judge(report(body, "broken"), issue_templates=[FORM])
    reply = CORE.answer(verdict)[0].text
    assert verdict.outcome is Outcome.NEEDS_INFO
    assert "**Kettle version**: run `kettle --version`" in reply
    assert "**Environment**: Run `kettle --env` and paste it" in reply
    assert "**复现步骤**: please answer below “复现步骤”" in reply


def test_free_text_is_asked_only_for_what_triage_needs() -> None:
    """Who did not follow the form is not sent through all of it: no boxes, no fields of its own making."""
    verdict = CORE.judge(report("It does not work.", "help"), issue_templates=[FORM])
    ids = [item.field.id for item in verdict.missing]
    assert "checks" not in ids
    assert "what" not in ids
    assert "changed" not in ids
    assert {"kettle-version", "steps", "env"} <= set(ids)


def test_a_certain_answer_needs_no_form() -> None:
    """Nothing is asked when the answer is certain without it."""
    body = "### Describe the bug\n\nkettle 2.1\n```\nModuleNotFoundError: No module named 'kettle._lid'\n```\n\n### Environment\n\n_No response_"
    verdict = CORE.judge(report(body), issue_templates=[FORM])
    assert verdict.outcome is Outcome.ANSWER
    assert verdict.missing == ()


def test_a_picture_of_an_error_is_asked_for_as_text() -> None:
    """Pictures cannot be searched."""
    verdict = CORE.judge(report("It fails.\n\n![error](https://example.org/error.png)\n\nKettle 2.1", "help"))
    assert [(item.field.id, item.why) for item in verdict.missing] == [("error-text", "why-error-picture")]
