"""How the value of each fact is written, and what of it is its version."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from triagebot.extract.environment.cards import find_card, find_cards
from triagebot.late import late_regex
from triagebot.versions import find_version

Value = tuple[str, str]
"""A value as it is shown, and its version ("" where it has none)."""

LONGEST_VALUE = 160

VERSION = (
    r"\d{1,4}(?:\.\d{1,8}){0,4}(?:\.[xX](?![A-Za-z0-9]))?(?:(?:a|b|rc|\.?dev|\.?post)\d{0,9})?"
    r"(?:\+(?!cuda|cudnn|py|torch|mm|nvidia)[A-Za-z0-9]{1,40}(?:\.[A-Za-z0-9]{1,20}){0,3})?(?:cu\d{2,3})?(?![A-Za-z0-9_%]|\.\d)"
)
_AT_START = late_regex(
    rf"[\s'\"`*|(~=\[]{{0,40}}(?:(?:release|version|ver|cuda|torch|pytorch|python|v)\b[\s:.]{{0,4}})?v?(?P<version>{VERSION})",
    re.IGNORECASE,
)
_BRANCH = late_regex(
    r"[\s'\"`*(]{0,9}(latest|newest|master|main|nightly|dev(?:-\d\.x)?|source|最新\w{0,3})\b", re.IGNORECASE
)
_ABSENT = late_regex(r"[\s'\"`*]{0,9}(not[ _]available|n/a)(?![A-Za-z0-9])", re.IGNORECASE)
_NOTHING = frozenset(
    "_no response_|no response|n/a|na|none|null|nil|unknown|no|yes|not sure|not applicable|-|--|?|??|...|…|x|xx|xxx"
    "|tbd|todo|same|see below|see above|as above|无|没有|不知道|未知|同上|略|暂无|不清楚".split("|")
)
_PLACEHOLDER = late_regex(
    r"[\W_]*(?:e\.\s?g\b|for example\b|such as\b|例如|比如|please\b|请)|<[^>]*>$|\{[^}]*\}$|\[[^\]]*\]$", re.IGNORECASE
)
_GCC = late_regex(
    r"(?:\)|^|gcc(?:-\d{1,2})?|g\+\+|version|v)[\s:'\"]{0,4}(\d{1,2}(?:\.\d{1,2}){0,2})(?![\d.]*[-~\d])", re.IGNORECASE
)
_TOOLKIT = late_regex(r"(?:release |cuda_|cuda |\bv)(\d{1,2}\.\d{1,2}(?:\.\d{1,4})?)", re.IGNORECASE)
_TOOLKIT_FOLDER = late_regex(r"cuda[-_ /\\]?v?(\d{1,2}\.\d{1,2})", re.IGNORECASE)
_DOTTED = late_regex(r"\d{1,2}\.\d{1,3}(?:\.\d{1,6})?")
_TRUTH = late_regex(r"[\s'\"`*]{0,9}(true|false|yes|no|是|否)(?![A-Za-z0-9])", re.IGNORECASE)
_ARCH = late_regex(r"(?:code=)?(?:sm|compute)_(\d{1,3})(\d)[af]?\b")
_FLAG = late_regex(r"code=(sm|compute)_(\d{1,3})(\d)[af]?\b")
_UUID = late_regex(r"\s*\((?:UUID|uuid)[^)]{0,80}\)?.*")
_SYSTEM = late_regex(
    r"(?:linux|win|darwin|mac|ubuntu|debian|centos|red ?hat|rhel|rocky|fedora|arch|wsl|deepin|uos|kylin|suse)",
    re.IGNORECASE,
)
_CAPABILITY = late_regex(r"\D{0,5}(\d{1,2})[., ]{1,2}(\d)(?!\d)")
_COMPILER = late_regex(r"(?:gcc|msvc|clang|g\+\+|icc)\b", re.IGNORECASE)
_WHEEL = late_regex(r"\+?cu(\d{2,3})$|\+(cpu)$")
_WHOLE = late_regex(r"\d+")
_LONGEST_NUMBER = 3
_OLDEST_OF_THREE = 99
_MAKER = late_regex(r"(?:nvidia|geforce|tesla|quadro|amd|radeon|intel|apple m\d|ascend|mx\d{3})\b", re.IGNORECASE)
_LAST_JUNK = " \t'\"`*|,;:{}[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How values of one sort are read.

    `spoken`: a sentence may give it ("torch 1.9").  `whole`: the single numbers that are versions ("CUDA 11").
    `absent`: what tools print where there is none of it, and that is a fact.  `wordy`: its values name other things
    (`GCC: gcc (Ubuntu 9.4.0) 9.4.0`).
    """

    read: Callable[[str], Value | None]
    spoken: bool = False
    whole: range = range(0)
    absent: tuple[str, ...] = ()
    wordy: bool = False


def kind_of(name: str, *, packaged: bool) -> Kind:
    """Return the kind of a fact: a well-known one, else a version where packages install it, else any text."""
    return _KINDS.get(name, VERSIONED if packaged else TEXT)


def is_nothing(text: str) -> bool:
    """Say whether an answer says nothing: empty, `N/A`, a placeholder."""
    text = text.strip(_LAST_JUNK).lower()
    return not text or text in _NOTHING or _PLACEHOLDER.match(text) is not None or not any(c.isalnum() for c in text)


def read_keyed(kind: Kind, raw: str) -> Value | None:
    """Return the value that stands behind a name and a colon, or None when nothing is said there."""
    # `npx envinfo` gives the wanted range, and behind the arrow what is installed.
    raw = _shown(raw.rpartition("=>")[2])
    absent = _ABSENT.match(raw)
    if absent:
        said = absent[1].lower().replace("_", " ")
        return (said, "") if said in kind.absent else None
    return kind.read(raw)


def plausible(kind: Kind, written: str) -> bool:
    """Say whether a number is a version of this kind: with a point, or one of the known whole numbers."""
    number = _WHOLE.match(written)
    if number is None or len(number[0]) > _LONGEST_NUMBER:  # a year, an issue, a port
        return False
    return "." in written or int(number[0]) in kind.whole


def wheel_cuda(written: str) -> str:
    """Return the CUDA of a wheel's suffix (`11.1` of `1.9.0+cu111`), `cpu`, or ""."""
    found = _WHEEL.search(written)
    if not found:
        return ""
    return found[2] or cuda_of(found[1])


def cuda_of(digits: str) -> str:
    """Return `11.1` of `111`, `9.2` of `92`, and "" of digits that are no CUDA."""
    sane = digits.startswith("1") if int(digits) > _OLDEST_OF_THREE else "75" <= digits <= "92"
    return f"{digits[:-1]}.{digits[-1]}" if sane else ""


def read_archs(raw: str) -> Value | None:
    """Return the architectures of compiler flags: `3.7 5.0 8.6 8.6+PTX`; the version is the newest."""
    flags = _FLAG.findall(raw)
    if not flags:
        flags = [("sm", *arch) for arch in _ARCH.findall(raw)]
    names = dict.fromkeys(f"{major}.{minor}{'+PTX' if code == 'compute' else ''}" for code, major, minor in flags)
    if not names:
        return None
    newest = max(names, key=lambda name: float(name.removesuffix("+PTX")))
    return " ".join(names), newest.removesuffix("+PTX")


def _shown(raw: str) -> str:
    """Return the text of a value without its quotes and what stands behind them."""
    raw = raw.strip()
    if raw[:1] in {"'", '"'} and (end := raw.find(raw[0], 1)) > 0:
        return raw[1:end].strip()
    return raw.strip(_LAST_JUNK)


def _text(raw: str) -> Value | None:
    raw = raw[:LONGEST_VALUE].strip()
    return None if is_nothing(raw) else (raw, find_version(raw))


def _versioned(raw: str) -> Value | None:
    found = _AT_START.match(raw)
    if found and plausible(VERSIONED, found["version"]):
        return found["version"], find_version(found["version"])
    branch = _BRANCH.match(raw)
    return (branch[1].lower(), "") if branch else None


def _toolkit(raw: str) -> Value | None:
    found = _AT_START.match(raw)
    if found and plausible(TOOLKIT, found["version"]):
        return found["version"], find_version(found["version"])
    printed = _TOOLKIT.search(raw[:LONGEST_VALUE])
    return (raw[:LONGEST_VALUE].strip(), printed[1]) if printed else None


def _gcc(raw: str) -> Value | None:
    raw = raw[:LONGEST_VALUE].strip()
    versions = _GCC.findall(raw)
    return (raw, versions[-1]) if versions and plausible(_KINDS["gcc"], versions[-1]) else None


def _folder(raw: str) -> Value | None:
    raw = raw[:LONGEST_VALUE].strip()
    if not any(mark in raw for mark in "/\\"):
        return None
    version = _TOOLKIT_FOLDER.search(raw)
    return raw, version[1] if version else ""


def _dotted(raw: str) -> Value | None:
    raw = raw[:LONGEST_VALUE].strip()
    version = _DOTTED.search(raw)
    return None if is_nothing(raw) else (raw, version[0] if version else "")


def _truth(raw: str) -> Value | None:
    found = _TRUTH.match(raw)
    return (str(found[1].lower() in {"true", "yes", "是"}), "") if found else None


def _card(raw: str) -> Value | None:
    raw = _UUID.sub("", raw[:LONGEST_VALUE]).strip()
    if _MAKER.match(raw):
        return raw, ""
    cards = dict.fromkeys(card for _, card in find_cards(raw)) or [find_card(raw, bare=True)]
    return (", ".join(cards), "") if any(cards) else None


def _system(raw: str) -> Value | None:
    raw = raw[:LONGEST_VALUE].strip()
    known = re.match(
        r"(?:linux|win|darwin|mac|ubuntu|debian|centos|red ?hat|rhel|rocky|fedora|arch|wsl|deepin|uos|kylin|suse)",
        raw,
        re.IGNORECASE,
    )
    raw = raw.rstrip(" /|,;")
    return (raw, find_version(raw)) if known and not is_nothing(raw) else None


def _capability(raw: str) -> Value | None:
    found = _CAPABILITY.match(raw)
    version = f"{found[1]}.{found[2]}" if found else ""
    return (version, version) if version else None


def _compiler(raw: str) -> Value | None:
    raw = raw[:40].strip()
    return (raw, find_version(raw)) if _COMPILER.match(raw) else None


TEXT = Kind(read=_text, wordy=True)
VERSIONED = Kind(read=_versioned, spoken=True)
TOOLKIT = Kind(read=_toolkit, spoken=True, whole=range(7, 15))
_KINDS = {
    "os": Kind(read=_system),
    "python": VERSIONED,
    "gpu": Kind(read=_card),
    "gpu-capability": Kind(read=_capability, spoken=True),
    "gpu-driver": Kind(read=_versioned, spoken=True, whole=range(300, 700)),
    "cuda-available": Kind(read=_truth),
    "cuda-home": Kind(read=_folder, wordy=True),
    "cuda": TOOLKIT,
    "nvcc": Kind(read=_toolkit, spoken=True, whole=TOOLKIT.whole, absent=("not available",), wordy=True),
    "pytorch-cuda": TOOLKIT,
    "driver-cuda": TOOLKIT,
    "mmcv-cuda": Kind(read=_toolkit, spoken=True, whole=TOOLKIT.whole, absent=("not available", "n/a")),
    "mmcv-compiler": Kind(read=_compiler, absent=("not available", "n/a"), wordy=True),
    "pytorch-archs": Kind(read=read_archs),
    "cudnn": Kind(read=_versioned, spoken=True, whole=range(5, 10)),
    "gcc": Kind(read=_gcc, spoken=True, whole=range(4, 16), wordy=True),
    "node": VERSIONED,
    "npm": VERSIONED,
    "msvc": Kind(read=_dotted, wordy=True),
}
