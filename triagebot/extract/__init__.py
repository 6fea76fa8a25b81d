"""Room 2, extract: clean lines become ranked error signatures and the facts of an environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from triagebot.extract.environment import build_reader
from triagebot.extract.environment.headed import headed_answers
from triagebot.extract.forms import build_forms
from triagebot.extract.java import find_java_exceptions
from triagebot.extract.javascript import find_script_errors
from triagebot.extract.python import find_exceptions
from triagebot.extract.strands import untangled
from triagebot.records import Block, Case, Document, Knowledge, Line, Signature
from triagebot.sighting import Sighting

_UNWRITTEN = frozenset({Block.TEMPLATE, Block.COMMENT})
_MOST_SIGNATURES = 20
_FAMILIES = (find_exceptions, find_script_errors, find_java_exceptions)


def build(knowledge: Knowledge) -> Callable[[Document], Case]:
    """Prepare the forms and the names of facts; the result reads any number of documents."""
    find_forms = build_forms(knowledge.forms)
    read_environment = build_reader(knowledge.template)

    def extract(document: Document) -> Case:
        lines = tuple(line for line in document.lines if line.block not in _UNWRITTEN)
        strands = untangled(lines)
        sightings = [sighting for find in (*_FAMILIES, find_forms) for sighting in find(strands)]
        return Case(
            document=document,
            signatures=tuple(_ranked(sightings))[:_MOST_SIGNATURES],
            environment=read_environment([*_of_environment(lines), *headed_answers(document.sections)]),
        )

    return extract


def _of_environment(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.text.strip())


def _ranked(sightings: Iterable[Sighting]) -> Iterator[Signature]:
    """Yield the signatures as a maintainer would name them, each fault once."""
    seen: set[str] = set()
    taken: set[int] = set()
    for sighting in sorted(sightings, key=lambda s: s.rank):
        signature = sighting.signature
        # A form that describes the line of an exception adds no second error; the same error elsewhere neither.
        if signature.fingerprint in seen or (sighting.place in taken and sighting.place >= 0):
            continue
        seen.add(signature.fingerprint)
        taken.add(sighting.place)
        yield signature
