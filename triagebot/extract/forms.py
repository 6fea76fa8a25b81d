"""Errors of one line whose look is written down in forms.yaml: compilers, loaders, installers, crashes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from triagebot.records import Form, Line
from triagebot.regexes import compile_regex, compile_set
from triagebot.sighting import ENVELOPE, PRINTED, Sighting, sign

_LONGEST_LINE = 2000
_MOST_OF_A_FORM = 5


def build_forms(forms: Sequence[Form]) -> Callable[[Sequence[Line]], Iterator[Sighting]]:
    """Compile the forms into one set; the result finds them in the lines of a report.

    `^` and `$` of a pattern are the ends of a line.  The groups `type`, `message` and `file` fill the signature;
    without them the type is the form's own and the message is the whole match.
    """
    patterns = [f"(?m){form.pattern}" for form in forms]
    which = compile_set(patterns)
    # The set tells which are needed: most never are.
    compiled = lru_cache(maxsize=len(patterns))(compile_regex)

    def find(lines: Sequence[Line]) -> Iterator[Sighting]:
        texts = [line.text[:_LONGEST_LINE] for line in lines]
        text = "\n".join(texts)
        starts = list(accumulate((len(t) + 1 for t in texts), initial=0))
        for index in which(text):
            for count, found in enumerate(compiled(patterns[index]).finditer(text)):
                if count >= _MOST_OF_A_FORM:
                    break
                place = bisect_right(starts, _start(found)) - 1
                yield _sighting(forms[index], found, lines[place], place)

    return find


def _start(found: Any) -> int:
    """Return where the telling words begin: what may stand before them can reach into the lines above."""
    groups = found.re.groupindex
    told = [found.start(groups[name]) for name in ("message", "type") if name in groups]
    return next((int(start) for start in told if start >= 0), int(found.start()))


def _sighting(form: Form, found: Any, line: Line, place: int) -> Sighting:
    groups = found.groupdict()
    message = (groups.get("message") or found.group(0)).strip()
    kind = (groups.get("type") or form.type or form.id).strip()
    standing = ENVELOPE if form.envelope else PRINTED
    file = (groups.get("file") or "").replace("\\", "/").rpartition("/")[2]
    signature = sign(line, form.family, kind, message, frames=(file,) if file else ())
    return Sighting(signature=signature, standing=standing, place=place, order=place)
