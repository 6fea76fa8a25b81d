"""Release numbers out of texts as people paste them, and how to compare them."""

from __future__ import annotations

from triagebot.late import late_regex

_LONGEST = 200  # a version stands near the start of its value
_NUMBER = r"[0-9]{1,9}"
_DOTTED = rf"{_NUMBER}(?:\.{_NUMBER}){{1,5}}"
# PEP 440's pre-releases, and what is written before one is published; the mark must end where the word ends.
_MARK = r"(?:[ab][0-9]{1,9}|[-_.]?(?:rc|alpha|beta|dev)[0-9]{0,9}|[-_.]?post[0-9]{1,9})(?![A-Za-z0-9])"
_LISTED = late_regex(rf"\[\s{{0,3}}({_NUMBER}(?:\s{{0,3}},\s{{0,3}}{_NUMBER}){{1,4}})\s{{0,3}}\]")
# Best first: alone (`v1.9.0+cu111`), glued to a word (`cuda11.1`), a bare number (of `CUDA 11`, not of `16GB`).
_FORMS = (
    late_regex(rf"(?<![\w.])[vV]?({_DOTTED}|{_NUMBER}(?={_MARK}))({_MARK})?(?![0-9])"),
    late_regex(rf"(?<![0-9.])({_DOTTED})({_MARK})?(?![0-9])"),
    late_regex(rf"(?<![\w.])(?:[vV](?=[0-9]{{1,2}}(?![0-9])))?({_NUMBER})()(?!\w)"),
)
_RELEASE = late_regex(rf"{_NUMBER}(?:\.{_NUMBER}){{0,63}}")
_CANDIDATE = late_regex(r"[0-9][-_.]?(dev|alpha|a|beta|b|rc)([0-9]{0,9})(?![A-Za-z0-9])")
_STAGES = {"dev": 0, "a": 1, "alpha": 1, "b": 2, "beta": 2, "rc": 3}

_Numbers = tuple[int, ...]


def find_version(text: str) -> str:
    """Return the first release number of a text (`1.9.0` of `v1.9.0+cu111`), or "" when there is none.

    A pre-release or post-release mark is kept (`2.0.0rc4`), a build's suffix is not (`1.8.2cu111`).  A number with
    points goes before a bare one, and a list such as `[1, 1, 4]` is read as `1.1.4`.  Only the first 200 characters
    are read.
    """
    text = text[:_LONGEST]
    listed = _LISTED.search(text)
    if listed:
        return ".".join(part.strip() for part in listed[1].split(","))
    found = next(filter(None, (form.search(text) for form in _FORMS)), None)
    return found[1] + (found[2] or "") if found else ""


def release(version: str) -> tuple[int, ...]:
    """Return the numbers of a version (`(2, 0, 0)` of `2.0.0rc4`) without its pre-release mark, () when it has none."""
    found = _RELEASE.search(version[:_LONGEST])
    return tuple(map(int, found[0].split("."))) if found else ()


def compare(version: str, bound: str) -> int:
    """Return -1, 0 or 1 as a version is lower than, equal to or higher than a bound; missing numbers are zeros.

    A pre-release counts as its release, because names change already in the candidates: 2.0.0rc4 is not lower than 2.
    Only a bound that names a pre-release itself tells them apart: 2.0.0rc4 is lower than 2.0.0rc5, and 2.0.0 higher.
    """
    mine, asked = release(version), release(bound)
    length = max(len(mine), len(asked))
    first = (_padded(mine, length), _stage(version, bound))
    second = (_padded(asked, length), _stage(bound, bound))
    return (first > second) - (first < second)


def same(version: str, other: str) -> bool:
    """Say whether two versions are equal as far as the shorter one goes (11.1 is the same as 11.1.74).

    A pre-release that the other names must be this one: 2.0.0rc4 is the same as 2.0.0, but not as 2.0.0rc5.
    """
    first, second = release(version), release(other)
    shared = min(len(first), len(second))
    return shared > 0 and first[:shared] == second[:shared] and _stage(version, other) == _stage(other, other)


def _padded(numbers: _Numbers, length: int) -> _Numbers:
    return numbers + (0,) * (length - len(numbers))


def _stage(version: str, bound: str) -> _Numbers:
    """Return how far a version is on its way to the release, where the bound asks for that; a release is farthest."""
    if not _CANDIDATE.search(bound[:_LONGEST]):
        return ()
    found = _CANDIDATE.search(version[:_LONGEST])
    return (_STAGES[found[1]], int(found[2] or 0)) if found else (len(_STAGES), 0)
