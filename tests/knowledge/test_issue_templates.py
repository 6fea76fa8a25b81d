"""Issue forms and classic templates become what they ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagebot.errors import KnowledgeError
from triagebot.knowledge import read_issue_template, read_issue_templates, read_knowledge
from triagebot.parse import parse
from triagebot.records import Asking, Report, Subject

FORM = """\
name: Bug report
title: "[Bug] "
labels: [bug, "needs triage"]
body:
  - type: markdown
    attributes: {value: Thank you for taking the time}
  - type: checkboxes
    id: terms
    attributes:
      label: Before you post
      options:
        - {label: "I read the [FAQ](https://example.org/faq)", required: true}
        - label: I would send a fix
  - type: textarea
    id: what
    attributes:
      label: What happened?
      description: Tell us what you see.
      placeholder: A bug happened!
    validations: {required: true}
  - type: input
    attributes: {label: Kettle version, placeholder: e.g. 2.1}
    validations: {required: true}
  - type: dropdown
    id: plug
    attributes: {label: 插头类型, options: [EU, UK, 1.10], multiple: true}
  - type: textarea
    attributes: {label: Logs, render: shell, value: "1. first\\n2. second"}
"""

CLASSIC = """\
---
name: Error
about: It fails
labels: bug, kettle
---
<!-- Thank you for your report,
it helps a lot. -->

# Report

## Describe the bug
A clear description.

**Environment:**
 - OS: [e.g. iOS]
 - Kettle [e.g. 2.1]

### Steps to reproduce (optional)
1. Go to '...'

```
### not a heading
```

**Additional context**
Add any other context here.

### 版本（必填）
"""


def test_a_form_tells_labels_kinds_and_what_is_required() -> None:
    """Markdown is skipped, ids and labels are kept as written, `1.10` stays `1.10`."""
    form = read_issue_template(".github/ISSUE_TEMPLATE/bug.yml", FORM)
    assert [(p.id, p.label, p.asking, p.required) for p in form.prompts] == [
        ("terms", "Before you post", Asking.CHECKBOXES, False),
        ("what", "What happened?", Asking.TEXTAREA, True),
        ("kettle-version", "Kettle version", Asking.INPUT, True),
        ("plug", "插头类型", Asking.DROPDOWN, False),
        ("logs", "Logs", Asking.TEXTAREA, False),
    ]
    assert [(box.label, box.required) for box in form.prompts[0].boxes] == [
        ("I read the [FAQ](https://example.org/faq)", True),
        ("I would send a fix", False),
    ]
    assert form.prompts[3].options == ("EU", "UK", "1.10")
    assert (form.prefix, form.labels, form.for_problems) == ("[Bug]", ("bug", "needs triage"), True)


def test_what_a_form_writes_itself_is_no_answer_but_a_definite_default_is() -> None:
    """Placeholders and prefilled lines are the form's; `2.1` filled in beforehand may well be true."""
    prompts = read_issue_template("bug.yml", FORM).prompts
    assert [p.written for p in prompts] == [(), ("A bug happened!",), ("e.g. 2.1",), (), ("1. first", "2. second")]
    definite = read_issue_template("b.yml", "body: [{type: input, attributes: {label: V, placeholder: v2.1.0}}]")
    assert definite.prompts[0].written == ()


def test_a_classic_template_is_its_headings_and_the_words_below_them() -> None:
    """Headings that only group, comments and fences are seen through; only what triage needs is required."""
    template = read_issue_template("error.md", CLASSIC)
    assert [(p.id, p.subject, p.required) for p in template.prompts] == [
        ("describe-the-bug", Subject.DESCRIPTION, True),
        ("environment", Subject.ENVIRONMENT, True),
        ("steps-to-reproduce", Subject.STEPS, False),
        ("additional-context", Subject.OTHER, False),
        ("版本", Subject.OTHER, True),
    ]
    assert template.prompts[1].written == ("- OS: [e.g. iOS]", "- Kettle [e.g. 2.1]")
    assert template.labels == ("bug", "kettle")
    assert "Thank you for your report," in template.words


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_ends_do_not_matter(ending: str) -> None:
    """A file written on Windows is the same file."""
    for name, text in (("a.yml", FORM), ("a.md", CLASSIC)):
        assert read_issue_template(name, text.replace("\n", ending)) == read_issue_template(name, text)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.yml", "body: [", "not valid YAML"),
        ("a.yml", "name: x", "there is no list `body`"),
        ("a.yml", "", "there is no list `body`"),
        ("a.yml", "- a\n- b", "there is no list `body`"),
        ("a.txt", "hello", "Templates end in"),
        ("a.md", "x" * 200_000, "Keep it below"),
    ],
)
def test_what_is_no_template_is_refused_with_the_place(name: str, text: str, told: str) -> None:
    """Place, reason and remedy; the other templates of the folder are read all the same."""
    with pytest.raises(KnowledgeError, match=told):
        read_issue_template(name, text)
    templates, problems = read_issue_templates({name: text, "good.yml": FORM, "config.yml": "blank_issues_enabled: no"})
    assert [template.name for template in templates] == ["good.yml"]
    assert [problem.file for problem in problems] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "body: [1, null, {}, {type: input}, {type: input, attributes: {}}, {type: input, attributes: {label: }}]",
        "body: [{type: checkboxes, attributes: {label: A, options: nonsense}}]",
        "body: [{type: dropdown, attributes: {label: A, options: [{a: b}]}, validations: true}]",
        "body: [{type: hologram, attributes: {label: A}}]\nlabels: {a: b}",
    ],
)
def test_what_nobody_understands_in_a_form_is_passed_over(text: str) -> None:
    """A form of the future, or a sloppy one, gives what can be read."""
    assert len(read_issue_template("a.yml", text).prompts) <= 1


def test_a_knowledge_folder_may_hold_templates() -> None:
    """Files in ISSUE_TEMPLATE are templates, and change the digest; a broken one is told with the others' mistakes."""
    faq = "entries:\n  - {id: a, title: T, questions: [how do I], fix: Do it.}\n"
    with_form = read_knowledge({"k/faq.yaml": faq, "k/ISSUE_TEMPLATE/bug.yml": FORM})
    assert [template.name for template in with_form.issue_templates] == ["k/ISSUE_TEMPLATE/bug.yml"]
    assert with_form.digest != read_knowledge({"k/faq.yaml": faq}).digest
    with pytest.raises(KnowledgeError, match="there is no list `body`"):
        read_knowledge({"k/faq.yaml": faq, "k/ISSUE_TEMPLATE/bug.yml": "name: x"})


_LINES = st.sampled_from([*FORM.split("\n"), *CLASSIC.split("\n")]) | st.text(max_size=30)


@given(st.lists(_LINES, max_size=30).map("\n".join), st.sampled_from(["a.yml", "a.md"]))
def test_any_text_is_a_template_or_is_refused(text: str, name: str) -> None:
    """Never another error; what comes out can be read against any report."""
    templates, problems = read_issue_templates({name: text})
    assert bool(templates) != bool(problems)
    parse(Report(id="x", title="", body=text), issue_templates=templates)
