"""Graphics cards by the names people give them, and what each can run."""

from __future__ import annotations

import re

from triagebot.late import late_regex

# Bare numbers ("3090 的服务器") count only where a card is being named.
_CARD = late_regex(
    r"(?<![A-Za-z0-9_/.\-])(?:NVIDIA[ -]?)?(?:GeForce[ -]?)?"
    r"(?:(?P<series>RTX|GTX|RT(?=[ ]?20))[ -]?(?P<number>A\d{4}|\d{3,4})(?P<more>[ -]?(?:Ti|Super|Ada|M)(?![A-Za-z]))?"
    r"|(?:Quadro[ -]?)?(?P<quadro>RTX[ -]?A?\d{4}|Quadro[ -]?[A-Z]{1,2}\d{3,4}|GP100|GV100)"
    r"|(?:Tesla[ -]?)?(?P<data>A100|A800|A10G?|A16|A30|A40|A2000|A4000|A4500|A5000|A5500|A6000|V100S?|P100|P40|P4|T4"
    r"|L4|L40S?|L20|H100|H800|H200|H20|B200|B100|GH200|K80|K40m?|K20m?|M40|M60)"
    r"|(?P<titan>Titan[ -]?(?:Xp|X|V|RTX|Black))|(?P<jetson>Jetson [\w ]{2,20}))(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
_BARE = late_regex(
    r"(?<![A-Za-z0-9_/.\-])(?:NVIDIA[ -]?)?(?P<number>[2-5]0[5-9]0|1[06][5-8]0)(?P<more>[ -]?(?:Ti|Super)(?![A-Za-z]))?"
    r"(?![A-Za-z0-9_]|\.\d)",
    re.IGNORECASE,
)
# A number in a sentence is a card only where a word beside it says so.
_NUMBERED = late_regex(
    r"(?:(?:nvidia|geforce|gpu|显卡|\bon an?|\bwith an?|\bwith|\bmy|\bsingle|[张块台用是到])[ ]?"
    r"(?P<before>[2-5]0[5-9]0)(?![A-Za-z0-9_]|\.\d|[ ]?(?:images?|iters?|epochs?|steps?|classes|张|个|次))"
    r"|(?<![A-Za-z0-9_/.\-])(?P<after>[2-5]0[5-9]0)[ ]?(?P<more>Ti(?![A-Za-z])|Super(?![A-Za-z]))?(?(more)|(?=[ ]?的?"
    r"(?:显卡|卡|服务器|机器|GPU|card|laptop))))",
    re.IGNORECASE,
)
_SHORTEST = 4
_DIGITS = 4

_DATA_CENTRE = {
    "K20": 3.5, "K40": 3.5, "K80": 3.7, "M40": 5.2, "M60": 5.2, "P100": 6.0, "GP100": 6.0, "P4": 6.1, "P40": 6.1,
    "V100": 7.0, "GV100": 7.0, "T4": 7.5, "A100": 8.0, "A800": 8.0, "A30": 8.0, "A2": 8.6, "A10": 8.6, "A16": 8.6,
    "A40": 8.6, "A2000": 8.6, "A4000": 8.6, "A4500": 8.6, "A5000": 8.6, "A5500": 8.6, "A6000": 8.6, "L4": 8.9,
    "L20": 8.9, "L40": 8.9, "H20": 9.0, "H100": 9.0, "H200": 9.0, "H800": 9.0, "GH200": 9.0, "B100": 10.0, "B200": 10.0,
}  # fmt: skip
_TITANS = {"X": "", "XP": "6.1", "V": "7.0", "RTX": "7.5", "BLACK": "3.5"}
# Cards of three digits differ one by one; the round thousands are Quadros.
_NUMBERS = dict.fromkeys(("950", "960", "970", "980"), "5.2") | dict.fromkeys(("4000", "5000", "6000", "8000"), "7.5")
_SERIES = {"10": "6.1", "16": "7.5", "20": "7.5", "30": "8.6", "40": "8.9", "50": "12.0"}


def find_card(text: str, *, bare: bool = False) -> str:
    """Return the first card named in a text, as `RTX 3090`, `Tesla K80` or `A100`; "" when none is.

    `bare`: a number alone (`3090`) counts as well.
    """
    found = _CARD.search(text)
    if found:
        return _spelled(found)
    number = _BARE.search(text) if bare else None
    if not number:
        return ""
    prefix = "GTX" if number["number"].startswith("1") else "RTX"
    return f"{prefix} {number['number']}{_suffix(number['more'])}"


def find_cards(text: str) -> list[tuple[int, str]]:
    """Return every card named in a text with the place where it stands."""
    # `A10`, `T4` and the like alone are as often names of tables and figures.
    named = (found for found in _CARD.finditer(text) if found.end() - found.start() >= _SHORTEST)
    cards = [(found.start(), _spelled(found)) for found in named]
    numbered = _NUMBERED.finditer(text)
    cards += [(n.start(), f"RTX {n['before'] or n['after']}{_suffix(n['more'])}") for n in numbered]
    return cards


def capability(card: str) -> str:
    """Return the compute capability of a card (`8.6` of an RTX 3090), or "" when the name does not tell."""
    found = _CARD.search(card)
    if not found:
        return ""
    if found["data"]:
        return _shown(_DATA_CENTRE.get(found["data"].upper().rstrip("SGM")))
    if found["titan"]:
        return _TITANS.get(found["titan"].upper().removeprefix("TITAN").strip(" -"), "")
    number = found["number"] or (found["quadro"] or "")[-_DIGITS:]
    return _of_series(number.upper(), card)


def _of_series(number: str, card: str) -> str:
    if number.startswith("A"):
        return _shown(_DATA_CENTRE.get(number))
    if "ada" in card.lower():
        return "8.9"
    return _NUMBERS.get(number) or _SERIES.get(number[:-2], "")


def _spelled(found: re.Match[str]) -> str:
    written = " ".join(found[0].split())
    if not found["series"]:
        return written
    number = found["number"].upper()
    series = found["series"].upper()
    # People write GTX 3090 and RT 2080; there is only one such card.
    series = "RTX" if number[:-2] in {"20", "30", "40", "50"} else series
    prefix = written[: written.lower().find(found["series"].lower())].strip(" -")
    return f"{prefix} {series} {number}{_suffix(found['more'])}".strip()


def _suffix(more: str | None) -> str:
    return f" {more.strip(' -').capitalize()}" if more else ""


def _shown(value: float | None) -> str:
    return "" if value is None else str(value)
