"""AddressSanitizer and its relatives: what they found, and where, as crash triage names it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from triagebot.late import late_regex
from triagebot.records import Line
from triagebot.sighting import PRINTED, Sighting, sign

SIGNS = ("Sanitizer", "runtime error:")
"""Without one of these in a text there is nothing to find."""
_LONGEST_LINE = 2000
_FAMILIES = {
    "AddressSanitizer": "asan", "HWAddressSanitizer": "asan", "LeakSanitizer": "lsan", "MemorySanitizer": "msan",
    "ThreadSanitizer": "tsan", "UndefinedBehaviorSanitizer": "ubsan",
}  # fmt: skip
_FOUND = late_regex(
    r"(?:==\d+==)?\s?(?:ERROR|WARNING): (?P<tool>(?:HW)?(?:Address|Leak|Memory|Thread|UndefinedBehavior)Sanitizer): "
    r"(?P<message>(?P<type>data race|detected memory leaks|attempting [\w\-]+|stack smashing"
    r"|failed to allocate|[\w\-]+)[^\n]{0,300})"
)
_UNDEFINED = late_regex(r"(?P<file>[^\s:]{1,300}):\d+:\d+: runtime error: (?P<message>[^\n]{1,300})")
_ACCESS = late_regex(r"\s*(?P<access>READ|WRITE) of size (?P<size>\d+)")
_FRAME = late_regex(
    r"\s*#\d{1,4} 0x[0-9a-fA-F]+ in (?P<name>.{1,300}?)(?: (?P<path>/[^\s:]{1,300}"
    r"|[^\s:()]{1,200}\.\w{1,4})(?::\d+){0,2}| \(.{1,200}\))?$"
)
_OTHERS = late_regex(
    r"\s*(?:(?:previously )?(?:allocated|freed) by|is located|Shadow bytes|SUMMARY|Thread T\d+ created"
    r"|Previous (?:write|read))"
)
_SKIPPED = late_regex(
    r"(?:__asan|__interceptor|__sanitizer|__msan|__tsan|__libc_start|_start$|abort$|raise$|gsignal"
    r"|operator (?:new|delete)|malloc$|free$|memcpy$|std::)"
)
# What ClusterFuzz and maintainers call the kinds of undefined behaviour.
_UNDEFINED_KINDS = (
    ("signed integer overflow", "Integer-overflow"), ("unsigned integer overflow", "Unsigned-integer-overflow"),
    ("division by zero", "Divide-by-zero"), ("shift exponent", "Undefined-shift"), ("left shift", "Undefined-shift"),
    ("index", "Index-out-of-bounds"), ("null pointer", "Null-dereference"), ("misaligned", "Misaligned-address"),
    ("load of value", "Invalid-value"), ("member call", "Bad-cast"), ("downcast", "Bad-cast"),
)  # fmt: skip
_LARGEST_ACCESS = 16
_MOST_FRAMES = 3
_FAR = 60


def find(lines: Sequence[Line]) -> Iterator[Sighting]:
    """Yield what sanitizers found, with the frames of the fault itself, not of the allocation."""
    for place, line in enumerate(lines):
        text = line.text[:_LONGEST_LINE]
        if "Sanitizer" in text and (found := _FOUND.search(text)):
            yield _sighting(lines, place, _FAMILIES[found["tool"]], found["type"], found["message"])
        elif "runtime error:" in text and (found := _UNDEFINED.search(text)):
            kind = next((name for words, name in _UNDEFINED_KINDS if words in found["message"]), "Undefined-behavior")
            frames = (found["file"].rpartition("/")[2], *_frames(lines, place))
            signature = sign(line, "ubsan", kind, found["message"].strip(), frames=frames[:_MOST_FRAMES])
            yield Sighting(signature=signature, standing=PRINTED, place=place, order=place)


def _sighting(lines: Sequence[Line], place: int, family: str, kind: str, message: str) -> Sighting:
    below = [line.text for line in lines[place + 1 : place + 4]]
    access = next((m for text in below if (m := _ACCESS.match(text))), None)
    name = kind.replace(" ", "-").capitalize()
    if access:
        size = access["size"] if int(access["size"][:9]) <= _LARGEST_ACCESS else "{*}"
        name = f"{name} {access['access']} {size}"
    said = message.partition(" on address")[0].partition(" (pid")[0].strip()
    signature = sign(lines[place], family, name, said, frames=tuple(_frames(lines, place))[:_MOST_FRAMES])
    return Sighting(signature=signature, standing=PRINTED, place=place, order=place)


def _frames(lines: Sequence[Line], place: int) -> Iterator[str]:
    for line in lines[place + 1 : place + _FAR]:
        text = line.text[:_LONGEST_LINE]
        if _OTHERS.match(text):
            return
        found = _FRAME.match(text) if "#" in text[:12] else None
        if found and not _SKIPPED.match(found["name"]):
            name = found["name"].partition("(")[0]
            yield f"{found['path'].rpartition('/')[2]}:{name}" if found["path"] else name
