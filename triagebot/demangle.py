"""C++ names out of mangled symbols: the common part of the Itanium C++ ABI (section 5.1), written as c++filt does.

A symbol that goes beyond it, or whose substitutions stand for more text than a name has, gives "".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from triagebot.itanium import BUILTIN, LITERAL_ENDINGS, OPERATORS, SHORT, SPECIAL, bare, put

_SYMBOL = re.compile(r"_{1,2}Z[\w.$]{1,800}$")
_LONGEST = 3000
_DEEPEST = 60
_CONVERSION = re.compile(r"operator (?!new|delete)")
_NOT_TYPED = "CD"


class _TooInvolvedError(Exception):
    """A symbol that is not read: cut off, hostile, or beyond the common part."""


def demangle(symbol: str) -> str:
    """Return what a mangled symbol is called in C++, or ""."""
    bare = symbol.partition("@")[0]
    if not _SYMBOL.match(bare):
        return ""
    try:
        return _Reader(bare[bare.index("Z") + 1 :]).whole()
    except (_TooInvolvedError, IndexError, ValueError):
        return ""


class _Reader:
    """Reads a symbol from left to right; `_seen` are the parts that a later `S_` may stand for."""

    def __init__(self, text: str) -> None:
        self._text = text.partition(".")[0]
        self._at = 0
        self._seen: list[str] = []
        self._arguments: list[str] = []
        self._depth = 0
        self._qualifiers = ""
        self._is_template = False
        self._constructs = False

    def whole(self) -> str:
        for start, words in SPECIAL.items():
            if self._take(start):
                return words + (self._type() if start[0] == "T" else self._name())
        if self._text.startswith("T"):
            raise _TooInvolvedError
        return self._encoding()

    def _encoding(self) -> str:
        self._deeper()
        name = self._name()
        self._depth -= 1
        if self._at >= len(self._text) or self._peek() == "E":
            return name
        qualifiers, returns = self._qualifiers, self._is_template and not self._constructs
        result = self._type() + " " if returns else ""
        return self._short(f"{result}{name}({self._types()}){qualifiers}")

    def _types(self) -> str:
        """Return the types up to the end of a list."""
        types = []
        while self._at < len(self._text) and self._peek() not in "E.":
            types.append(self._type())
        shown = [one for one in types if one]
        return "" if shown == ["void"] else self._short(", ".join(shown))

    # --- names ---

    def _name(self) -> str:
        self._qualifiers, self._is_template, self._constructs = "", False, False
        if self._take("N"):
            return self._nested()
        if self._take("Z"):
            return self._local()
        if self._peek() == "S" and self._text[self._at : self._at + 2] != "St":
            name = self._substitution()
        else:
            std = "std::" if self._take("St") else ""
            name = std + self._unqualified("")
            if self._peek() == "I":
                self._remember(name)
        return self._with_arguments(name)

    def _with_arguments(self, name: str) -> str:
        if self._peek() != "I":
            return name
        self._is_template = True
        arguments = self._template_arguments()
        return self._short(f"{name}{arguments}")

    def _nested(self) -> str:
        marks = []
        while self._peek() in "rVK":
            marks.append({"r": " restrict", "V": " volatile", "K": " const"}[self._next()])
        marks += [" &"] if self._take("R") else [" &&"] if self._take("O") else []
        name, last, template, constructs = "", "", False, False
        while not self._take("E"):
            if self._peek() == "I":
                name, template = self._short(name + self._template_arguments()), True
            elif self._peek() == "S" and not name:
                name = last = self._substitution()
                last = bare(last)
                continue  # what it stands for is known already, unless arguments follow
            elif self._peek() == "T":
                name = last = self._template_parameter()
                template = False
            else:
                constructs = self._peek() in _NOT_TYPED and self._text[self._at + 1].isdigit()
                last = self._unqualified(last)
                name, template = self._short(f"{name}::{last}" if name else last), False
                constructs = constructs or _CONVERSION.match(last) is not None
            if self._peek() != "E":
                self._remember(name)
        self._qualifiers = "".join(marks)
        self._is_template, self._constructs = template, constructs
        return name

    def _local(self) -> str:
        outer = self._encoding()
        self._expect("E")
        if self._take("s"):
            self._discriminator()
            return f"{outer}::string literal"
        if self._take("d"):
            raise _TooInvolvedError
        inner = self._name()
        self._discriminator()
        return self._short(f"{outer}::{inner}")

    def _discriminator(self) -> None:
        if self._take("_"):
            self._take("_")
            self._digits()

    def _unqualified(self, last: str) -> str:
        self._take("L")
        char = self._peek()
        if char.isdigit():
            name = self._source_name()
        elif char == "C" and self._text[self._at + 1] in "12345":
            self._at += 2
            name = last
        elif char == "D" and self._text[self._at + 1] in "01245":
            self._at += 2
            name = f"~{last}"
        elif char == "U":
            name = self._unnamed()
        else:
            name = self._operator()
        while self._take("B"):
            name += f"[abi:{self._source_name()}]"
        return name

    def _unnamed(self) -> str:
        if self._take("Ut"):
            number = self._number()
            return f"{{unnamed type#{number}}}"
        if self._take("Ul"):
            types = self._types()
            self._expect("E")
            number = self._number()
            return f"{{lambda({types})#{number}}}"
        raise _TooInvolvedError

    def _number(self) -> int:
        digits = self._digits()
        self._expect("_")
        return int(digits) + 2 if digits else 1

    def _operator(self) -> str:
        code = self._text[self._at : self._at + 2]
        if code == "cv":
            self._at += 2
            return f"operator {self._type()}"
        if code == "li":
            self._at += 2
            return f'operator"" {self._source_name()}'
        if code not in OPERATORS:
            raise _TooInvolvedError
        self._at += 2
        return f"operator{OPERATORS[code]}"

    def _source_name(self) -> str:
        length = int(self._digits())
        name = self._text[self._at : self._at + length]
        if len(name) < length or not length:
            raise _TooInvolvedError
        self._at += length
        return "(anonymous namespace)" if name.startswith("_GLOBAL__N_") else name

    # --- types ---

    def _type(self) -> str:
        self._deeper()
        made = self._unguarded_type()
        self._depth -= 1
        return self._short(made)

    def _unguarded_type(self) -> str:
        char = self._peek()
        two = self._text[self._at : self._at + 2]
        if char in "PROKV":
            return self._remembered(self._modified())
        if two in BUILTIN or char in BUILTIN:
            code = two if two in BUILTIN else char
            self._at += len(code)
            return BUILTIN[code]
        makers: dict[str, Callable[[], str]] = {
            "F": self._function,
            "A": self._array,
            "M": self._member,
            "Dp": self._pack,
            "Do": self._noexcept,
        }
        maker = makers.get(two) or makers.get(char)
        if maker is not None:
            return self._remembered(maker())
        if char == "T":
            name = self._remembered(self._template_parameter())
            return self._remembered(name + self._template_arguments()) if self._peek() == "I" else name
        if char == "S" and two != "St":
            name = self._substitution()
            return self._remembered(name + self._template_arguments()) if self._peek() == "I" else name
        if char == "D" or char not in "NZSU0123456789":
            raise _TooInvolvedError
        return self._class()

    def _class(self) -> str:
        kept = self._qualifiers, self._is_template, self._constructs
        name = self._name()
        self._qualifiers, self._is_template, self._constructs = kept
        return self._remembered(name)

    def _modified(self) -> str:
        char = self._next()
        if char in "KV":
            while self._peek() in "KV":
                char += self._next()
            inner = self._type()
            words = "".join({"K": " const", "V": " volatile"}[c] for c in reversed(char))
            return put(inner, words) if "(*)" not in inner else inner + words
        sign = {"P": "*", "R": "&", "O": "&&"}[char]
        inner = self._type()
        if inner.endswith("&"):  # references collapse
            return (
                inner.rstrip("&") + ("&&" if inner.endswith("&&") and sign == "&&" else "&") if sign != "*" else inner
            )
        return put(inner, sign)

    def _function(self) -> str:
        self._expect("F")
        self._take("Y")
        result = self._type()
        types = self._types()
        self._take("R")
        self._expect("E")
        return f"{result} ({types})"

    def _noexcept(self) -> str:
        self._expect("Do")
        return f"{self._function()} noexcept"

    def _array(self) -> str:
        self._expect("A")
        length = self._digits()
        self._expect("_")
        return f"{self._type()} [{length}]"

    def _member(self) -> str:
        self._expect("M")
        owner = self._type()
        member = self._type()
        if " (" in member:
            result, _, rest = member.partition(" (")
            return f"{result} ({owner}::*)({rest}"
        return f"{member} {owner}::*"

    def _pack(self) -> str:
        self._expect("Dp")
        return self._type()

    # --- templates and substitutions ---

    def _template_arguments(self) -> str:
        self._expect("I")
        arguments = []
        while not self._take("E"):
            arguments.append(self._argument())
        if self._depth <= 1 or not self._arguments:
            self._arguments = arguments
        shown = ", ".join(one for one in arguments if one)
        return self._short(f"<{shown}>")

    def _argument(self) -> str:
        if self._take("L"):
            return self._literal()
        if self._take("J"):
            self._deeper()
            parts = []
            while not self._take("E"):
                parts.append(self._argument())
            self._depth -= 1
            return self._short(", ".join(parts))
        if self._take("X"):  # an expression: only the plain value of a parameter is read
            value = self._template_parameter()
            self._expect("E")
            return value
        return self._type()

    def _literal(self) -> str:
        if self._take("_Z"):
            kept = self._qualifiers, self._is_template, self._constructs
            name = self._encoding()
            self._qualifiers, self._is_template, self._constructs = kept
            self._expect("E")
            return f"&({name})" if "(" in name else f"&{name}"
        code = self._peek()
        kind = self._type()
        minus = "-" if self._take("n") else ""
        value = minus + self._digits()
        self._expect("E")
        if code == "b":
            return {"0": "false", "1": "true"}.get(value, f"(bool){value}")
        return value + LITERAL_ENDINGS[code] if code in LITERAL_ENDINGS else f"({kind}){value}"

    def _template_parameter(self) -> str:
        self._expect("T")
        digits = self._digits()
        self._expect("_")
        index = int(digits) + 1 if digits else 0
        return self._arguments[index]

    def _substitution(self) -> str:
        two = self._text[self._at : self._at + 2]
        if two in SHORT:
            self._at += 2
            return SHORT[two]
        self._expect("S")
        digits = ""
        while self._peek().isdigit() or self._peek().isupper():
            digits += self._next()
        self._expect("_")
        return self._seen[int(digits, 36) + 1 if digits else 0]

    # --- letters ---

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _TooInvolvedError

    def _remember(self, part: str) -> None:
        self._seen.append(part)

    def _remembered(self, part: str) -> str:
        self._remember(part)
        return part

    def _short(self, text: str) -> str:
        if len(text) > _LONGEST:
            raise _TooInvolvedError
        return text

    def _peek(self) -> str:
        return self._text[self._at] if self._at < len(self._text) else "\0"

    def _next(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def _take(self, text: str) -> bool:
        if self._text.startswith(text, self._at):
            self._at += len(text)
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise _TooInvolvedError

    def _digits(self) -> str:
        start = self._at
        while self._peek().isdigit():
            self._at += 1
        return self._text[start : self._at]
