"""Error messages made comparable: what varies from run to run is masked, what is the diagnosis is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b

from triagebot.late import late_regex
from triagebot.locales import in_english

_LONGEST = 1000

_Replacement = tuple[str, re.Pattern[str], str]
"""A sign without which there is nothing to replace, what is replaced, and by what."""

# What stays as it is: the number or the name is the fault itself.
_KEPT = late_regex(
    r"\[(?:Errno|WinError) -?\d+\]|\(-\d{1,4}:"
    r"|\b(?:exit ?(?:code|status)?|signal|errno|HTTP(?: Error)?|[Ss]tatus(?: code)?|error code:?|CUDA error|error)"
    r"[ :=]{1,5}\(?-?\d{1,12}\b\)?|\b[1-5]\d\d (?:Client|Server) Error\b|\bReact error #\d+"
    r"|\b(?:compute|sm)_\d+[a-z]?\b|\b(?:lib[\w+\-]*|[\w+\-]+)\.so(?:\.\d+)*|\b(?:GLIBCXX|GLIBC|CXXABI)_[\d.]+"
    r"|\b(?:C|LNK|E|MSB|TS)\d{4}\b|\bCUD(?:A|NN)_\w+|\bCUBLAS_\w+|\bNCCL_?\w*"
    r"|(?:[Nn]o module named|has no attribute|unexpected keyword argument|cannot import name|undefined symbol:?"
    r"|positional arguments?:|already registered in|is not in the|No such operator) *['\"`]?[\w.:<>~]+['\"`]?"
    r"|'[^']{1,80} is (?:already registered in|not in the) [\w ]{1,40}'"
)
_USER_TEXT = r"(?:'[^']*'|\"[^\"]*\"|[^'\"\s]\S*)"
# As for the masks: each with a sign without which it cannot stand, since most messages hold few of them.
_WORDINGS: tuple[_Replacement, ...] = (
    # A system's own sentence after its number says nothing that the number does not.
    ("[", late_regex(r"(\[(?:Errno|WinError) -?\d+\]) (?!\[)[^:.。\n'\"]{1,200}[.。]?"), r"\1"),
    ("[", late_regex(r"(\[(?:Errno|WinError) -?\d+\])[ :]{0,2}\1[.。]?"), r"\1"),
    # Newer interpreters name the class, builders name those around it: `MaskRCNN: ResNet: ResNet.__init__() got ...`.
    (
        "__init__()",
        late_regex(r"^(?:[A-Z]\w{0,60}: ){1,5}(?=[\w.<>]{0,200}__init__\(\))|[\w.<>]{1,200}\.(?=__init__\(\))"),
        "",
    ),
    # The interpreter's version is no part of an extension's name.
    (".", late_regex(r"\.(?:cpython-\d+|cp\d+|abi\d)[\w\-]{0,60}(?=\.(?:so|pyd)\b)"), ""),
    (
        "loading state_dict",
        late_regex(
            r"(Error\(s\) in loading state_dict for \w+): ?(size mismatch|Missing key\(s\)|Unexpected key\(s\))?.*"
        ),
        r"\1: \2",
    ),
    ("invalid literal for ", late_regex(rf"(invalid literal for .{{1,60}}?): {_USER_TEXT}"), r"\1: <text>"),
    ("could not convert ", late_regex(rf"(could not convert string to \w{{1,20}}): {_USER_TEXT}"), r"\1: <text>"),
    ("-", late_regex(r"(?<=\d)-(?:py\d+|cuda\d|h[0-9a-f]{7})[\w.]{0,60}"), ""),
)
_SOURCES = frozenset(
    ""
    "py pyx pyd so dll dylib a lib h hpp hh cuh c cc cpp cxx cu m mm js mjs cjs ts tsx jsx java kt scala go rs rb php"
    " cs swift lua cmake mk".split()
)
_PATH = late_regex(
    r"(?:[A-Za-z]:[\\/]|(?<![\w.:/])(?:~|\.{1,2})?/)(?:[\w.+\-~@ ]{0,80}[\w.+\-~@][\\/]){0,40}(?P<name>[\w.+"
    r"\-~@]{1,120})?"
)
_SITE = late_regex(r"(?:site|dist)-packages[\\/]")
_URL = late_regex(r"\bhttps?://([\w.\-]{1,100})[^\s'\"<>)]{0,500}")
_MASKS: tuple[_Replacement, ...] = (
    ("@", late_regex(r"\b[\w.+\-]{1,64}@[\w\-]{1,64}\.[\w.\-]{1,64}\b"), "<email>"),
    ("-", late_regex(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"), "<id>"),
    ("0x", late_regex(r"\b0x[0-9a-fA-F]+\b"), "<hex>"),
    ("", late_regex(r"\b(?=[a-f]*\d)[0-9a-f]{8,64}\b"), "<hex>"),
    (
        ":",
        late_regex(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,Z]*|\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b"),
        "<time>",
    ),
    (".", late_regex(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b"), "<host>"),
    (
        ":",
        late_regex(r"\b(?:localhost|[\w\-.]{1,100}\.(?:com|org|net|io|cn|de|dev|ai|edu|local|internal)):\d{2,5}\b"),
        "<host>",
    ),
    ("", late_regex(r"\b(?:cuda:|GPU |rank |device |worker process |Thread-|pid[ =])\d+", re.IGNORECASE), "<dev>"),
    ("", late_regex(r"\b\d+(?:\.\d+)? ?(?:[KMGT]i?B|bytes)\b"), "<size>"),
    ("", late_regex(r"\b\d+(?:\.\d+)? ?(?:ms|us|milliseconds|seconds|s|minutes|min)\b"), "<duration>"),
    (
        "",
        late_regex(r"(?:torch\.Size\()?[\[(](?:(?:\d+|None), ?){0,12}(?:\d+|None),?[\])]\)?"),
        "<shape>",
    ),
    (".", late_regex(r"(?<=[=<>v (])\d+(?:\.\d+){1,4}(?:[a-z+\-][\w.]{0,20})?"), "<version>"),
    ("", late_regex(r"(?<![\w<])-?\d+(?:\.\d+)*(?:e-?\d+)?"), "<num>"),
)
_FIRST_MARK = 0xE000  # private use: no digit, no letter, masked by nothing
_MOST_KEPT = 1000

# What goes by several names: for the fingerprint they are one.
_ALIASES = {
    "OutOfMemoryError": "RuntimeError",
    "ModuleNotFoundError": "ImportError",
    "cv2.error": "error",
    "cv::Exception": "error",
}
_REGISTERED = late_regex(r"^[\"']*(?:\w+: ?)?[\"']*[\w.\-]+ (is (?:already registered in|not in the) [\w ]+?)[\"']*$")
_CODED = late_regex(r"(?:C|LNK)\d{4}$")
_QUOTED = late_regex(r"['\"]([^'\"\n]{1,300})['\"]")
_OUT_OF_MEMORY = late_regex(r"cuda out of memory\. tried to allocate <size>.*")


def mask(message: str) -> str:
    """Return the first line of a message with its varying parts masked (`<num>`, `<dir>`, `<hex>`, ...).

    Protect, mask, restore: what is kept is carried through as single private-use characters.
    """
    line = _one_wording(message[:_LONGEST].strip().partition("\n")[0])
    kept: list[str] = []

    def protect(found: re.Match[str]) -> str:
        if len(kept) >= _MOST_KEPT:
            return found[0]
        kept.append(found[0])
        return chr(_FIRST_MARK + len(kept) - 1)

    if "/" in line or "\\" in line:
        line = _PATH.sub(_masked_path, _URL.sub(r"<url \1>", line))
    line = _replaced(_KEPT.sub(protect, line), _MASKS)
    for number, text in enumerate(kept):
        line = line.replace(chr(_FIRST_MARK + number), text)
    return " ".join(line.split()).rstrip(" .。")


def _one_wording(line: str) -> str:
    """Return a message in the wording that interpreters, builders and systems of any language share."""
    return _replaced(in_english(line.replace("\\\\", "\\")), _WORDINGS)


def _replaced(line: str, table: Iterable[_Replacement]) -> str:
    for sign, pattern, by in table:
        if sign in line:
            line = pattern.sub(by, line)
    return line


def _masked_path(found: re.Match[str]) -> str:
    """A file of a program identifies, its folder does not; of data only the ending does."""
    path, name = found[0], found["name"] or ""
    if len(path) < 3 or (not name and not path.endswith(("/", "\\"))):  # noqa: PLR2004 - a slash between two words
        return path
    *_, inside = _SITE.split(path)
    if inside != path:
        return "<dir>/" + inside.replace("\\", "/")
    stem, dot, ending = name.partition(".")
    if not dot:
        return f"<dir>/{name}"
    source = not _SOURCES.isdisjoint(ending.split("."))
    return f"<dir>/{name}" if source or not stem else f"<dir>/*.{name.rpartition('.')[2]}"


def fingerprint(family: str, kind: str, masked: str) -> str:
    """Return 16 hexadecimal digits that are the same for the same error, whatever run, machine or place it is from."""
    key = masked.lower()
    if _OUT_OF_MEMORY.search(key):
        family, kind, key = "cuda", "OutOfMemory", "cuda out of memory"
    elif family == "native" and kind.startswith("SIG"):
        key = ""  # the signal is all that there is to know
    elif _CODED.match(kind):
        key = " ".join(_QUOTED.findall(key)) or key  # the compiler's number says it in any language
    elif registered := _REGISTERED.match(key):
        key = f"<name> {registered[1]}"
    parts = "\0".join((family, _ALIASES.get(kind, kind), key))
    return blake2b(parts.encode("utf-8", "replace"), digest_size=8).hexdigest()
