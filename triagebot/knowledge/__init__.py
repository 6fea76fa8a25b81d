"""Turn the texts of a knowledge folder into records, or say everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from triagebot.errors import KnowledgeError, Problem
from triagebot.knowledge import build
from triagebot.knowledge.check import check
from triagebot.knowledge.shapes import SHAPES, schemas
from triagebot.knowledge.source import Source, did_you_mean
from triagebot.records import Knowledge

__all__ = ["KINDS", "read_knowledge", "schemas"]

KINDS = (*SHAPES, "replies")
# What belongs to the bot and not to a project: these fill in where a folder has none of its own.
_SHIPPED = ("forms", "terms", "replies")


def read_knowledge(files: Mapping[str, str], shipped: Mapping[str, str] | None = None) -> Knowledge:
    """Return the knowledge written in `files` (file name -> text).

    The kind of a file is its name without folder and ending; a single file of any other name is a FAQ.  Forms, terms
    and replies of `shipped` stand behind the folder's own; nothing else of it is used.  Raises KnowledgeError with
    every problem found.
    """
    own, problems = _sources(files)
    behind, _ = _sources({name: text for name, text in (shipped or {}).items() if _kind(name) in _SHIPPED})
    sources = [*behind.values(), *own.values()]
    problems += [problem for source in sources for problem in source.problems]
    if "faq" not in own:
        place = next(iter(files), "faq.yaml")
        problems.append(Problem(place, 0, "", "there is no faq.yaml", "A knowledge folder needs at least that file."))
    drafts = {kind: build.drafted(kind, source) for kind, source in own.items() if not source.problems}
    shipped_drafts = {kind: build.drafted(kind, source) for kind, source in behind.items()}
    problems += [problem for source in sources for problem in source.problems if problem not in problems]
    if problems:
        raise KnowledgeError(tuple(sorted(set(problems))))
    knowledge = build.knowledge(drafts, shipped_drafts, _digest(files, shipped or {}))
    problems += check(knowledge, own)
    if problems:
        raise KnowledgeError(tuple(sorted(set(problems))))
    return knowledge


def _sources(files: Mapping[str, str]) -> tuple[dict[str, Source], list[Problem]]:
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for name, text in files.items():
        kind = "faq" if len(files) == 1 and _kind(name) not in KINDS else _kind(name)
        if kind in KINDS:
            sources[kind] = Source(name, text)
        else:
            remedy = did_you_mean(kind, KINDS)
            problems.append(Problem(name, 0, "", "not a file of a knowledge folder", remedy))
    return sources, problems


def _kind(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]


def _digest(files: Mapping[str, str], shipped: Mapping[str, str]) -> str:
    digest = blake2b(digest_size=8)
    for name, text in sorted([*files.items(), *shipped.items()]):
        digest.update(f"{_kind(name)}\0{text}\0".encode("utf-8", "replace"))
    return digest.hexdigest()
