"""How much a place in the report counts: the last error more than an old log, a denial less than a claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from triagebot.diagnose.denial import denied
from triagebot.diagnose.wish import build_wish
from triagebot.late import late_regex
from triagebot.locales import in_english
from triagebot.records import Block, Case, Evidence, Line, Signature
from triagebot.sheet import fold

Weigh = Callable[[Evidence], float]

# A line that only sets something (`norm_eval=True,`): part of a configuration, and no question about it.
_SETTING = late_regex(r"^\s*[\w.]{1,60}\s*=\s*(?:dict\(|[\[{(]$|[\[{('\"].*[\]}),'\"]$|(?:None|True|False),?$)")
_ASKS = late_regex(r"[?？\u3400-\u9fff]")
_ERROR = late_regex(
    r"[a-z](?:Error|Exception)\b|\bError\b|\b(?:error|fatal|failed):|^\W{0,20}(?:error|fatal|[\w.]{0,80}[A-Z]\w{1,80}:)"
    r"|^\W{0,20}[^\s:]{1,200}:\d+: \w{0,40}Warning:"
)
# A line that a program logs as it goes: no error by its own account (`INFO`, glog's ` I file.cc:12]`).
_REMARKED = late_regex(
    r"(?:^|[\s\[(|:\-])(?:INFO|DEBUG|info|debug)(?:[\s\])|:,\-]|$)|(?:^|:? )I\d{0,4} [\w./: ]{1,120}:\d+\]"
)
_TRACEBACK = "Traceback (most recent call last)"
_LINKS = ("During handling of the above exception", "The above exception was the direct cause")
_DENIAL = 0.35
_BEHIND_ANOTHER_ERROR = 0.73
_OLD_LOG = 0.7
_BESIDE_A_TRACEBACK = 0.75
# An error that a sentence tells of; the one that was raised, where an entry knows it, stays the likelier.
_TOLD_BESIDE_A_TRACEBACK = 0.95
_QUOTED = 0.6
_SET = 0.5
_REMARK = 0.5
_WROTE = late_regex(r"\b(?:wrote|said|says|writes|replied|answered|told me)\W*$|(?:写道|说|回复)\W*$", re.IGNORECASE)
_BY_MAIL = late_regex(r"\bwrote:\s*$|写道[:：]\s*$")
_TELLING = 15  # characters of an error's message that do not stand in a title by chance
_TELLING_END = 4  # characters: a bracket is no end of an error
_TOLD = frozenset({"exact", "signature", "pattern"})  # matchers that know a line from the FAQ's own signatures
_WRITTEN = frozenset({Block.PROSE, Block.TITLE})
_CRASH = "native"
_SHOWS = "log"  # the family of what a log shows: it leads to the error below rather than being an older one


def build_context(case: Case) -> Weigh:
    """Return what weighs a piece of evidence by where it stands, 0 to 1."""
    lines = _by_number(case)
    ranks = {signature.line: rank for rank, signature in reversed(list(enumerate(case.signatures)))}
    raised = bool(case.signatures) and bool(case.signatures[0].frames)
    wished = build_wish(case, raised=raised)
    older, quoted = _older_lines(case), _set_aside_by_quoting(case, lines)

    def weigh(evidence: Evidence) -> float:
        line = lines.get(evidence.line)
        if line is None:
            return wished(evidence, line)
        weight = wished(evidence, line) * (_QUOTED if evidence.line in quoted else 1.0)
        weight *= _of_wording(evidence, line, ranks)
        if evidence.line in older or _stands_before_an_error(evidence, line, case.signatures):
            return weight * _BEHIND_ANOTHER_ERROR
        if line.block is Block.CODE and ranks:
            return weight * _standing(ranks.get(evidence.line), told=evidence.matcher in _TOLD)
        if line.block is Block.PROSE and ranks.get(evidence.line) and raised and evidence.matcher in _TOLD:
            return weight * _TOLD_BESIDE_A_TRACEBACK
        beside = line.block is Block.PROSE and raised and not _is_printed(evidence, ranks, case.signatures)
        printed = evidence.line in ranks and evidence.from_prose
        return weight * (_BESIDE_A_TRACEBACK if beside or printed or _is_anothers(evidence, line, case) else 1.0)

    return weigh


def _of_wording(evidence: Evidence, line: Line, ranks: Mapping[int, int]) -> float:
    """Weigh a line by what it is by itself: a denial, a setting, a remark of a log."""
    weight = _DENIAL if line.block in _WRITTEN and _is_denied(evidence) else 1.0
    if evidence.line in ranks:
        return weight
    if _SETTING.match(line.text) and not _ASKS.search(line.text):
        weight *= _SET
    return weight * (_REMARK if ranks and _REMARKED.search(line.text) else 1.0)


def _is_denied(evidence: Evidence) -> bool:
    """Say whether the words found are denied.

    What was found in English and stands otherwise in the quotation is judged in English: the `不是` of a system's
    `不是内部或外部命令` denies nothing.
    """
    reworded = evidence.hit and evidence.hit not in evidence.quote
    return denied(in_english(evidence.quote) if reworded else evidence.quote, evidence.hit)


def _is_printed(evidence: Evidence, ranks: Mapping[int, int], signatures: Sequence[Signature]) -> bool:
    """Say whether a line outside of all fences is an error's, or says what the error does that was raised above it."""
    hit = fold(evidence.hit)
    said = bool(hit) and any(hit in fold(signature.message) for signature in signatures if signature.frames)
    return evidence.line in ranks or said or _ends_in_an_error(evidence.hit, signatures)


def _ends_in_an_error(hit: str, signatures: Sequence[Signature]) -> bool:
    """Say whether words found over several lines end in the error that was raised, and begin below its traceback."""
    above, _, end = (fold(part) for part in hit.rpartition("\n"))
    if not above or len(end) < _TELLING_END or fold(_TRACEBACK) in above:
        return False
    return any(end in fold(f"{signature.type}: {signature.message}") for signature in signatures if signature.frames)


def _stands_before_an_error(evidence: Evidence, line: Line, signatures: Sequence[Signature]) -> bool:
    """Say whether a sentence goes on to an error that does not hold the words found: "X is behind me, now it is Y"."""
    if not evidence.hit or line.block not in _WRITTEN:
        return False
    text, hit = fold(line.text), fold(evidence.hit)
    on_line = [signature for signature in signatures if signature.line == evidence.line]
    return bool(on_line) and hit in text and all(_goes_on_to(signature, text, hit) for signature in on_line)


def _goes_on_to(signature: Signature, text: str, hit: str) -> bool:
    """Say whether a folded line goes on from the words found to an error.

    It does not where it begins with them and runs into a crash, or into the error that they name.
    """
    at = text.find(hit)
    start, end = _start(signature, text), at + len(hit)
    named = hit.rpartition(".")[2] == fold(signature.type)
    if (signature.family == _CRASH or named) and not text[:at].strip() and not text[end:start].strip():
        return False
    return start >= end


def _start(signature: Signature, text: str) -> int:
    """Return where an error begins on its folded line, with its type where that stands before the message; or -1."""
    at = text.find(fold(signature.message)) if signature.message else -1
    named = text.rfind(fold(signature.type), 0, at) if at > 0 and signature.type else -1
    return at if named < 0 else named


def _is_anothers(evidence: Evidence, line: Line, case: Case) -> bool:
    """Say whether a title is (part of) an error that was found by its words and not by the entry's signatures."""
    if line.block is not Block.TITLE or evidence.matcher in _TOLD:
        return False
    said = fold(evidence.quote)
    return any(
        signature.line == evidence.line or (len(said) >= _TELLING and said in fold(signature.message))
        for signature in case.signatures
    )


def _by_number(case: Case) -> Mapping[int, Line]:
    lines: dict[int, Line] = {}
    for line in case.document.lines:
        lines.setdefault(line.number, line)
    return lines


def _standing(rank: int | None, *, told: bool) -> float:
    """Weigh a line of a log by its rank among the errors; a line that is none says less, unless the FAQ lists it."""
    if rank is None:
        return 1.0 if told else _OLD_LOG
    return 1.0 if rank <= 1 else _BEHIND_ANOTHER_ERROR


def _set_aside_by_quoting(case: Case, lines: Mapping[int, Line]) -> frozenset[int]:
    """Return the quoted lines that are somebody else's words.

    Many people quote their own error; but who has an error outside the quotation is about that one, who answers a mail
    quotes another's, and words that are no error are quoted to be answered, where the reporter has own words at all
    that do not lead to the quotation.
    """
    quoted = frozenset(number for number, line in lines.items() if line.quoted)
    errors = frozenset(signature.line for signature in case.signatures)
    errors |= {number for number in quoted if _ERROR.search(lines[number].text)}
    own = [line for number, line in lines.items() if number not in quoted and line.block is not Block.TITLE]
    if any(line.number in errors or _BY_MAIL.search(line.text) for line in own):
        return quoted
    errors |= _led_to(lines)
    return quoted - errors if any(line.block is Block.PROSE and line.text.strip() for line in own) else frozenset()


def _led_to(lines: Mapping[int, Line]) -> frozenset[int]:
    """Return the quoted lines below own words that end in a colon: `after that change:`, and not `Li Wei wrote:`."""
    found: set[int] = set()
    led = False
    for number, line in sorted(lines.items()):
        if line.quoted and led:
            found.add(number)
        elif not line.quoted and (said := line.text.rstrip()):
            led = said.endswith((":", "：")) and not _WROTE.search(said)
    return frozenset(found)


def _older_lines(case: Case) -> frozenset[int]:
    """Return the lines of errors that stand in logs above the traceback of the first signature."""
    if not (case.signatures and case.signatures[0].frames):
        return frozenset()
    start = _start_of_chain(case, case.signatures[0].line)
    shows = {signature.line for signature in case.signatures if signature.family == _SHOWS}
    above = {line.number for line in case.document.lines if line.block is Block.CODE and line.number < start}
    return frozenset(above - shows)


def _start_of_chain(case: Case, end: int) -> int:
    """Return the line where the traceback that ends on a line begins, with those that it is chained to."""
    start, linked = end, False
    for line in (line for line in case.document.lines if line.number <= end):
        if any(link in line.text for link in _LINKS):
            linked = True
        elif _TRACEBACK in line.text:
            start = start if linked and start < end else line.number
            linked = False
    return start
