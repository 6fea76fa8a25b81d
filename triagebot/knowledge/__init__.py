"""Turn the texts of a knowledge folder into records, or say everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from pydantic import ValidationError

from triagebot.blanks import ISSUE_TEMPLATES
from triagebot.errors import KnowledgeError, Problem
from triagebot.garbage import uncollected
from triagebot.knowledge import build
from triagebot.knowledge.check import Phrases, check
from triagebot.knowledge.issue_templates import read_issue_template, read_issue_templates
from triagebot.knowledge.shapes import SHAPES, schemas
from triagebot.knowledge.source import Source, did_you_mean
from triagebot.knowledge.wording import tell
from triagebot.records import Knowledge

__all__ = ["KINDS", "read_issue_template", "read_issue_templates", "read_knowledge", "schemas"]

KINDS = (*SHAPES, "replies")
# What belongs to the bot and not to a project: these fill in where a folder has none of its own.
_SHIPPED = ("forms", "terms", "replies")


@uncollected()
def read_knowledge(
    files: Mapping[str, str], shipped: Mapping[str, str] | None = None, *, faq: str | None = None
) -> Knowledge:
    """Return the knowledge written in `files` (file name -> text).

    The kind of a file is its name without folder and ending.  `faq` names the file that is the FAQ whatever it is
    called; None: `faq.yaml`, or the only file there is.  Files in a folder `ISSUE_TEMPLATE` are issue templates.
    Forms, terms and replies of `shipped` stand behind the folder's own; nothing else of it is used.  Raises
    KnowledgeError with every problem found.
    """
    forms = {name: text for name, text in sorted(files.items()) if _is_template(name)}
    templates, wrong = read_issue_templates(forms)
    files = {name: text for name, text in files.items() if name not in forms}
    own, unknown = _sources(files, faq or _only(files))
    behind, _ = _sources({name: text for name, text in (shipped or {}).items() if _fills_in(name)}, None)
    behind = {kind: source for kind, source in behind.items() if kind not in own or own[kind].text != source.text}
    problems = [*wrong, *unknown]
    if "faq" not in own:
        place = next(iter(files), "faq.yaml")
        problems.append(Problem(place, 0, "", "there is no faq.yaml", "A knowledge folder needs at least that file."))
    drafts_behind, drafts = _drafts(behind, {}), _drafts(own, _phrases(behind))
    problems += [problem for source in (*behind.values(), *own.values()) for problem in source.problems]
    if problems:
        raise KnowledgeError(tuple(sorted(set(problems))))
    texts = [source.text for source in (*behind.values(), *own.values())]
    return build.knowledge(drafts, drafts_behind, templates, _digest([*texts, *forms.values()]))


def _sources(files: Mapping[str, str], faq: str | None) -> tuple[dict[str, Source], list[Problem]]:
    """Return the files by kind, and what is wrong with their names."""
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for name, text in files.items():
        kind = "faq" if name == faq else _kind(name)
        if kind not in KINDS:
            problems.append(Problem(name, 0, "", "not a file of a knowledge folder", did_you_mean(kind, KINDS)))
        elif kind in sources:
            what = f"there is {sources[kind].name} for the same already"
            problems.append(Problem(name, 0, "", what, "Keep one of the two."))
        else:
            sources[kind] = Source(name, text)
    return sources, problems


def _only(files: Mapping[str, str]) -> str | None:
    """Return the name of the only file, where it is none of another kind."""
    name = next(iter(files)) if len(files) == 1 else ""
    return name if _kind(name) not in KINDS else None


def _fills_in(name: str) -> bool:
    return _kind(name) in _SHIPPED and not _is_template(name)


def _is_template(name: str) -> bool:
    """Say whether a file lies in the folder of issue templates."""
    return name.replace("\\", "/").rpartition("/")[0].rpartition("/")[2].upper() == ISSUE_TEMPLATES


def _kind(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]


def _drafts(sources: Mapping[str, Source], shipped: Phrases) -> dict[str, build.Draft]:
    """Return the sources with their checked shapes; what is wrong is noted in the sources."""
    drafts = {kind: (source, _draft(kind, source)) for kind, source in sources.items()}
    check(sources, shipped)
    return drafts


def _draft(kind: str, source: Source) -> Any:
    if source.value is None:
        if not source.problems:
            source.note(0, "", "the file is empty", "Write something into it, or take it away.")
        return None
    if kind == "replies":
        return source.value
    try:
        return SHAPES[kind].model_validate(source.value)
    except ValidationError as error:
        tell(source, kind, error)
    return None


def _phrases(behind: Mapping[str, Source]) -> Phrases:
    """Return the phrases that ship with the bot; none where their file itself is wrong."""
    replies = behind.get("replies")
    return {} if replies is None or replies.problems else replies.value


def _digest(texts: Iterable[str]) -> str:
    """Return 16 hexadecimal digits that change with any text, wherever the folder lies."""
    digest = blake2b(digest_size=8)
    for text in texts:
        digest.update(text.encode("utf-8", "replace") + b"\0")
    return digest.hexdigest()
