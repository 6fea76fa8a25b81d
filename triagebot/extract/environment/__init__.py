"""Facts about the reporter's machine: collect_env, pip and conda lists, tools' own words, free text, tracebacks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, chain, groupby

from triagebot.extract.environment.gather import Sourced, gather
from triagebot.extract.environment.named import read_names
from triagebot.extract.environment.reading import read_below, read_line
from triagebot.extract.environment.spread import spread
from triagebot.extract.environment.vocabulary import Hit, Vocabulary, build_vocabulary
from triagebot.records import Block, Document, Fact, Line, Template
from triagebot.sheet import fold

Reader = Callable[[Sequence[Line]], tuple[Fact, ...]]

_UNWRITTEN = frozenset({Block.TEMPLATE, Block.COMMENT})
_BUILT_WITH = "built with"


def read_environment(document: Document, template: Template) -> tuple[Fact, ...]:
    """Return the facts of a document; where many documents are read, `build_reader` prepares the template once."""
    return build_reader(template)([line for line in document.lines if line.block not in _UNWRITTEN])


def build_reader(template: Template) -> Reader:
    """Prepare the names of a template's fields.

    The result reads facts out of written lines: the more structured source first, equal facts once, facts that
    disagree side by side under one name.  What every project knows (`python`, `gcc`, `nvcc`, `gpu` ...) is read even
    where the template has no such field.
    """
    vocabulary = build_vocabulary(template)

    def read(lines: Sequence[Line]) -> tuple[Fact, ...]:
        lines = tuple(spread(lines))
        names = ((told, line.number) for line in lines if _maybe_named(line.text) for told in read_names(line.text))
        return gather(chain(_told(lines, vocabulary), names), vocabulary.facts)

    return read


def _maybe_named(text: str) -> bool:
    return "envs" in text or text.lstrip().startswith("(")


def _told(lines: Sequence[Line], vocabulary: Vocabulary) -> Iterator[Sourced]:
    """Yield what each line tells; only lines with a known name are looked at."""
    texts = [line.text for line in lines]
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    hits = vocabulary.find(fold("\n".join(texts)))
    details, driver = range(0), -2
    for place, group in groupby(hits, key=lambda hit: bisect_right(starts, hit.start) - 1):
        line, mine = lines[place], _within(list(group), starts[place], texts[place])
        if _BUILT_WITH in line.text and place not in details:
            details = _details(texts, place)
        below = texts[place + 1] if place + 1 < len(texts) else ""
        for told in (*read_line(line, mine, in_details=place in details), *read_below(line.text, mine, below)):
            driver = place if told.fact == "gpu-driver" else driver
            beside = told.fact == "cuda" and "CUDA Version" in line.text and place - driver <= 1
            yield (replace(told, fact="driver-cuda") if beside else told), line.number


def _within(hits: list[Hit], start: int, text: str) -> list[Hit]:
    """Return the hits that do not run over the end of their line, counted from its start."""
    last = start + len(text)
    return [Hit(hit.start - start, hit.end - start, hit.what) for hit in hits if hit.end <= last]


def _details(texts: Sequence[str], place: int) -> range:
    """Return the places of the bullets below "PyTorch built with:": they tell of PyTorch, not of the machine."""
    end = place + 1
    while end < len(texts) and texts[end].lstrip().startswith("- "):
        end += 1
    return range(place + 1, end)
