"""The memo: what our comment said, by ids, on a hidden line of the comment itself.

Whoever finds the comment knows it: another machine, a workflow without a database, a bot whose database was lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from hashlib import blake2b

from triagebot.records import Level, Memo, Report, Verdict

_LINE = re.compile(r"<!-- triagebot:memo((?: [a-z]{3,7}=[a-z0-9,-]{1,16000}){0,8}) -->")
_PARTS = tuple(field.name for field in fields(Memo))
_MOST_REMEMBERED = 30
_LONGEST_PLAIN = 40
_PLAIN = re.compile(r"[a-z0-9-]+")
_SPELLED = re.compile(r"x--((?:[0-9a-f]{2})+)")


def read_memo(text: str) -> Memo:
    """Return the memo that stands in a comment of ours; an empty one where there is none."""
    found = _LINE.search(text)
    if found is None:
        return Memo()
    pairs = (part.partition("=") for part in found[1].split())
    return Memo(**{name: tuple(map(_read_id, ids.split(","))) for name, _, ids in pairs if name in _PARTS})


def write_memo(memo: Memo) -> str:
    """Return the hidden line; nothing in it can end the HTML comment, since ids are plain words."""
    parts = [f" {name}={','.join(map(_written_id, getattr(memo, name)))}" for name in _PARTS if getattr(memo, name)]
    return f"<!-- triagebot:memo{''.join(parts)} -->"


def _written_id(name: str) -> str:
    """Return an id as plain words: a form's ids may have any letters, and those are spelled by their bytes."""
    return name if _PLAIN.fullmatch(name) and not name.startswith("x--") else f"x--{name.encode().hex()}"


def short_id(name: str) -> str:
    """Return an id as one short plain word, for keys that are only compared."""
    plain = _PLAIN.fullmatch(name) and not name.startswith("x--")
    return name if plain and len(name) <= _LONGEST_PLAIN else f"x--{blake2b(name.encode(), digest_size=6).hexdigest()}"


def _read_id(written: str) -> str:
    spelled = _SPELLED.fullmatch(written)
    return bytes.fromhex(spelled[1]).decode("utf-8", "replace") if spelled else written


def next_memo(past: Memo, verdict: Verdict, withdrawn: Iterable[str] = ()) -> Memo:
    """Return what will have been said once this verdict is said; `withdrawn` entries are wrong by a person's word."""
    said = {level: tuple(a.diagnosis.entry.id for a in verdict.answers if a.level is level) for level in Level}
    asked = tuple(item.field.id for item in verdict.missing)
    once = (*past.wrong, *past.gone, *past.answers, *past.hints)
    wrong = _kept([*past.wrong, *(name for name in withdrawn if name in once)], ())
    return Memo(
        answers=said[Level.ACT],
        hints=said[Level.SUGGEST],
        asked=asked,
        met=_kept([*past.met, *past.asked], asked),
        gone=_kept([*past.gone, *past.answers], {*said[Level.ACT], *said[Level.SUGGEST], *wrong}),
        wrong=wrong,
        text=_text(past, asked, verdict.assessment.case.document.report),
    )


def _text(past: Memo, asked: tuple[str, ...], report: Report) -> tuple[str, ...]:
    """Return the digest of the report where something is asked for; the first one as long as nothing new is."""
    if asked and set(asked) <= set(past.asked):
        return past.text
    return (digest(report),) if asked else ()


def digest(report: Report) -> str:
    """Return how a report reads as one short word: another word means that a person changed it."""
    text = f"{report.title}\n{report.body}".replace("\r\n", "\n")
    return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _kept(names: Iterable[str], without: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name not in set(without)))[-_MOST_REMEMBERED:]
