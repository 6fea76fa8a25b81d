"""Room 2, extract: clean lines become ranked error signatures and the facts of an environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from triagebot.extract import cmake, go, installers, java, javascript, native, python, rust, sanitizers
from triagebot.extract.environment import build_reader
from triagebot.extract.environment.headed import headed_answers
from triagebot.extract.forms import build_forms
from triagebot.extract.strands import untangled
from triagebot.records import Block, Case, Document, Knowledge, Line, Signature
from triagebot.sighting import ALONE, CUT, PRINTED, RAISED, Sighting

_UNWRITTEN = frozenset({Block.TEMPLATE, Block.COMMENT})
_MOST_SIGNATURES = 20
# Code that would say it, in a traceback or beside the report, has not said it.
_SOURCE = re.compile(r"[\s\-❱>│|]{0,40}\d{0,5}[\s│|]{0,40}(?:raise\s+[\w.]+\(|throw\s+(?:new\s+)?[\w:.]+\(|assert\s)")
_FAMILIES = (python, javascript, java, go, rust, sanitizers, native, cmake, installers)


def build(knowledge: Knowledge) -> Callable[[Document], Case]:
    """Prepare the forms and the names of facts; the result reads any number of documents."""
    find_forms = build_forms(knowledge.forms)
    read_environment = build_reader(knowledge.template)

    def extract(document: Document) -> Case:
        lines = tuple(line for line in document.lines if line.block not in _UNWRITTEN)
        strands = untangled(lines)
        found = (*_seen(strands), *find_forms(strands))
        sightings = [
            one for one in found if one.standing in {RAISED, CUT} or not _SOURCE.match(strands[one.place].text)
        ]
        return Case(
            document=document,
            signatures=tuple(_ranked(sightings))[:_MOST_SIGNATURES],
            environment=read_environment([*_of_environment(lines), *headed_answers(document.sections)]),
        )

    return extract


def _seen(lines: Sequence[Line]) -> Iterator[Sighting]:
    """Yield what the families see; one of which no sign stands in the whole text is not asked to look at each line."""
    text = "\n".join(line.text for line in lines)
    for family in _FAMILIES:
        if any(sign in text for sign in family.SIGNS):
            yield from family.find(lines)


def _of_environment(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.text.strip())


def _named_whole(sightings: Sequence[Sighting]) -> Iterator[Sighting]:
    """Yield the sightings; where an exception's line also has the form of a tool's, it stands in that one's place."""
    alone = {sighting.place for sighting in sightings if sighting.standing == ALONE}
    printed = {sighting.place for sighting in sightings if sighting.standing == PRINTED} & alone
    for sighting in sightings:
        if sighting.place not in printed:
            yield sighting
        elif sighting.standing != PRINTED:
            yield replace(sighting, standing=PRINTED, order=sighting.place)


def _ranked(sightings: Sequence[Sighting]) -> Iterator[Signature]:
    """Yield the signatures as a maintainer would name them, each fault once."""
    seen: set[str] = set()
    taken: set[int] = set()
    for sighting in sorted(_named_whole(sightings), key=lambda s: s.rank):
        signature = sighting.signature
        # A form that describes the line of an exception adds no second error; the same error elsewhere neither.
        if signature.fingerprint in seen or (sighting.place in taken and sighting.place >= 0):
            continue
        seen.add(signature.fingerprint)
        taken.add(sighting.place)
        yield signature
