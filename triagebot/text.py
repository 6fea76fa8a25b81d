"""Error messages made comparable: what varies from run to run is masked, what is the diagnosis is kept."""

from __future__ import annotations

import re
from hashlib import blake2b

_LONGEST = 1000

# What stays as it is: the number or the name is the fault itself.
_KEPT = re.compile(
    r"\[(?:Errno|WinError) -?\d+\]|\(-\d{1,4}:"
    r"|\b(?:exit (?:code|status)|signal|errno|HTTP|error code:?|CUDA error) -?\d+\b"
    r"|\b(?:compute|sm)_\d+[a-z]?\b|\b(?:lib[\w+\-]*|[\w+\-]+)\.so(?:\.\d+)*|\b(?:GLIBCXX|GLIBC|CXXABI)_[\d.]+"
    r"|\b(?:C|LNK|E|MSB)\d{4}\b|\bCUD(?:A|NN)_\w+|\bCUBLAS_\w+|\bNCCL_?\w*"
    r"|(?:[Nn]o module named|has no attribute|unexpected keyword argument|cannot import name|undefined symbol:?"
    r"|positional arguments?:|already registered in|is not in the|No such operator) *['\"`]?[\w.:<>~]+['\"`]?"
    r"|'[^']{1,80} is (?:already registered in|not in the) [\w ]{1,40}'"
)
# The same fault in the words of another system language, by its WinError number.
_LOCALES = (
    (re.compile(r"找不到指定的模块|The specified module could not be found"), "[WinError 126]"),
    (re.compile(r"%1 不是有效的 Win32 应用程序|%1 is not a valid Win32 application"), "[WinError 193]"),
    (
        re.compile(r"动态链接库\(DLL\)初始化例程失败|A dynamic link library \(DLL\) initialization routine failed"),
        "[WinError 1114]",
    ),
    (re.compile(r"系统找不到指定的文件|The system cannot find the file specified"), "No such file or directory"),
)
_MASKS = (
    (re.compile(r"https?://[^\s'\"<>]{1,500}"), "<url>"),
    (re.compile(r"\b[\w.+\-]{1,64}@[\w\-]{1,64}\.[\w.\-]{1,64}\b"), "<email>"),
    (re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"), "<id>"),
    (re.compile(r"\b0x[0-9a-fA-F]+\b"), "<hex>"),
    (re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{8,64}\b"), "<hex>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,Z]*|\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b"), "<time>"),
    (re.compile(r"(?:[A-Za-z]:)?(?:[\\/](?:[\w.+\-~@ ]{0,60}[\w.+\-~@])?)*[\\/]site-packages[\\/]"), "<dir>/"),
    (re.compile(r"(?:[A-Za-z]:\\|(?<![\w.])~?/)(?:[\w.+\-~@]{1,80}[\\/]){1,40}"), "<dir>/"),
    (re.compile(r"\b(?:cuda:|GPU |rank |device |worker process |Thread-)\d+", re.IGNORECASE), "<dev>"),
    (re.compile(r"\b\d+(?:\.\d+)? ?(?:[KMGT]i?B|bytes)\b"), "<size>"),
    (re.compile(r"(?:torch\.Size\()?[\[(]\d+(?:, ?\d+)*,?[\])]\)?"), "<shape>"),
    (re.compile(r"(?<=[=<>v ])\d+(?:\.\d+){1,4}(?:[a-z+][\w.]{0,20})?"), "<version>"),
    (re.compile(r"(?<![\w<])-?\d+(?:\.\d+)*(?:e-?\d+)?"), "<num>"),
)
_FIRST_MARK = 0xE000  # private use: no digit, no letter, masked by nothing
_ALIASES = {"OutOfMemoryError": "RuntimeError", "ModuleNotFoundError": "ImportError"}


def mask(message: str) -> str:
    """Return the first line of a message with its varying parts masked (`<num>`, `<dir>`, `<hex>`, ...).

    Protect, mask, restore: what is kept is carried through as single private-use characters.
    """
    line = message[:_LONGEST].strip().partition("\n")[0]
    for pattern, name in _LOCALES:
        line = pattern.sub(name, line)
    kept: list[str] = []

    def protect(found: re.Match[str]) -> str:
        kept.append(found[0])
        return chr(_FIRST_MARK + len(kept) - 1)

    line = _KEPT.sub(protect, line)
    for masking, name in _MASKS:
        line = masking.sub(name, line)
    for number, text in enumerate(kept):
        line = line.replace(chr(_FIRST_MARK + number), text)
    return " ".join(line.split()).rstrip(" .。")


def fingerprint(family: str, kind: str, masked: str) -> str:
    """Return 16 hexadecimal digits that are the same for the same error, whatever run, machine or place it is from."""
    key = "\0".join((family, _ALIASES.get(kind, kind), masked.lower()))
    return blake2b(key.encode("utf-8", "replace"), digest_size=8).hexdigest()
