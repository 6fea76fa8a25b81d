"""Crashes of compiled code: debuggers, faulthandler, `terminate called`, failed assertions, c10's own backtraces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from triagebot.late import late_regex
from triagebot.records import Line
from triagebot.sighting import PRINTED, Sighting, sign

SIGNS = ("signal", "stop reason", "Fatal Python", "terminat", "ssertion", "Check failed")
"""Without one of these in a text there is nothing to find."""
_LONGEST_LINE = 2000
_SIGNALS = {
    "Segmentation fault": "SIGSEGV", "Aborted": "SIGABRT", "Bus error": "SIGBUS", "Illegal instruction": "SIGILL",
    "Floating point exception": "SIGFPE", "EXC_BAD_ACCESS": "SIGSEGV", "Floating-point exception": "SIGFPE",
}  # fmt: skip
_RECEIVED = late_regex(r"(?:received|terminated with) signal (?P<type>SIG[A-Z]{2,8}), (?P<message>[^\n.]{1,100})\.?")
_STOPPED = late_regex(r"stop reason = (?:signal (?P<signal>SIG[A-Z]{2,8})|(?P<message>EXC_\w{1,40}[^\n]{0,100}))")
_FATAL = late_regex(r"Fatal Python error: (?P<message>.{1,300})$")
_FAULT_FRAME = late_regex(r'\s*File "(?P<path>[^"\n]{1,400})", line \d+ in (?P<name>[\w<>.]{1,200})')
_TERMINATE = late_regex(
    r"terminate called after throwing an instance of [`'\"](?P<type>[^'\"\n]{1,300})['\"]"
    r"|terminating (?:due to|with) uncaught exception of type (?P<type2>[\w:<>, ]{1,200}?)(?:: (?P<message>.{1,500}))?$"
)
_WHAT = late_regex(r"\s*what\(\):\s{0,4}(?P<message>.*)$")
_ASSERTION = late_regex(
    r"(?P<file>[^\s:]{1,300}):\d+: (?P<name>[^\n]{1,300}?): (?P<message>Assertion [`'](?P<is>.{1,400})' failed)"
    r"|(?P<message2>Assertion failed: \(?(?P<is2>.{1,300}?)\)?, function (?P<name2>[\w:~]{1,200}), file "
    r"(?P<file2>[^\s,]{1,300}), line \d+)"
    r"|(?P<message3>Check failed: (?P<is3>[^\n]{1,300}))"
)
_DEBUGGER_FRAME = late_regex(
    r"\s*#\d{1,4}\s+(?:0x[0-9a-fA-F]+ in )?(?P<name>[\w:~<>$.@*& ,()]{1,300}?)\s*\((?P<rest>.{0,600}?)\)"
    r"(?: (?:at|from) (?P<path>[^\s:]{1,300}))?"
)
_LLDB_FRAME = late_regex(
    r"[\s*]*frame #\d{1,4}: 0x[0-9a-fA-F]+ \S{1,200}?`(?P<name>[\w:~]{1,200})[^\n]{0,300}?(?: at (?P<path>[^"
    r"\s:]{1,200}):\d+)?"
)
_C10_FRAME = late_regex(
    r"frame #\d{1,4}: (?P<name>.{1,600}?) ?\+ ?0x[0-9a-f]+ \(0x[0-9a-f]+ in (?P<path>[^\s)]{1,300})\)"
)
_C10_RAISED = late_regex(
    r"Exception raised from (?P<name>[\w~:<>]{1,200}) at (?P<path>[^\s:]{1,300})(?::\d+)? \(most recent call first\)"
)
_NCCL = late_regex(r"Watchdog caught collective operation timeout: (?P<message>.*)$|NCCL (?:error|Error) (?:in|\d+)")
# Frames that every crash has: raising, aborting, the allocator, the way out of main.
_SKIPPED = late_regex(
    r"(?:__GI_)?(?:raise|abort|__libc_\w+|_start|__assert\w*|__pthread_kill\w*|pthread_kill|__restore_rt|gsignal|main_arena)$"
    r"|std::(?:terminate|rethrow|__)|__cxa_|__gnu_cxx::|_Unwind_|__stack_chk_fail|c10::(?:Error|detail::torchInternalAssert)|\?\?$"
)
_INNERMOST = 3
_FAR = 60


def find(lines: Sequence[Line]) -> Iterator[Sighting]:
    """Yield crashes with the frames below them; the first one printed is the one that happened."""
    for place, line in enumerate(lines):
        text = line.text[:_LONGEST_LINE]
        for read in (_signal, _fatal, _terminate, _assertion):
            sighting = read(text, lines, place)
            if sighting is not None:
                yield sighting
                break


def _signal(text: str, lines: Sequence[Line], place: int) -> Sighting | None:
    if "signal" not in text and "stop reason" not in text:
        return None
    found = _RECEIVED.search(text) or _STOPPED.search(text)
    if found is None:
        return None
    groups = found.groupdict()
    message = (groups.get("message") or groups.get("signal") or "").strip()
    kind = groups.get("type") or groups.get("signal") or _named(message)
    return _crash((lines, place), "native", kind, message, _debugger_frames(lines, place))


def _fatal(text: str, lines: Sequence[Line], place: int) -> Sighting | None:
    """Faulthandler prints the most recent call first."""
    found = _FATAL.search(text) if "Fatal Python" in text else None
    if found is None:
        return None
    frames: list[str] = []
    for line in lines[place + 1 : place + _FAR]:
        frame = _FAULT_FRAME.match(line.text[:_LONGEST_LINE])
        if frame:
            frames.append(f"{_base(frame['path'])}:{frame['name']}")
        elif frames:
            break
    return _crash((lines, place), "native", _named(found["message"]), found["message"].strip(), frames)


def _terminate(text: str, lines: Sequence[Line], place: int) -> Sighting | None:
    found = _TERMINATE.search(text) if "terminat" in text else None
    if found is None:
        return None
    kind, message = (found["type"] or found["type2"]).strip(), (found["message"] or "").strip()
    what = next((m for line in lines[place : place + 3] if (m := _WHAT.search(line.text[:_LONGEST_LINE]))), None)
    if what is not None:
        message = what["message"].strip()
    family = "nccl" if _NCCL.search(message) else "opencv" if kind == "cv::Exception" else "cpp"
    return _crash((lines, place), family, kind, message, _c10_frames(lines, place))


def _assertion(text: str, lines: Sequence[Line], place: int) -> Sighting | None:
    if "ssertion" not in text and "Check failed" not in text:
        return None
    if "_STATUS_" in text:  # a check of a CUDA library's answer: the status code says more
        return None
    found = _ASSERTION.search(text)
    if found is None:
        return None
    name = found["name"] or found["name2"] or ""
    path = found["file"] or found["file2"] or ""
    message = found["message"] or found["message2"] or found["message3"]
    frames = [f"{_base(path)}:{_function(name)}"] if path else []
    return _crash((lines, place), "native", "assertion", message.strip(), frames)


def _crash(at: tuple[Sequence[Line], int], family: str, kind: str, message: str, frames: Sequence[str]) -> Sighting:
    lines, place = at
    signature = sign(lines[place], family, kind, message, frames=tuple(frames[:_INNERMOST]))
    return Sighting(signature=signature, standing=PRINTED, place=place, order=place)


def _debugger_frames(lines: Sequence[Line], place: int) -> list[str]:
    """Return the frames of gdb or lldb, innermost first, without those of the way down."""
    frames: list[str] = []
    for line in lines[place + 1 : place + _FAR]:
        text = line.text[:_LONGEST_LINE]
        found = _LLDB_FRAME.match(text) or (_DEBUGGER_FRAME.match(text) if "#" in text[:12] else None)
        if found is None:
            continue
        name = _function(found["name"])
        if not _SKIPPED.match(name):
            frames.append(f"{_base(found['path'])}:{name}" if found["path"] else name)
    return frames


def _c10_frames(lines: Sequence[Line], place: int) -> list[str]:
    """Return the functions of PyTorch's C++ backtrace, without arguments, offsets and addresses."""
    frames: list[str] = []
    for line in lines[place : place + _FAR]:
        text = line.text[:_LONGEST_LINE]
        if raised := _C10_RAISED.search(text):
            frames.append(f"{_base(raised['path'])}:{raised['name']}")
        elif found := _C10_FRAME.search(text):
            name = _function(found["name"])
            if not _SKIPPED.match(name) and "unknown function" not in name:
                frames.append(f"{_base(found['path'])}:{name}")
    return frames


def _function(name: str) -> str:
    """Return a function's name without its result, arguments and template arguments."""
    bare = name.partition("(")[0].strip()
    depth, kept = 0, []
    for char in bare:
        depth += {"<": 1, ">": -1}.get(char, 0)
        if depth <= 0 and char != ">":
            kept.append(char)
    return "".join(kept).split(" ")[-1].lstrip("*&") or bare


def _named(message: str) -> str:
    return next((signal for words, signal in _SIGNALS.items() if message.startswith(words)), "fatal")


def _base(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
