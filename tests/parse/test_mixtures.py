"""Any mixture of template, answers, deletions and noise is read without an error, and no answer is asked for again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.making import knowledge, report
from triagebot.knowledge import read_issue_template
from triagebot.pipeline import Triage
from triagebot.records import State

FORM = read_issue_template(
    "bug.yml",
    """\
body:
  - type: checkboxes
    id: before
    attributes: {label: Before you post, options: [{label: I read the FAQ, required: true}]}
  - {type: textarea, id: what, attributes: {label: What happened?, placeholder: Tell the story}, validations: {required: true}}
  - {type: input, id: version, attributes: {label: 水壶版本}, validations: {required: true}}
  - {type: dropdown, id: plug, attributes: {label: Plug, options: [EU, UK]}, validations: {required: true}}
  - {type: textarea, id: env, attributes: {label: Environment, render: shell}, validations: {required: true}}
""",
)
CLASSIC = read_issue_template(
    "error.md",
    "**Describe the bug**\nA clear description.\n\n**Reproduction (required)**\n\n1. What did you run?\n\n```\nA placeholder.\n```\n"
    "\n**环境**（必填）\n<!-- 请粘贴 kettle --env 的输出 -->\n - OS: [e.g. Linux]\n\n## 其他\n",
)
TEMPLATES = (FORM, CLASSIC)
CORE = Triage(knowledge())
SAYING = {State.ANSWERED, State.HIDDEN}
HEADINGS = [f"### {prompt.label}" for prompt in FORM.prompts] + [f"**{prompt.label}**" for prompt in CLASSIC.prompts]
ANSWERS = [
    "It smokes.",
    "2.1",
    "EU",
    "- [x] I read the FAQ",
    "```shell\nOS: Linux\n```",
    "烧不开水",
    "~~~\n### Environment\n~~~",
]
NOISE = [
    "",
    "_No response_",
    "None",
    "N/A",
    "无",
    "<!--",
    "-->",
    "```",
    "~~~",
    "> quoted",
    "---",
    "|a|b|",
    "### ",
    "****",
    "\\n",
    "- [ ] x",
]
PIECES = st.sampled_from([*HEADINGS, *ANSWERS, *NOISE, "A clear description.", "1. What did you run?", "### my own"])
BODIES = st.lists(PIECES | st.text(max_size=30), max_size=25).map("\n".join)


@given(BODIES, st.sampled_from(["", "[Bug] help, it fails", "怎么办"]), st.sampled_from(["\n", "\r\n"]))
def test_any_mixture_is_read(body: str, title: str, ending: str) -> None:
    """Nothing raises, and what is said to be answered is not asked for."""
    verdict = CORE.judge(report(body.replace("\n", ending), title), issue_templates=TEMPLATES)
    CORE.answer(verdict)
    filled = verdict.assessment.case.document.filled
    assert filled is not None
    said = {response.prompt.id for response in filled.responses if response.state in SAYING}
    assert not said & {item.field.id for item in verdict.missing}


@given(
    st.permutations([("What happened?", "It smokes."), ("水壶版本", "2.1"), ("Plug", "EU"), ("Environment", "OS: Linux")]),
    st.lists(st.sampled_from([noise for noise in NOISE if not set("`~<->") & set(noise)]) | st.just("### my own"), min_size=5, max_size=5),
    st.booleans(),
)  # fmt: skip
def test_an_answered_field_is_never_missing(answers: list[tuple[str, str]], noise: list[str], twice: bool) -> None:  # noqa: FBT001
    """In any order, with anything around them, below an empty copy of the form or not."""
    empty = "\n\n".join(f"### {label}\n\n_No response_" for label, _ in answers) if twice else ""
    full = "\n\n".join(
        f"{more}\n\n### {label}\n\n{answer}" for more, (label, answer) in zip(noise, answers, strict=False)
    )
    verdict = CORE.judge(
        report(f"{empty}\n\n{full}\n\n{noise[-1]}", "It fails with an error"), issue_templates=TEMPLATES
    )
    assert not {"what", "version", "plug", "env"} & {item.field.id for item in verdict.missing}
