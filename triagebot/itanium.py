"""The codes of the Itanium C++ ABI (section 5.1), and how C++ writes the types that they build."""

from __future__ import annotations

BUILTIN = {
    "v": "void", "w": "wchar_t", "b": "bool", "c": "char", "a": "signed char", "h": "unsigned char", "s": "short",
    "t": "unsigned short", "i": "int", "j": "unsigned int", "l": "long", "m": "unsigned long", "x": "long long",
    "y": "unsigned long long", "n": "__int128", "o": "unsigned __int128", "f": "float", "d": "double",
    "e": "long double", "g": "__float128", "z": "...",
    "Di": "char32_t", "Ds": "char16_t", "Du": "char8_t", "Da": "auto", "Dc": "decltype(auto)", "Dn": "decltype(nullptr)",
}  # fmt: skip
SHORT = {
    "St": "std", "Sa": "std::allocator", "Sb": "std::basic_string", "Ss": "std::string", "Si": "std::istream",
    "So": "std::ostream", "Sd": "std::iostream",
}  # fmt: skip
OPERATORS = {
    "nw": " new", "na": " new[]", "dl": " delete", "da": " delete[]", "ps": "+", "ng": "-", "ad": "&", "de": "*", "co": "~",
    "pl": "+", "mi": "-", "ml": "*", "dv": "/", "rm": "%", "an": "&", "or": "|", "eo": "^", "aS": "=", "pL": "+=", "mI": "-=",
    "mL": "*=", "dV": "/=", "rM": "%=", "aN": "&=", "oR": "|=", "eO": "^=", "ls": "<<", "rs": ">>", "lS": "<<=", "rS": ">>=",
    "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "nt": "!", "aa": "&&", "oo": "||", "pp": "++",
    "mm": "--", "cm": ",", "pm": "->*", "pt": "->", "cl": "()", "ix": "[]", "ss": "<=>",
}  # fmt: skip
SPECIAL = {
    "TV": "vtable for ",
    "TT": "VTT for ",
    "TI": "typeinfo for ",
    "TS": "typeinfo name for ",
    "GV": "guard variable for ",
}
LITERAL_ENDINGS = {"i": "", "j": "u", "l": "l", "m": "ul", "x": "ll", "y": "ull"}


def put(inner: str, sign: str) -> str:
    """Put a pointer or a qualifier where C++ has it: into the parentheses of a function or before an array."""
    for opening in (" (", " ["):
        head, found, rest = inner.partition(opening)
        if found and "<" not in head and not head.endswith(")"):
            if rest.startswith(("*", "&")) and opening == " (":
                return f"{head} ({_into(rest, sign)}"
            return f"{head} ({sign}){opening.strip()}{rest}"
    return inner + sign


def _into(rest: str, sign: str) -> str:
    """Put a sign at the end of the parentheses that a pointer to a function has already."""
    mark, _, after = rest.partition(")")
    return f"{mark}{sign}){after}"


def bare(name: str) -> str:
    """Return the last name without its arguments: what a constructor is called."""
    depth = 0
    for at in range(len(name) - 1, -1, -1):
        depth += {">": 1, "<": -1}.get(name[at], 0)
        if depth == 0 and name[at] == "<":
            return bare(name[:at])
        if depth == 0 and name[at - 1 : at + 1] == "::":
            return name[at + 1 :]
    return name
