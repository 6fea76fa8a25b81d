"""A report read against the issue template that it follows, or should: the response to each prompt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from triagebot.blanks import bare, key_of
from triagebot.parse.content import Place, hidden_answer, respond
from triagebot.parse.heads import Head, Rank, find_heads
from triagebot.records import Asking, Block, Filled, IssueTemplate, Line, Prompt, Report, Response, State

_BEST_FIRST = tuple(State)
_Heads = Mapping[str, tuple[Head, ...]]
# Labels as short as `OS` stand in many sentences: by these spellings alone no template is known.
_WEAK = frozenset({Rank.PLAIN, Rank.INLINE, Rank.FENCED})
_HALF = 0.5
_ENOUGH = 2


class _Fit(NamedTuple):
    """How well a template fits: by its headings, by its own words, by the title and labels that it gives.

    `met` are those of its headings that stand in the report.
    """

    headings: float
    words: int
    signs: int
    met: int


def fill(report: Report, lines: Sequence[Line], templates: Sequence[IssueTemplate]) -> Filled | None:
    """Return the best-fitting template with the responses to it; None where no template speaks for problems.

    A report that follows none is held against the first one for problems.
    """
    if not templates:
        return None
    heads = find_heads(lines, (key_of(prompt.label) for template in templates for prompt in template.prompts))
    said = Counter(line.text for line in lines)
    fits = [_fit(template, heads, report, said) for template in templates]
    best = max(range(len(templates)), key=lambda place: (fits[place], -place))
    if not any(fits[best]):
        best = next((place for place, template in enumerate(templates) if template.for_problems), -1)
        if best < 0:
            return None
    template = templates[best]
    responses = tuple(_responses(template, heads, lines, report.body))
    followed = fits[best].met >= min(_ENOUGH, len(template.prompts) * _HALF) and fits[best].met > 0
    return Filled(template=template, responses=responses, followed=followed)


@lru_cache(maxsize=256)
def _words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(bare, words))


def _fit(template: IssueTemplate, heads: _Heads, report: Report, said: Counter[str]) -> _Fit:
    """Weigh a template: its share of the headings that stand there, and the share of its own that do."""
    keys = {key_of(prompt.label) for prompt in template.prompts}
    marked = {key for key, found in heads.items() if found[0].rank not in _WEAK}
    plain = {key for key in heads if key in keys} - marked
    met = len(keys & marked) + (len(plain) if len(plain) > len(keys) * _HALF and len(plain) > 1 else 0)
    headings = 2 * met / (len(keys) + len(marked)) if met else 0.0
    words = _words(template.words)
    spoken = sum(count for text, count in said.items() if bare(text) in words) if words else 0
    prefix = template.prefix.strip()
    named = bool(prefix) and report.title.casefold().startswith(prefix.casefold())
    labelled = any(label in report.labels for label in template.labels)
    return _Fit(headings=round(headings, 6), words=spoken, signs=named + labelled, met=met)


def _responses(template: IssueTemplate, heads: _Heads, lines: Sequence[Line], body: str) -> Iterator[Response]:
    keys = [key_of(prompt.label) for prompt in template.prompts]
    # An answer beside its label ends no section: what follows goes on with the one around it.
    mine = sorted(head for key in dict.fromkeys(keys) for head in heads.get(key, ()) if not head.beside)
    ends = {head.at: later.at for head, later in pairwise(mine)}
    for place, (prompt, key) in enumerate(zip(template.prompts, keys, strict=True)):
        before, same = keys[:place].count(key), keys.count(key)
        places = [_place(head, lines, ends.get(head.at, len(lines))) for head in heads.get(key, ())[before::same]]
        if not places and prompt.asking is Asking.CHECKBOXES and lines:
            places = [Place(heading=lines[0]._replace(number=0), beside="", below=tuple(lines))]
        yield _best(prompt, places, body)


def _place(head: Head, lines: Sequence[Line], end: int) -> Place:
    below = () if head.beside else tuple(lines[head.at + 1 : end])
    return Place(heading=lines[head.at], beside=head.beside, below=below)


def _best(prompt: Prompt, places: Sequence[Place], body: str) -> Response:
    """Return the best response: of a template that stands twice, one is often empty."""
    found = [respond(prompt, place, body) for place in places]
    gone = Response(prompt=prompt, state=State.GONE)
    return min(found, key=lambda response: _BEST_FIRST.index(response.state), default=gone)


def unhide(filled: Filled, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines; those that the reporter wrote inside a comment of the template become their own words."""
    hidden = {response.line: response.prompt for response in filled.responses if response.state is State.HIDDEN}
    if not hidden:
        return tuple(lines)
    return tuple(_unhidden(lines, hidden))


def _unhidden(lines: Sequence[Line], hidden: Mapping[int, Prompt]) -> Iterator[Line]:
    prompt = None
    for line in lines:
        if line.number in hidden or line.block is Block.HEADING:
            prompt = hidden.get(line.number)
        answer = hidden_answer(prompt, line) if prompt else ""
        yield line._replace(text=answer, block=Block.PROSE) if answer else line
