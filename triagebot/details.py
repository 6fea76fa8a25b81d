"""What an error message tells beside its words: the symbol and whose it is, the library, the versions it compares."""

from __future__ import annotations

from collections.abc import Mapping

from triagebot.demangle import demangle
from triagebot.late import late_regex
from triagebot.symbols import library_owner, owner

_SYMBOL = late_regex(
    r"(?:undefined symbol:? |undefined reference to [`'\"]|Symbol not found:? \(?"
    r"|unresolved external symbol )\"?(?:_(?=_))?([\w@.$?]{2,600})"
)
_WRITTEN = late_regex(r"undefined reference to [`'\"]([\w:~]{2,200})")
_LIBRARY = late_regex(r"\b(lib[\w+\-]{1,80}(?:\.so(?:\.\d{1,4}){0,4}|\.dylib)|[\w\-]{1,80}\.dll)\b")
_VERSION_OF_SYMBOL = late_regex(r"\b(?:GLIBCXX|GLIBC|CXXABI|GCC|OPENSSL)_[\d.]{1,12}")
_VERSIONS = late_regex(
    r"\b[A-Za-z][\w\-]{0,40} ?(?:(?:==|>=|<=|~=|!=) ?v?\d[\w.+\-]{0,30}|[=<>] ?v?\d{1,4}\.\d[\w.+\-]{0,30})"
    r"(?:, ?[<>=!~]{1,2} ?\d[\w.+\-]{0,30}){0,4}"
)
_MOST_VERSIONS = 6


def details_of(message: str) -> Mapping[str, str]:
    """Return what is known beside the words: symbol, demangled, owner, library, symbol-version, versions."""
    told: dict[str, str] = {}
    if "symbol" in message or "Symbol" in message or "undefined reference" in message:
        told |= _symbol(message)
    if ".so" in message or ".dll" in message or ".dylib" in message:
        told |= _library(message, told)
    if "_" in message and (version := _VERSION_OF_SYMBOL.search(message)):
        told |= {"symbol-version": version[0], "owner": "glibc" if version[0].startswith("GLIBC_") else "libstdc++"}
    if "=" in message or "<" in message or ">" in message:
        versions = [found[0].rstrip(".") for found in _VERSIONS.finditer(message)][:_MOST_VERSIONS]
        told |= {"versions": "; ".join(versions)} if versions else {}
    return told


def _symbol(message: str) -> dict[str, str]:
    found = _SYMBOL.search(message)
    if found is None:
        return {}
    symbol = found[1]
    written = _WRITTEN.search(message)
    plain = demangle(symbol)
    who = owner(written[1]) if written and not plain else owner(symbol)
    told = {"symbol": written[1] if written and not plain else symbol, "demangled": plain, "owner": who}
    return {key: value for key, value in told.items() if value}


def _library(message: str, told: Mapping[str, str]) -> dict[str, str]:
    names = [found[1] for found in _LIBRARY.finditer(message)]
    if not names:
        return {}
    # The first library is the one that is missing; in a message about a symbol it is the one that needs it.
    who = "" if "owner" in told else library_owner(names[0])
    return {"library": names[0]} | ({"owner": who} if who else {})
