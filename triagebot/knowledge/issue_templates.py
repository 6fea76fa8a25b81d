"""A repository's issue templates, as GitHub keeps them: the text of a file becomes what it asks for.

Issue forms are YAML (docs.github.com, "Syntax for issue forms"), classic templates Markdown with front matter.  Of a
form only what cannot be understood at all is refused: GitHub shows it to reporters, so a key it does not know is not
the bot's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from triagebot.blanks import LONGEST_ID, bare, slug_of
from triagebot.errors import KnowledgeError, Problem
from triagebot.knowledge.classic import read_classic
from triagebot.knowledge.source import Source
from triagebot.knowledge.subjects import subject_of
from triagebot.records import Asking, Box, IssueTemplate, Prompt

LARGEST = 100_000
_FORMS = (".yml", ".yaml")
_CLASSICS = (".md", ".markdown")
_CHOOSER = ("config.yml", "config.yaml")
_KINDS = {"input": Asking.INPUT, "dropdown": Asking.DROPDOWN, "checkboxes": Asking.CHECKBOXES}
_NO_PROBLEM = re.compile(
    r"feature|enhancement|proposal|idea|request|question|discussion|docs?\b|documentation|rfc|survey|task|blank"
    r"|new[-_ ]model|建议|需求|提问|文档|咨询|功能",
    re.IGNORECASE,
)
_PROBLEM = re.compile(r"bug|error|crash|problem|fail|defect|报错|错误|缺陷|异常|故障", re.IGNORECASE)
# A default that says something definite: accepting it is an answer, not neglect.
_DEFINITE = re.compile(
    r"(?!.*(?:e\.\s?g\b|example|xxx|\.\.\.|…|[<\[{]|例如|比如|如：))\S*\d\S*(?:\s\S+){0,2}$", re.IGNORECASE
)
_FEWEST_WORDS = 3
_FEWEST_BYTES = 15


def read_issue_template(name: str, text: str) -> IssueTemplate:
    """Return what a template asks for, by the ending of its name (a path will do).

    Raises KnowledgeError with the place and the remedy where the file cannot be read as a template.
    """
    if len(text) > LARGEST:
        raise _refused(name, 0, f"the template has {len(text)} characters", f"Keep it below {LARGEST}.")
    lower = name.lower()
    if lower.endswith(_FORMS):
        return _read_form(name, text)
    if lower.endswith(_CLASSICS) or "." not in lower.rpartition("/")[2]:
        prompts, front, words = read_classic(name, text)
        return _template(name, front, prompts, words)
    raise _refused(name, 0, "not an issue template", "Templates end in `.yml` (issue forms) or `.md`.")


def read_issue_templates(files: Mapping[str, str]) -> tuple[tuple[IssueTemplate, ...], tuple[Problem, ...]]:
    """Return the templates of a folder (file name -> text) in the order of their names, and what is wrong with others.

    `config.yml`, which only chooses between templates, is passed over.
    """
    templates, problems = [], list[Problem]()
    for name in sorted(files):
        if name.lower().endswith(_CHOOSER):
            continue
        try:
            templates.append(read_issue_template(name, files[name]))
        except KnowledgeError as error:
            problems += error.problems
    return tuple(templates), tuple(problems)


def _refused(name: str, line: int, what: str, remedy: str) -> KnowledgeError:
    return KnowledgeError((Problem(name, line, "", what, remedy),))


def _template(name: str, front: Mapping[str, Any], prompts: tuple[Prompt, ...], words: Iterator[str]) -> IssueTemplate:
    labels = front.get("labels")
    listed = labels.split(",") if isinstance(labels, str) else labels if isinstance(labels, list) else []
    labels = tuple(label.strip() for label in listed if isinstance(label, str) and label.strip())
    about = " ".join([name.rpartition("/")[2], _text(front, "name"), _text(front, "title"), *labels])
    return IssueTemplate(
        name=name,
        prompts=prompts,
        prefix=_text(front, "title"),
        labels=labels,
        words=tuple(dict.fromkeys(word for word in words if _is_sentence(word))),
        for_problems=_PROBLEM.search(about) is not None or _NO_PROBLEM.search(about) is None,
    )


def _is_sentence(line: str) -> bool:
    """Say whether a template's line is so long that a reporter would not write the same by chance."""
    plain = bare(line)
    return len(plain.split()) >= _FEWEST_WORDS or len(plain.encode()) - len(plain) >= _FEWEST_BYTES


def _read_form(name: str, text: str) -> IssueTemplate:
    source = Source(name, text)
    body = source.value.get("body") if isinstance(source.value, dict) else None
    if not isinstance(body, list):
        if source.value is None and source.problems:
            raise KnowledgeError(tuple(source.problems))
        raise _refused(name, 1, "not an issue form: there is no list `body`", "List what the form asks for there.")
    prompts = tuple(_prompts(body))
    words = (line for prompt in prompts for line in prompt.written)
    return _template(name, source.value, prompts, words)


def _prompts(body: list[Any]) -> Iterator[Prompt]:
    for item in body:
        attributes = item.get("attributes") if isinstance(item, dict) else None
        if isinstance(attributes, dict) and item.get("type") != "markdown" and _text(attributes, "label"):
            yield _prompt(item, attributes)


def _prompt(item: Mapping[str, Any], attributes: Mapping[str, Any]) -> Prompt:
    label = _text(attributes, "label")
    asking = _KINDS.get(_text(item, "type"), Asking.TEXTAREA)
    options = attributes.get("options")
    options = options if isinstance(options, list) else []
    texts = [_text(attributes, key) for key in ("value", "placeholder")]
    return Prompt(
        label=label,
        asking=asking,
        id=_text(item, "id")[:LONGEST_ID] or slug_of(label),
        subject=subject_of(label),
        required=_true(item.get("validations")),
        description=_text(attributes, "description"),
        boxes=tuple(_boxes(options)) if asking is Asking.CHECKBOXES else (),
        options=tuple(option for option in options if isinstance(option, str)),
        written=() if asking is Asking.DROPDOWN else tuple(_written(texts)),
    )


def _written(texts: list[str]) -> Iterator[str]:
    """Yield the lines of placeholders and of texts filled in beforehand, but for definite values."""
    for text in texts:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 or not _DEFINITE.match(text):
            yield from lines


def _boxes(options: list[Any]) -> Iterator[Box]:
    for option in options:
        if isinstance(option, dict) and _text(option, "label"):
            yield Box(label=_text(option, "label"), required=_true(option))


def _true(mapping: Any) -> bool:
    return isinstance(mapping, dict) and str(mapping.get("required")).lower() in {"true", "yes", "on"}


def _text(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value.strip() if isinstance(value, str) else ""
