"""The repository's policy file `.github/triagebot.yml`: YAML text to Policy, or everything that is wrong (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from triagebot.errors import KnowledgeError, Problem
from triagebot.knowledge.source import Source, did_you_mean
from triagebot.records import Exempt, Policy, Rung

PATH = ".github/triagebot.yml"
DEFAULT = Policy()
_NEEDS_INFO = "needs-info"
_LONGEST_WAIT_DAYS = 365
_LARGEST = 65_536
_MOST_MISTAKES = 20

_Share = Annotated[float, Field(ge=0, le=1)]
_Days = Annotated[float, Field(ge=0, le=_LONGEST_WAIT_DAYS)]
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
_Folder = Annotated[str, StringConstraints(pattern=r"^([\w.-]+(/[\w.-]+)*)?$", max_length=200)]


def _inside(folder: str) -> str:
    if ".." in folder.split("/"):
        raise PydanticCustomError("outside", "leaves the repository")
    return folder


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"))


class _ExemptFile(_Strict):
    """Whose issues are left alone."""

    maintainers: bool = Field(default=False, description="owners, members and collaborators")
    authors: list[_Name] = Field(default_factory=list, description="logins")
    labels: list[_Name] = Field(default_factory=list, description="issues with one of these")


class PolicyFile(_Strict):
    """What may stand in `.github/triagebot.yml`; every key may be left out."""

    answers: Rung = Field(default=Rung.ACT, description="off, observe, suggest or act: answers from the FAQ")
    needs_info: Rung = Field(default=Rung.ACT, description="the same: asking for what is missing, with its label")
    labels: Rung = Field(default=Rung.ACT, description="the same: labels of entries")
    act_from: _Share = Field(default=DEFAULT.act_from, description="probability from which an answer is given")
    suggest_from: _Share = Field(default=DEFAULT.suggest_from, description="probability from which it is a hint")
    most_suggestions: int = Field(default=DEFAULT.most_suggestions, ge=0, le=3, description="hints in one reply")
    label_names: dict[_Name, _Name] = Field(default_factory=dict, description="the knowledge's name: your name")
    languages: list[_Language] = Field(
        default=list(DEFAULT.languages), min_length=1, description="of replies; the first where the reporter's is none"
    )
    exempt: _ExemptFile = Field(default=_ExemptFile(), description="whose issues are left alone")
    knowledge: Annotated[_Folder, AfterValidator(_inside)] = Field(
        default="", description="a folder of this repository with a faq.yaml; empty: the bot's own knowledge"
    )
    remind_after_days: _Days = Field(default=0, description="days after which a request is repeated once; 0: never")
    close_after_days: _Days = Field(default=0, description="days after the reminder until it is closed; 0: never")


def read_policy(texts: Sequence[tuple[str, str]]) -> Policy:
    """Return the policy of files (name, text), each overriding those before it key by key.

    Mappings are merged, lists replaced.  Raises KnowledgeError with the first problems of all files.
    """
    problems: list[Problem] = []
    merged: dict[str, Any] = {}
    for name, text in texts:
        if len(text) > _LARGEST:
            what, remedy = f"the file has {len(text)} characters", f"Keep it below {_LARGEST}."
            problems.append(Problem(file=name, line=0, key="", what=what, remedy=remedy))
            continue
        source = Source(name, text)
        _check(source)
        problems += source.problems
        merged = _merge(merged, source.value if isinstance(source.value, dict) else {})
    if problems:
        raise KnowledgeError(tuple(sorted(set(problems))[:_MOST_MISTAKES]))
    return _policy(PolicyFile.model_validate(merged))


def _check(source: Source) -> None:
    """Note what is wrong with one file; an empty one is right."""
    if source.value is None:
        return
    if not isinstance(source.value, dict):
        source.wrong((), "the file holds no settings", "Write `key: value` lines, such as `answers: suggest`.")
        return
    try:
        file = PolicyFile.model_validate(source.value)
    except ValidationError as error:
        for mistake in error.errors(include_url=False)[:_MOST_MISTAKES]:
            _tell(source, mistake)
        return
    if file.suggest_from > file.act_from:
        source.wrong(("suggest-from",), "hints would need more than answers", "Give at most what `act-from` says.")
    if file.close_after_days and not file.remind_after_days:
        source.wrong(("close-after-days",), "nothing is closed unwarned", "Set `remind-after-days` as well.")


def _tell(source: Source, mistake: Any) -> None:
    path = tuple(step for step in mistake["loc"] if step != "[key]")
    name = str(path[-1]) if path else ""
    if mistake["type"] == "extra_forbidden":
        known = keys(_ExemptFile if path[:-1] == ("exempt",) else PolicyFile)
        source.wrong(path, f"`{name}` is not a key here", did_you_mean(name, known))
    elif mistake["type"] == "enum":
        source.wrong(path, f"`{_short(mistake['input'])}` is no level", _levels(str(mistake["input"])))
    else:
        remedy = "docs/operations.md lists every key with its default."
        source.wrong(path, f"{mistake['msg'].removesuffix('.')}: `{_short(mistake['input'])}`", remedy)


def keys(shape: type[BaseModel] = PolicyFile) -> tuple[str, ...]:
    """Return the keys of a policy file, as they are written."""
    return tuple(field.alias or name for name, field in shape.model_fields.items())


def _levels(given: str) -> str:
    near = get_close_matches(given, [rung.value for rung in Rung], n=1)
    return f"Did you mean `{near[0]}`?" if near else "Write off, observe, suggest or act."


def _short(given: Any) -> str:
    return " ".join(str(given).split())[:60]


def _merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: under[key] for key in under if key not in over}
    for key, value in over.items():
        below = under.get(key)
        both[key] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
    return both


def _policy(file: PolicyFile) -> Policy:
    return Policy(
        answers=file.answers,
        needs_info=file.needs_info,
        labels=file.labels,
        act_from=file.act_from,
        suggest_from=file.suggest_from,
        most_suggestions=file.most_suggestions,
        needs_info_label=file.label_names.get(_NEEDS_INFO, DEFAULT.needs_info_label),
        label_names=dict(file.label_names),
        languages=tuple(file.languages),
        exempt=_exempt(file.exempt),
        knowledge=file.knowledge,
        remind_after=file.remind_after_days,
        close_after=file.close_after_days,
    )


def _exempt(file: _ExemptFile) -> Exempt:
    return Exempt(authors=_folded(file.authors), labels=_folded(file.labels), maintainers=file.maintainers)


def _folded(names: Iterable[str]) -> frozenset[str]:
    """GitHub does not tell capitals from small letters in logins and labels."""
    return frozenset(name.casefold() for name in names)
