"""Installers whose error is spread over lines: pip's requirements, conda's solver, npm's code with its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from triagebot.late import late_regex
from triagebot.records import Line
from triagebot.sighting import ENVELOPE, PRINTED, Sighting, sign

SIGNS = ("npm ", "rror", "NotFound", "InvalidSpec")
"""Without one of these in a text there is nothing to find."""
_LONGEST_LINE = 2000
_NPM = late_regex(r"(?:^|.{0,120}?[\s:>])npm (?:ERR!|error) (?P<rest>.*)$")
_CODE = late_regex(r"code (?P<type>[A-Z][A-Z0-9_]{2,40}|\d{1,4})$")
_FILLING = late_regex(
    r"(?:code|syscall|errno|path|dest|command|cwd|pkgid|node-pre-gyp|gyp|A complete log|While|Found:"
    r"|node_modules/|stack|in |a |$)"
)
# Of a script that npm ran: what went wrong there stands above.
_SCRIPT_FAILED = ("Lifecycle script ", "Failed at the ")
_CONDA = late_regex(
    r"\s*(?P<type>UnsatisfiableError|LibMambaUnsatisfiableError|PackagesNotFoundError|ResolvePackageNotFound"
    r"|CondaHTTPError|InvalidSpec|EnvironmentLocationNotFound|EnvironmentNameNotFound|CondaVerificationError|CondaValueError)"
    r":\s*(?P<message>.*)$"
)
_PACKAGE = late_regex(
    r"\s*(?:[-*+]|├─|└─)\s+(?:nothing provides )?(?:requested )?(?:package )?(?P<name>[\w.\-:/]{1,120}(?:"
    r"\s?[=<>!~]{1,2}[\w.*\-+]+){0,3})"
)
_FAR = 12


def find(lines: Sequence[Line]) -> Iterator[Sighting]:
    """Yield npm's errors by their code, conda's by their kind with the first package they name."""
    yield from _npm(lines)
    for place, line in enumerate(lines):
        text = line.text[:_LONGEST_LINE]
        found = _CONDA.match(text) if "rror" in text or "NotFound" in text or "InvalidSpec" in text else None
        if found:
            message = " ".join((found["message"].strip(), _package(lines, place))).strip()
            signature = sign(line, "conda", found["type"], message)
            yield Sighting(signature=signature, standing=PRINTED, place=place, order=place)


def _npm(lines: Sequence[Line]) -> Iterator[Sighting]:
    """One run of npm has one error: its code, and the first line that is a sentence."""
    code, place, message = "", -1, ""
    for number, line in enumerate(lines):
        found = _NPM.match(line.text[:_LONGEST_LINE]) if "npm" in line.text[:200] else None
        if found is None:
            continue
        rest = found["rest"].strip()
        if named := _CODE.match(rest):
            code, place = code or named["type"], place if code else number
        elif not message and not _FILLING.match(rest):
            message, place = rest, place if place >= 0 else number
    if code or message:
        signature = sign(lines[place], "npm", code or "error", message)
        passed_on = code.isdigit() or code == "ELIFECYCLE" or message.startswith(_SCRIPT_FAILED)
        standing = ENVELOPE if passed_on else PRINTED
        yield Sighting(signature=signature, standing=standing, place=place, order=place)


def _package(lines: Sequence[Line], place: int) -> str:
    for line in lines[place + 1 : place + _FAR]:
        if found := _PACKAGE.match(line.text[:_LONGEST_LINE]):
            return found["name"].strip()
    return ""
