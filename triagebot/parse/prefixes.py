"""What runners and log collectors put before a line: ranks, services, times, levels, bars.  Taken off, and named."""

from __future__ import annotations

import re

from triagebot.late import late_regex

_DAY = r"\d{4}-\d\d-\d\d|\d{4}/\d\d/\d\d|\d\d/\d\d(?:/\d{2,4})?"
_TIME = r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_STAMP = rf"(?:{_DAY})(?:[T ]|, ){_TIME}"
_LEVEL = r"(?:TRACE|DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL|FATAL|SUCCESS)"
_NAME = r"[\w.\-/<>]{1,60}"
# Each with the name under which the source of the line is kept: lines of two ranks are two strands.
_SOURCES = (
    late_regex(r"(?i:\s*\[?(?P<source>(?:rank|default|trainer|worker)[ _\-]?\d{1,4})\]?:[ ]?)"),
    late_regex(r"(?P<source>\[\d{1,3},\d{1,4}\])<std(?:out|err)>: ?"),
    late_regex(r"(?P<source>[\w.\-]{1,60}[-_]\d{1,4})\s{1,20}\|(?:[ ]|$)"),
    late_regex(r"(?P<source>#\d{1,4}) (?:\d{1,6}\.\d{1,4}|ERROR:?|sha256:\S{1,80})(?:[ ]|$)"),
    late_regex(r"\((?P<source>(?:[\w.\-]{1,60} )?pid=\d{1,10})(?:, ip=[\d.:a-f]{1,40})?\)(?:[ ]|$)"),
)
_PLAIN = (
    # Airflow and Celery: [2024-05-01, 12:00:00 UTC] {lid.py:12} ERROR - and [2024-05-01 12:00:00,123: ERROR/Main-1]
    late_regex(rf"\[{_STAMP}(?: ?UTC)?\] \{{[\w./\-]{{1,80}}:\d{{1,6}}\}} {_LEVEL} - ?"),
    late_regex(rf"\[{_STAMP}: {_LEVEL}/[\w\-]{{1,60}}\] ?"),
    # GitHub Actions, as downloaded: job, step and time in columns.
    late_regex(rf"[^\t\n]{{1,80}}\t[^\t\n]{{1,80}}\t\ufeff?{_STAMP}[ ]?"),
    late_regex(rf"\s*\[?{_STAMP}\]?(?:[ ](?:stdout|stderr) [FP](?:[ ]|$))?[ ]?"),
    late_regex(r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.\-]{1,60} [\w.\-/]{1,60}(?:\[\d{1,10}\])?: ?"),
    late_regex(rf"\[?{_TIME}\]?[ ](?=\S)"),
    # glog and klog: E0501 12:00:00.123456 4242 kettle.cc:12]
    late_regex(rf"\s*[IWEF]\d{{4}} {_TIME} +\d{{1,10}} {_NAME}:\d{{1,6}}\] ?"),
    # [kettle][ERROR] - and kettle - ERROR - and | ERROR | kettle:boil:12 -
    late_regex(rf"\s?(?:\[{_NAME}\] ?){{0,3}}\[(?:{_LEVEL}|error|info|warn|warning)\](?: ?[-:|] ?|[ ])"),
    late_regex(rf"\s?(?:[|\-] ?)?(?:{_NAME} ?[|\-] ?){{0,2}}{_LEVEL} *(?:[|\-] ?)(?:{_NAME}:{_NAME}:\d{{1,6}} - )?"),
)
# What Kubernetes and Actions make of an empty line.
_NOTHING_WRITTEN = late_regex(r" std(?:out|err) [FP] ?$|^\s*\d{4}-\d\d-\d\dT[\d:.]{8,20}Z ?$")
_PYTEST = late_regex(r"\s{0,60}(?P<source>E) {3,60}(?=\S)")
_BAR = late_regex(r"\s*[|│║┃](?:[ ](?=\s*\S)|(?=$))")
_ALL = (*_SOURCES, *_PLAIN, _PYTEST, _BAR)
# All at once, each a group: most lines begin with none of them, and one look tells which is the first that may fit.
_ANY = late_regex("|".join(f"({prefix.pattern.replace('?P<source>', '?:')})" for prefix in _ALL))
_RIGHT_EDGE = late_regex(r"\s*[│║┃]\s*$")
_MOST = 6
_HEAD = 160


def strip_prefixes(line: str) -> tuple[str, tuple[str, ...]]:
    """Return a line without its prefixes, and what they name: `rank0`, `web-1`, `#12`, `E` of pytest, `|` of a tree.

    A line that is nothing but a prefix of time or level stays.
    """
    marks: list[str] = []
    text = line
    for _ in range(_MOST):
        end, mark = _one(text, again=bool(marks) or text is not line)
        if not end:
            break
        if mark == "|" and text.lstrip()[:1] != "|":
            text = _RIGHT_EDGE.sub("", text)
        text = text[end:]
        if mark:
            marks.append(mark)
    return text, tuple(marks)


# Without one of these nothing is a prefix: most lines are looked at no further.
_HINT = late_regex(r"[:|│║┃\[#(]|E {3}| - ")


def _one(text: str, *, again: bool) -> tuple[int, str]:
    """Return where the first prefix ends (0: there is none), and the mark it leaves.

    `again`: another stood before it, so that the rest may be empty.
    """
    first = _ANY.match(text) if _HINT.search(text, 0, _HEAD) else None
    for prefix in _ALL[first.lastindex - 1 :] if first and first.lastindex else ():
        found = prefix.match(text)
        if found and (prefix not in _PLAIN or found.end() < len(text) or again or _NOTHING_WRITTEN.search(text)):
            return found.end(), _mark(prefix, found)
    return 0, ""


def _mark(prefix: re.Pattern[str], found: re.Match[str]) -> str:
    if prefix in _SOURCES:
        return found["source"].lower().replace(" ", "")
    return "E" if prefix is _PYTEST else "|" if prefix is _BAR else ""
