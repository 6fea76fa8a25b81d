"""The names that facts go by, of a template and in general, found in one pass over a text (Aho-Corasick)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import ahocorasick

from triagebot.extract.environment.printed import PRINTED, Print
from triagebot.extract.environment.values import Kind, kind_of
from triagebot.records import Field, Template

# What any project's reports may tell.  A template's field of the same id adds its own names.
_GENERAL = (
    Field(id="os", title={}, how={}, names=("sys.platform", "OS")),
    Field(id="python", title={}, how={}, names=("Python",), packages=("python",)),
    Field(id="gpu", title={}, how={}, names=("GPU", "GPU models and configuration")),
    Field(id="gpu-driver", title={}, how={}, names=("Driver Version", "Nvidia driver version")),
    Field(id="driver-cuda", title={}, how={}),
    Field(id="cuda-available", title={}, how={}, names=("CUDA available", "Is CUDA available")),
    Field(id="cuda-home", title={}, how={}, names=("CUDA_HOME",)),
    Field(id="cuda", title={}, how={}, names=("CUDA",)),
    Field(id="nvcc", title={}, how={}, names=("NVCC", "CUDA runtime version")),
    Field(id="cudnn", title={}, how={}, names=("cuDNN",), packages=("cudnn",)),
    Field(id="gcc", title={}, how={}, names=("GCC",)),
    Field(id="msvc", title={}, how={}, names=("MSVC",)),
    Field(id="node", title={}, how={}, names=("Node", "Node.js", "NodeJS")),
    Field(id="npm", title={}, how={}, names=("npm",)),
)
# A report is not a list of names; what a hostile one holds beyond this is not read.
_MOST_HITS = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One way to write a fact's name; `package` when pip or conda call something so, `mark` when it is the fact."""

    fact: str
    kind: Kind
    package: str = ""
    mark: bool = False


class Hit(NamedTuple):
    """A name (or the sign of a fixed form) as it stands in a text, `start` to `end`."""

    start: int
    end: int
    what: Name | Print


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All names; `facts` are the ids that may come out."""

    facts: frozenset[str]
    find: Callable[[str], list[Hit]]


def build_vocabulary(template: Template) -> Vocabulary:
    """Index the names of a template and those that everybody uses."""
    words: dict[str, list[Name | Print]] = defaultdict(list)
    for word, name in _names([*template.fields, *_GENERAL]):
        if not any(isinstance(other, Name) for other in words[word]):
            words[word].append(name)
    for form in PRINTED:
        for sign in form.signs:
            words[sign].append(form)
    automaton = ahocorasick.Automaton()
    for word, meanings in words.items():
        automaton.add_word(word, (len(word), tuple(meanings)))
    automaton.make_automaton()
    facts = frozenset(field.id for field in (*template.fields, *_GENERAL))
    return Vocabulary(facts=facts, find=lambda folded: _find(automaton, folded))


def _names(fields: Iterable[Field]) -> Iterator[tuple[str, Name]]:
    """Yield the lower-case spellings of all names; a package keeps its own name, whatever the spelling."""
    for field in fields:
        kind = kind_of(field.id, packaged=bool(field.packages))
        for package in field.packages:
            for word in {package.lower(), package.lower().replace("-", "_")}:
                yield word, Name(fact=field.id, kind=kind, package=package.lower())
        for name in field.names:
            yield name.lower(), Name(fact=field.id, kind=kind, mark="=" in name or name.startswith("-"))


def _find(automaton: ahocorasick.Automaton, folded: str) -> list[Hit]:
    """Return the hits in order: of names that overlap, the first and longest; fixed forms always."""
    names: list[tuple[int, int, Name]] = []
    hits: list[Hit] = []
    for last, (length, meanings) in islice(automaton.iter(folded), _MOST_HITS):
        start, end = last + 1 - length, last + 1
        for meaning in meanings:
            if isinstance(meaning, Print):
                hits.append(Hit(start, end, meaning))
            elif meaning.mark or _stands_free(folded, start, end):
                names.append((start, end, meaning))
    names.sort(key=lambda name: (name[0], -name[1]))
    free_from = 0
    for start, end, name in names:
        if start >= free_from:
            hits.append(Hit(start, end, name))
            free_from = end
    hits.sort(key=lambda hit: hit.start)
    return hits


def _stands_free(folded: str, start: int, end: int) -> bool:
    """Say whether a name is not part of a longer word, of a path or of an attribute."""
    before, after = folded[start - 1 : start], folded[end : end + 2]
    if before.isascii() and (before.isalnum() or before in {"_", "@", "$"}):
        return False
    # `pytorch/pytorch:1.6.0` is an image, and `site-packages/mmdet-2.14.0-py3.8.egg` an installed package.
    tagged = after[:1] == ":" or (after[:1] == "-" and folded[max(0, start - 9) : start - 1] == "packages")
    if before in {"/", "\\"} and not (tagged and after[1:].isdigit()):
        return False
    earlier = folded[start - 2 : start - 1]
    if before in {"-", "."} and earlier.isascii() and earlier.isalpha():
        return False
    if after[:1].isascii() and (after[:1].isalpha() or after[:1] in {"_", "/", "\\"}):
        return False
    if folded.startswith(".__version__", end):
        return True
    return not (after[:1] == "." and after[1:].isascii() and (after[1:].isalpha() or after[1:] == "_"))
