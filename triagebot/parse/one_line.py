"""A log that was pasted into one line, broken again where its tools begin lines; what is glued to a progress bar."""

from __future__ import annotations

from triagebot.late import late_regex

# Only what a tool prints at the beginning of a line, never words of a sentence.
_BEGINNINGS = (
    r"npm (?:ERR!|error) ",
    r"CMake (?:Error|Warning)\b",
    r"-- (?:Configuring|Detecting|Check|Looking|The |Found )",
    r"(?:g?make|ninja)(?:\[\d+\])?: ",
    r"collect2: error|compilation terminated\.|FAILED: ",
    # Not behind a colon or OpenCV's version: there it is part of what an exception says.
    (
        r"(?<![:)] )[\w./+\-~\\:]{1,200}\.(?:c|cc|cpp|cxx|cu|cuh|h|hpp|go|rs):\d+(?::\d+)?: "
        r"(?:(?:fatal )?error|warning|note|undefined)"
    ),
    r"(?:bash|sh|zsh)(?:\.exe)?: line \d+: ",
    r"terminate called |Program (?:received|terminated with) signal ",
    r"Fatal Python error: |Current thread 0x|Extension modules: ",
    r"File \"[^\"]{1,300}\", line \d+ in ",
    r"==\d+==(?:ERROR|WARNING|ABORTING)|SUMMARY: \w+Sanitizer|Shadow bytes ",
    r"(?:READ|WRITE) of size \d|0x[0-9a-f]+ is located |(?:previously )?(?:allocated|freed) by thread ",
    r"#\d{1,3} +0x[0-9a-f]+ in ",
    r"panic: .{1,500}? goroutine \d+ \[|goroutine \d+ \[",
    r"error\[E\d{4}\]: |--> [\w./\-]+:\d+:\d+|stack backtrace: |note: (?:run with|Some details|to see)",
)
_START = late_regex(rf"(?<=\s)(?={'|'.join(_BEGINNINGS)})")
# What a shell says of a job that a signal ended is the end of its line, or the command stands behind it.
_JOB = late_regex(
    r"\bline \d{1,6}: {1,9}\d{1,10} {1,9}(?:Segmentation fault|Aborted|Killed|Bus error|Illegal instruction"
    r"|Floating point exception)(?: {0,9}\(core dumped\))?(?= \S)"
)
_TOLD = late_regex(
    r"npm (?:ERR!|error) |CMake Error|Fatal Python|Sanitizer: |goroutine \d|panicked at |error\[E|: (?:fatal )?error: "
    r"|\*\*\* |ninja: |undefined reference|: line \d+: |terminate called|received signal"
)
# A progress bar ends without a line break: with its rate, with the time that is left, with the bracket of both.
_BAR_END = late_regex(
    r"(?:\d[mun]?s/(?:step|epoch|sample|it)|ETA: {1,9}\d{1,9}s|\d{1,9}/(?:\d{1,9}|\?) \[[\d:]{4,12}<[^\]\n]{1,100}\])"
    r"(?=[^\s\W]|[=*#/\[]| {2,}\w)"
)
# Without one of these no bar ends: most lines are looked at no further.
_BAR = late_regex("s/[seit]|ETA|<")
# A number of a gutter or a level, which the column of them shows to be a prefix.
_PREFIX = late_regex(r"[\W\d_]{0,60}(?:[A-Z]{4,8}\W*)?\Z")
_TRACEBACK = "Traceback (most recent call last)"
_SHORTEST = 12


def unglued(text: str) -> list[str]:
    """Return the lines of a text that stands in one: a progress bar and what follows it, tools' lines one by one.

    A traceback in one line is read as it is: the lines of its source are not told from it.
    """
    if len(text) < _SHORTEST:
        return [text]
    ends = {found.end() for found in _BAR_END.finditer(text)} if _BAR.search(text) else set()
    if _TOLD.search(text) and _TRACEBACK not in text:
        ends |= {found.start() for found in _START.finditer(text)} | {found.end() for found in _JOB.finditer(text)}
    lines, at = [], 0
    for end in sorted(ends):
        if not _PREFIX.match(text, at, end):
            lines.append(text[at:end])
            at = end
    return [*lines, text[at:]]
