"""Release numbers out of texts as people paste them, and how to compare them."""

from __future__ import annotations

import re

_LONGEST = 64
_VERSION = re.compile(r"(?<![\w.])[vV]?(\d{1,9}(?:\.\d{1,9}){0,4})((?:a|b|rc|\.?dev|\.?post)\d{0,9})?(?![\d])")
_LISTED = re.compile(r"\[\s*(\d{1,9}(?:\s*,\s*\d{1,9}){1,4})\s*\]")
_RELEASE = re.compile(r"\d{1,9}(?:\.\d{1,9})*")
_CANDIDATE = re.compile(r"(?:a|b|rc|dev)\d*$")


def find_version(text: str) -> str:
    """Return the first release number of a text (`1.9.0` of `v1.9.0+cu111`), or "" when there is none.

    Only the first 64 characters are read.  A list such as `[1, 1, 4]` is read as `1.1.4`.
    """
    text = text[:_LONGEST]
    listed = _LISTED.search(text)
    if listed:
        return ".".join(part.strip() for part in listed[1].split(","))
    found = _VERSION.search(text)
    return found[1] + (found[2] or "") if found else ""


def release(version: str) -> tuple[int, ...]:
    """Return the numbers of a version (`(2, 0, 0)` of `2.0.0rc4`), without its pre-release mark."""
    found = _RELEASE.search(version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1 as the first version is lower than, equal to or higher than the second.

    Missing numbers are zeros.  A pre-release counts below its release only where the other is one too: whoever asks
    for `>= 2` means the names that 2.0.0rc1 brought.
    """
    first, second = _key(one, other), _key(other, one)
    return (first > second) - (first < second)


def same(one: str, other: str) -> bool:
    """Say whether two versions are equal as far as the shorter one goes (11.1 is the same as 11.1.74)."""
    first, second = release(one), release(other)
    shared = min(len(first), len(second))
    return shared > 0 and first[:shared] == second[:shared]


def _key(version: str, other: str) -> tuple[tuple[int, ...], bool, tuple[int, ...]]:
    numbers = release(version)
    padded = numbers + (0,) * (max(len(numbers), len(release(other))) - len(numbers))
    both = bool(_CANDIDATE.search(version)) and bool(_CANDIDATE.search(other))
    tail = re.search(r"\d*$", version)
    order = (int(tail[0] or 0),) if both and tail else ()
    return padded, not both, order
