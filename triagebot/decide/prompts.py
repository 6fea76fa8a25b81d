"""Which prompts of an issue template are still open: without an answer, and told nowhere else in the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from triagebot.blanks import key_of, says_yes_or_no, thing_of
from triagebot.late import late_regex
from triagebot.records import (
    Asking,
    Block,
    Case,
    Fact,
    Field,
    Filled,
    Line,
    Prompt,
    Response,
    State,
    Subject,
    Template,
)

_SAID = frozenset({State.ANSWERED, State.HIDDEN})
_YES_OR_NO = late_regex(
    r"^(?:did|do|does|have|has|is|are|was|were|can|could|will|would|any)\b|是否|有没有|有无|吗[?？]?$", re.IGNORECASE
)
# What may really not exist: "none" is an answer.
_MAY_BE_NONE = late_regex(
    r"\blogs?\b|\btrace ?back|\bscreen ?shots?\b|\bmodif|\bwork ?around|\bchanges?\b|\brelated\b"
    r"|\blinks?\b|\bplugins?\b|\badd-?ons?\b|\bextensions?\b|\bregression"
    r"|\b(?:write|say|put|enter|type) [`'\"“]?(?:n/?a|none|no)\b"
    r"|\bif not applicable\b|\bif (?:none|no)\b|日志|截图|修改|改动|插件|链接|没有(?:请|则|可)填",
    re.IGNORECASE,
)
_VERSION = late_regex(r"\bversions?\b|\brelease\b|版本", re.IGNORECASE)
_NUMBER = r"[^\n\d]{0,25}?(?<![\d.])[vV]?\d{1,4}(?:\.\d{1,6}){1,3}"
_ANY_VERSION = late_regex(
    rf"(?:\b(?:version|ver\.?|release)\b|版本){_NUMBER}|(?<![\w.])[vV]\d{{1,4}}(?:\.\d{{1,6}}){{1,3}}", re.IGNORECASE
)
# Facts that are read for every project, and what forms call them.
_GENERAL = {
    "os": ("os", "operating system", "platform", "操作系统", "系统"),
    "python": ("python",),
    "gpu": ("gpu", "graphics card", "显卡"),
    "cuda": ("cuda", "cuda toolkit"),
    "cudnn": ("cudnn",),
    "gcc": ("gcc", "compiler", "编译器"),
    "gpu-driver": ("driver", "gpu driver", "nvidia driver", "驱动", "显卡驱动"),
}
_CUDA = frozenset({"cuda", "nvcc", "pytorch-cuda", "driver-cuda"})
_COMMAND = late_regex(
    r"(?:^|[`$>]\s?)(?:python3?|pip3?|bash|sh|\./|node|npm|npx|cargo|go|make|cmake|docker|torchrun|git|mim|conda|java|kubectl)\s?\S",
)
_PROGRAM = late_regex(r"^\s*(?:import |from \w|def |class |const |let |var |#include|func |fn |using |public )")
_FEWEST_FACTS = 3
_FEWEST_PROSE = 30  # letters
_CHINESE = 3  # letters that a Chinese character is worth
_LONGEST_TITLE = 300
_DERIVED = frozenset({"gpu-capability", "gpu-supported"})
_CODE = late_regex(r"\bconfig|\bsettings?\b|\bcode\b|\bya?ml\b|\bjson\b|配置|设置|代码", re.IGNORECASE)
_FEWEST_CODE = 3
_FEWEST_STEPS = 2
_NUMBERED = late_regex(r"\s*\d{1,2}(?:[.)]\s+|、\s*)\S")
_NOT_WRITTEN = frozenset({Block.TEMPLATE, Block.COMMENT})
_OWN = frozenset({Block.TITLE, Block.PROSE})


class Open(NamedTuple):
    """A prompt that is still open, and the facts of the environment that would close it."""

    response: Response
    fields: tuple[Field, ...]


def open_prompts(case: Case, template: Template) -> tuple[Open, ...]:
    """Return the required prompts that have no answer, and whose fact stands nowhere else in the report."""
    filled = case.document.filled
    if filled is None:
        return ()
    return tuple(_open(filled, case, template))


def _open(filled: Filled, case: Case, template: Template) -> Iterator[Open]:
    for response in filled.responses:
        if not _is_required(response.prompt) or _is_said(response):
            continue
        fields = fields_of(response.prompt, template)
        known = {fact.name for fact in case.environment}
        lacking = tuple(field for field in fields if not known & {field.id, *field.met_by})
        if fields and not lacking:
            continue
        if not (fields or filled.followed or response.prompt.subject is not Subject.OTHER):
            continue
        if response.prompt.asking is Asking.CHECKBOXES and response.state is State.GONE:
            continue
        if not _is_told(response.prompt, case):
            yield Open(response, lacking)


def _is_required(prompt: Prompt) -> bool:
    return prompt.required or any(box.required for box in prompt.boxes)


def _is_said(response: Response) -> bool:
    """Say whether there is an answer; to a question for something that may not exist, `none` is one."""
    if response.state is not State.NOTHING:
        return response.state in _SAID or (response.state is State.EMPTY and _all_boxes_free(response))
    label, told = response.prompt.label, f"{response.prompt.label} {response.prompt.description}"
    if _YES_OR_NO.search(label) and says_yes_or_no(response.text):
        return True
    return response.prompt.subject is not Subject.ENVIRONMENT and _MAY_BE_NONE.search(told) is not None


def _all_boxes_free(response: Response) -> bool:
    prompt = response.prompt
    return bool(prompt.boxes) and not prompt.required and not any(box.required for box in prompt.boxes)


def fields_of(prompt: Prompt, template: Template) -> tuple[Field, ...]:
    """Return the facts that a prompt's label names, the longest names first: `CUDA version` is `cuda`."""
    label = f" {key_of(prompt.label)} "
    if prompt.subject in {Subject.DESCRIPTION, Subject.ERROR, Subject.STEPS} or prompt.asking is Asking.CHECKBOXES:
        return ()
    found: list[Field] = []
    names = [
        (key_of(name), field)
        for field in template.fields
        for name in (*field.names, *field.packages, *field.title.values())
    ]
    for name, field in sorted(names, key=lambda pair: -len(pair[0])):
        if name and _stands_in(name, label):
            label = label.replace(name, " ")
            found += [field] if field not in found else []
    return tuple(found)


def _stands_in(name: str, label: str) -> bool:
    return f" {name} " in label or (not name.isascii() and name in label)


def _is_told(prompt: Prompt, case: Case) -> bool:
    """Say whether what a prompt asks for stands elsewhere in the report."""
    match prompt.subject:
        case Subject.ENVIRONMENT:
            return _tells_environment(case.environment)
        case Subject.ERROR:
            return bool(case.signatures) or _has_code(case)
        case Subject.STEPS:
            return _has_steps(case)
        case Subject.DESCRIPTION:
            # Who follows no template has described what they have described; to ask for a section helps nobody.
            followed = case.document.filled is not None and case.document.filled.followed
            return not followed or bool(case.signatures) or _prose(case) >= _FEWEST_PROSE
    return _tells_version(prompt, case)


def _tells_environment(environment: Sequence[Fact]) -> bool:
    return len({fact.name for fact in environment} - _DERIVED) >= _FEWEST_FACTS


def _tells_version(prompt: Prompt, case: Case) -> bool:
    """Say whether a thing that a label names (`Kettle version`) is named with a number, or is a fact that was read."""
    thing = thing_of(prompt.label)
    general = next((fact for fact, names in _GENERAL.items() if thing in names), "")
    known = {fact.name for fact in case.environment}
    if general and (general in known or (general == "cuda" and known & _CUDA)):
        return True
    if not _VERSION.search(prompt.label):
        return False
    names = [thing] if thing else [_repository(case)]
    written = "\n".join([case.document.report.title[:_LONGEST_TITLE], *(line.text for line, _ in _written(case))])
    told = any(re.search(rf"(?<!\w){re.escape(name)}(?!\w){_NUMBER}", written, re.IGNORECASE) for name in names if name)
    return told or (not thing and _ANY_VERSION.search(written) is not None)


def _repository(case: Case) -> str:
    """Return the name of the repository that a report belongs to, "" where its id tells none."""
    owner, slash, rest = case.document.report.id.partition("/")
    return rest.partition("#")[0] if owner and slash and "#" in rest else ""


def _has_code(case: Case) -> bool:
    """Say whether a log may stand in the report: code, but not below a prompt for a configuration or the like."""
    code = (line for line, prompt in _written(case) if line.block is Block.CODE and _may_show(prompt))
    return sum(bool(line.text.strip()) for line in code) >= _FEWEST_CODE


def _may_show(prompt: Prompt | None) -> bool:
    return prompt is None or (prompt.subject is not Subject.ENVIRONMENT and not _CODE.search(prompt.label))


def _has_steps(case: Case) -> bool:
    """Say whether a command, a program or a numbered list stands in the report."""
    written = [line.text for line, _ in _written(case)]
    listed = sum(_NUMBERED.match(text) is not None for text in written)
    return listed >= _FEWEST_STEPS or any(_COMMAND.search(text) or _PROGRAM.match(text) for text in written)


def _prose(case: Case) -> int:
    """Return how much the reporter told: letters outside the sections that ask for something else than a story."""
    told = (line.text for line, prompt in _written(case) if line.block in _OWN and _may_tell(prompt))
    return sum(1 if char.isascii() else _CHINESE for text in told for char in text if char.isalnum())


def _may_tell(prompt: Prompt | None) -> bool:
    if prompt is None:
        return True
    story = prompt.asking in {Asking.TEXTAREA, Asking.SECTION}
    return story and prompt.subject not in {Subject.ENVIRONMENT, Subject.ERROR}


def _written(case: Case) -> Iterator[tuple[Line, Prompt | None]]:
    """Yield what the reporter wrote, each line with the prompt it answers; nothing from below one without an answer.

    A title is no story where the issue template was followed: it names the issue, and the template asks for more.
    """
    filled = case.document.filled
    heads = {r.line: r for r in filled.responses if r.line} if filled and filled.followed else {}
    response = None
    for line in case.document.lines:
        response = heads.get(line.number, response) if line.number else None
        if line.block in _NOT_WRITTEN or line.number in heads or (heads and not line.number):
            continue
        if response is None or response.state in _SAID:
            yield line, response.prompt if response else None
