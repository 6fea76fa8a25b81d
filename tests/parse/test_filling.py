"""A report is read against an issue template: which prompts have an answer, in every shape that people leave."""

from __future__ import annotations

import pytest

from triagebot.knowledge import read_issue_template
from triagebot.parse import parse
from triagebot.records import Filled, IssueTemplate, Report, State

FORM = read_issue_template(
    "bug.yml",
    """\
labels: [bug]
title: "[Bug]: "
body:
  - type: checkboxes
    id: before
    attributes:
      label: Before you post
      options:
        - {label: "I read the [FAQ](https://example.org/faq)", required: true}
        - {label: I would send a fix}
  - {type: textarea, id: what, attributes: {label: What happened?, placeholder: Tell the story.}, validations: {required: true}}
  - {type: input, id: version, attributes: {label: Kettle version, placeholder: e.g. 2.1}, validations: {required: true}}
  - {type: dropdown, id: plug, attributes: {label: Plug, options: [EU, UK]}, validations: {required: true}}
  - {type: textarea, id: env, attributes: {label: Environment, render: shell}, validations: {required: true}}
  - {type: textarea, id: zh, attributes: {label: 其他信息, value: "1. \\n2. "}}
""",
)
CLASSIC = read_issue_template(
    "error.md",
    """\
---
name: Error
---
**Describe the bug**
A clear and concise description.

**Reproduction**

1. What command did you run?

```
A placeholder for the command.
```

2. What did you change?

**Environment**

<!-- Paste the output of `kettle --env` here,
for example Kettle 1.0 -->
 - OS: [e.g. Linux]
 - Kettle [e.g. 2.1]
""",
)


def section(label: str, answer: str) -> str:
    return f"### {label}\n\n{answer}\n\n"


def filled(body: str, *templates: IssueTemplate, title: str = "", labels: frozenset[str] = frozenset()) -> Filled:
    read = parse(Report(id="x", title=title, body=body, labels=labels), issue_templates=templates or (FORM,))
    assert read.filled is not None
    return read.filled


def states(body: str, *templates: IssueTemplate) -> dict[str, State]:
    return {response.prompt.id: response.state for response in filled(body, *templates).responses}


def text(body: str, prompt: str, *templates: IssueTemplate) -> str:
    return next(r.text for r in filled(body, *templates).responses if r.prompt.id == prompt)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("It smokes.", State.ANSWERED),
        ("`_No response_` is all it prints", State.ANSWERED),
        ("_No response_", State.EMPTY),
        ("*No response*", State.EMPTY),
        ("No Response", State.EMPTY),
        ("", State.EMPTY),
        ("  \n\t\n", State.EMPTY),
        ("```\n```", State.EMPTY),
        ("```shell\n\n```", State.EMPTY),
        ("~~~\n~~~", State.EMPTY),
        ("<!-- -->", State.EMPTY),
        ("---", State.EMPTY),
        ("Tell the story.", State.UNTOUCHED),
        ("> Tell the story", State.UNTOUCHED),
        ("Tell the story.\n\nIt smokes.", State.ANSWERED),
        ("N/A", State.NOTHING),
        ("n/a.", State.NOTHING),
        ("`none`", State.NOTHING),
        ("Ｎ／Ａ", State.NOTHING),
        ("-", State.NOTHING),
        ("...", State.NOTHING),
        ("？", State.NOTHING),
        ("无", State.NOTHING),
        ("暂无。", State.NOTHING),
        ("不知道", State.NOTHING),
        ("没有", State.NOTHING),
        ("unknown\n-", State.NOTHING),
        ("烧不开水", State.ANSWERED),
        ("see above", State.ANSWERED),
        ("同上", State.ANSWERED),
        ("![smoke](https://example.org/smoke.png)", State.ANSWERED),
        ("- [x] it smokes", State.ANSWERED),
        ("- [ ] it smokes", State.UNTOUCHED),
    ],
)
def test_what_stands_below_a_heading(answer: str, state: State) -> None:
    """Empty, the form's own words, nothing said, or an answer; in both languages."""
    assert states(section("What happened?", answer) + section("Plug", "EU"))["what"] is state


@pytest.mark.parametrize(
    ("answer", "state"), [("None", State.EMPTY), ("EU, UK", State.ANSWERED), ("other", State.ANSWERED)]
)
def test_none_is_a_dropdown_that_nobody_set(answer: str, state: State) -> None:
    """Any choice is an answer, even one the form has lost since."""
    assert states(section("What happened?", "smoke") + section("Plug", answer))["plug"] is state


@pytest.mark.parametrize(
    ("boxes", "state"),
    [
        ("- [x] I read the [FAQ](https://example.org/faq)\n- [ ] I would send a fix", State.ANSWERED),
        ("- [X] I read the [FAQ](https://example.org/other)", State.ANSWERED),
        ("* [√] I read the FAQ", State.ANSWERED),
        ("- [ x ] I read the FAQ\r\n- [ ] I would send a fix", State.ANSWERED),
        ("- [x] I have read another list of words, which the form had last year", State.ANSWERED),
        ("- [ ] I read the [FAQ](https://example.org/faq)\n- [x] I would send a fix", State.UNTICKED),
        ("- [] I read the FAQ\n- [] I would send a fix", State.UNTICKED),
        ("_No response_", State.EMPTY),
    ],
)
def test_required_boxes_need_their_tick(boxes: str, state: State) -> None:
    """In any spelling of the tick; links, and words that changed since, do not matter."""
    assert states(section("Before you post", boxes) + section("What happened?", "smoke"))["before"] is state


@pytest.mark.parametrize("fence", ["```", "~~~", "````", "```text", "  ```", "- ```", "> ```", "~~~~ bash"])
def test_a_heading_inside_a_fence_is_text(fence: str) -> None:
    """A log with `### Environment` in it cuts no answer short, and the real section keeps its own."""
    quote = "> " if fence.startswith(">") else ""
    mark = "~" if "~" in fence else "`"
    close = quote + mark * fence.count(mark)
    inside = f"It prints\n{fence}\n{quote}### Environment\n{quote}Kettle 9\n{close}\nand stops."
    body = (
        section("What happened?", inside) + section("Environment", "```shell\nKettle: 2.1\n```") + section("Plug", "EU")
    )
    assert "and stops." in text(body, "what")
    assert text(body, "env") == "```shell\nKettle: 2.1\n```"


def test_a_fence_that_never_ends_hides_no_section() -> None:
    """A reporter who forgot the closing marks has answered all the same."""
    body = section("What happened?", "smoke") + section("Kettle version", "```\n2.1") + section("Environment", "Linux")
    assert states(body)["env"] is State.ANSWERED


def test_the_reporters_own_headings_belong_to_the_answer() -> None:
    """At any level, also with the name of another section at another level."""
    body = section("What happened?", "First\n\n### Then\n\nsmoke\n\n#### Environment\n\na kitchen")
    body += section("Environment", "_No response_")
    assert text(body, "what").endswith("a kitchen")
    assert states(body)["env"] is State.EMPTY


def test_a_template_that_stands_twice_counts_where_it_was_filled_in() -> None:
    """An empty copy above or below takes nothing away."""
    empty = section("What happened?", "_No response_") + section("Kettle version", "_No response_")
    full = section("What happened?", "smoke") + section("Kettle version", "2.1")
    for body in (empty + full, full + empty):
        assert states(body)["what"] is states(body)["version"] is State.ANSWERED


def test_labels_that_stand_twice_in_a_form_go_by_their_order() -> None:
    """Two fields of one label are two fields."""
    twice = read_issue_template(
        "t.yml",
        "body: [{type: input, id: a, attributes: {label: Name}}, {type: input, id: b, attributes: {label: Name}}]",
    )
    assert states(section("Name", "tea") + section("Name", "_No response_"), twice) == {
        "a": State.ANSWERED,
        "b": State.EMPTY,
    }


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ends(ending: str) -> None:
    """Browsers, Windows and old Macs."""
    body = (section("What happened?", "smoke") + section("Kettle version", "2.1")).replace("\n", ending)
    assert states(body)["version"] is State.ANSWERED
    assert text(body, "what") == "smoke"


@pytest.mark.parametrize(
    "heading",
    [
        "### 其他信息",
        "###其他信息",
        "## 其他信息",
        "**其他信息**",
        "**其他信息：**",
        "__其他信息__",
        "### **其他信息**",
        "### 6. 其他信息",
        "六、其他信息",
        "其他信息：",
        "其他信息\n----",
        "> ### 其他信息",
        "### 📝 其他信息",
        "### 其他信息（选填）",
        "### 其他信息 ###",
        "- **其他信息**：",
    ],
)
def test_headings_in_every_spelling(heading: str) -> None:
    """Marks that were lost, doubled, quoted, numbered or decorated."""
    body = section("What happened?", "smoke") + f"{heading}\n\n插座没有电\n"
    assert states(body)["zh"] is State.ANSWERED


@pytest.mark.parametrize(
    "line", ["Kettle version: 2.1", "**Kettle version**: 2.1", "- Kettle version：2.1", "| Kettle version | 2.1 |"]
)
def test_an_answer_may_stand_beside_its_label(line: str) -> None:
    """Whoever flattens a form into `label: answer` has answered, and what follows is not lost."""
    body = section("What happened?", f"{line}\nand then smoke")
    assert states(body)["version"] is State.ANSWERED
    assert "and then smoke" in text(body, "what")


def test_a_classic_template_untouched_answers_nothing() -> None:
    """Placeholders, questions, list items and comments of the template are nobody's words."""
    body = (
        "**Describe the bug**\nA clear and concise description.\n\n**Reproduction**\n\n1. What command did you run?\n\n"
        "```\nA placeholder for the command.\n```\n\n2. What did you change?\n\n**Environment**\n\n"
        "<!-- Paste the output of `kettle --env` here,\nfor example Kettle 1.0 -->\n - OS: [e.g. Linux]\n - Kettle\n"
    )
    assert set(states(body, CLASSIC).values()) == {State.UNTOUCHED}


@pytest.mark.parametrize(
    ("question", "state"),
    [
        ("1. What command did you run? boil.py", State.ANSWERED),
        ("1. What command did you run?\n\n```\nboil.py\n```", State.ANSWERED),
        ("1. What command did you run?\n2. What did you change?\nThe plug.", State.ANSWERED),
        ("1. What command did you run?\n\n```\n```", State.UNTOUCHED),
    ],
)
def test_numbered_questions_are_answered_behind_or_below_them(question: str, state: State) -> None:
    """An answer on the same line counts as one below."""
    body = f"**Describe the bug**\nsmoke\n\n**Reproduction**\n\n{question}\n\n**Environment**\n - OS: Linux"
    assert states(body, CLASSIC)["reproduction"] is state
    assert states(body, CLASSIC)["environment"] is State.ANSWERED


def test_an_answer_inside_the_comment_is_an_answer() -> None:
    """The reporter wrote between the marks; their words are read, those of the template are not."""
    body = "**Describe the bug**\nsmoke\n\n**Environment**\n\n<!-- Paste the output of `kettle --env` here,\nKettle 3.1 -->\n"
    read = parse(Report(id="x", title="", body=body), issue_templates=[CLASSIC])
    assert read.filled is not None
    assert [r.state for r in read.filled.responses][-1] is State.HIDDEN
    assert [line.text for line in read.lines if line.block == "prose" and line.text][-1] == "Kettle 3.1"


def test_the_template_is_chosen_by_its_headings_then_by_title_and_labels() -> None:
    """What the body does not say, the title's prefix and the labels tell; else the first one for problems."""
    feature = read_issue_template(
        "a-feature.yml", "name: Feature\nlabels: [idea]\nbody: [{type: textarea, attributes: {label: Idea}}]"
    )
    both = (feature, FORM, CLASSIC)
    assert filled(section("Idea", "tea"), *both).template is feature
    assert filled("**Describe the bug**\nx\n**Reproduction**\ny", *both).template is CLASSIC
    assert filled(section("What happened?", "x") + section("Plug", "EU"), *both).followed
    assert not filled("It smokes.", *both).followed
    assert filled("It smokes.", *both).template is FORM
    assert filled("It smokes.", *both, title="[bug]: smoke").template is FORM
    assert filled("tea", *both, labels=frozenset({"idea"})).template is feature
    assert parse(Report(id="x", title="", body="tea"), issue_templates=[feature]).filled is None
    assert parse(Report(id="x", title="", body="tea")).filled is None
