"""The small language of conditions over the environment: parsed, never evaluated as code.

    condition  := clause ("or" clause)*
    clause     := term ("and" term)*
    term       := "not" term | "(" condition ")" | fact [comparison]
    comparison := sign value | "in" "[" value ("," value)* "]" | "contains" value
    sign       := "==" | "!=" | "<" | "<=" | ">" | ">="

A fact alone asks whether the report tells it.  A word that may name a fact (`mmcv-cuda != pytorch-cuda`) stands for
that fact in a comparison; in quotes, and in a list, it is a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from triagebot.records import Comparison, Condition, Fact
from triagebot.versions import compare, find_version, same

_TOKEN = re.compile(r"""\s*(?:(?P<word>[\w.+\-]+)|(?P<text>"[^"]*"|'[^']*')|(?P<sign>[<>=!]=|[<>()\[\],]))""")
_SIGNS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_RESERVED = frozenset({"and", "or", "not", "in", "contains"})
_DEEPEST = 20
_LONGEST = 1000
_FACT = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def parse_condition(text: str) -> Condition:
    """Return the parsed condition; raises ValueError with the column and the remedy."""
    if len(text) > _LONGEST:
        message = f"a condition has at most {_LONGEST} characters"
        raise ValueError(message)
    parser = _Parser(text)
    condition = parser.condition(0)
    parser.end()
    return Condition(text=text.strip(), comparison=condition.comparison, join=condition.join, parts=condition.parts)


def facts_of(condition: Condition) -> frozenset[str]:
    """Return the names of all facts a condition asks about, compared values that look like names included."""
    if condition.comparison is not None:
        values = condition.comparison.values if condition.comparison.sign in _SIGNS else ()
        return frozenset({condition.comparison.fact, *filter(names_fact, values)})
    return frozenset().union(*map(facts_of, condition.parts))


def names_fact(value: str) -> bool:
    """Say whether a compared value reads as the name of another fact; what stands in quotes does not."""
    return _FACT.fullmatch(value) is not None


def holds(condition: Condition, facts: Sequence[Fact]) -> bool | None:
    """Say whether a condition holds; None when a deciding fact is missing or two sources disagree about it."""
    if condition.comparison is not None:
        return _compare(condition.comparison, facts)
    answers = [holds(part, facts) for part in condition.parts]
    if condition.join == "not":
        return None if answers[0] is None else not answers[0]
    decisive = condition.join == "any"
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def contradicts(condition: Condition) -> bool:
    """Say whether a condition can never hold because its versions of one fact leave nothing between them."""
    if condition.join == "any":
        return all(map(contradicts, condition.parts))
    if condition.join != "all":
        return False
    comparisons = [part.comparison for part in condition.parts if part.comparison and _SIGNS & {part.comparison.sign}]
    pairs = ((one, other) for one in comparisons for other in comparisons if one.fact == other.fact)
    return any(map(contradicts, condition.parts)) or any(_apart(one, other) for one, other in pairs)


def _apart(low: Comparison, high: Comparison) -> bool:
    """Say whether the first wants more than the second allows."""
    if low.sign not in {">", ">=", "=="} or high.sign not in {"<", "<=", "=="}:
        return low.sign == "==" and high.sign == "!=" and low.values == high.values
    if names_fact(low.values[0]) or names_fact(high.values[0]):
        return False
    order = compare(low.values[0], high.values[0])
    return order > 0 or (order == 0 and (high.sign == "<" or low.sign == ">"))


def _compare(comparison: Comparison, facts: Sequence[Fact]) -> bool | None:
    mine = [fact for fact in facts if fact.name == comparison.fact]
    if comparison.sign == "known":
        return bool(mine)
    if not mine:
        return None
    return _agreed(_answer(fact, comparison, facts) for fact in mine)


def _answer(fact: Fact, comparison: Comparison, facts: Sequence[Fact]) -> bool | None:
    if comparison.sign == "in":
        return any(_equal(fact, _text(value)) for value in comparison.values)
    value = comparison.values[0]
    if comparison.sign == "contains":
        return _text(value).lower() in fact.value.lower()
    if names_fact(value):
        others = [other for other in facts if other.name == value]
        return _agreed(_ordered(fact, other.version or other.value, comparison.sign) for other in others)
    return _ordered(fact, _text(value), comparison.sign)


def _text(value: str) -> str:
    return value.strip("\"'")


def _ordered(fact: Fact, value: str, sign: str) -> bool | None:
    if sign in {"==", "!="}:
        return _equal(fact, value) == (sign == "==")
    if not fact.version or not find_version(value):
        return None
    order = compare(fact.version, value)
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[sign]


def _equal(fact: Fact, value: str) -> bool:
    if fact.version and find_version(value) == value:
        return same(fact.version, value)
    return fact.value.strip().lower() == value.lower()


def _agreed(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    return found.pop() if len(found) == 1 else None


class _Parser:
    """Recursive descent over the tokens, each with its column."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0

    def condition(self, depth: int) -> Condition:
        if depth > _DEEPEST:
            raise self._wrong("write it with fewer parentheses")
        return self._joined("or", "any", lambda: self._joined("and", "all", lambda: self._term(depth)))

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise self._wrong("join conditions with `and` or `or`")

    def _joined(self, word: str, join: str, part: object) -> Condition:
        parts = [part()]  # type: ignore[operator]
        while self._peek() == word:
            self._at += 1
            parts.append(part())  # type: ignore[operator]
        return parts[0] if len(parts) == 1 else Condition(text="", join=join, parts=tuple(parts))

    def _term(self, depth: int) -> Condition:
        word = self._take("a fact such as `mmcv`")
        if word == "not":
            if depth >= _DEEPEST:
                raise self._wrong("write it with fewer `not`")
            return Condition(text="", join="not", parts=(self._term(depth + 1),))
        if word == "(":
            inside = self.condition(depth + 1)
            self._expect(")")
            return inside
        if word in _RESERVED or not names_fact(word):
            self._at -= 1
            raise self._wrong("name a fact in lower case, such as `mmcv` or `pytorch-cuda`")
        return Condition(text="", comparison=self._comparison(word))

    def _comparison(self, fact: str) -> Comparison:
        sign = self._peek()
        if sign in _SIGNS or sign == "contains":
            self._at += 1
            return Comparison(fact=fact, sign=sign, values=(self._value(),))
        if sign == "in":
            self._at += 1
            return Comparison(fact=fact, sign="in", values=tuple(self._values()))
        return Comparison(fact=fact, sign="known")

    def _values(self) -> list[str]:
        self._expect("[")
        values = [self._value()]
        while self._peek() == ",":
            self._at += 1
            values.append(self._value())
        self._expect("]")
        return values

    def _value(self) -> str:
        word = self._take("a version, a word or a text in quotes")
        if word in _RESERVED or word in "()[],":
            self._at -= 1
            raise self._wrong("put a version, a word or a text in quotes here")
        return word

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _take(self, what: str) -> str:
        if self._at >= len(self._tokens):
            message = f"it ends too early: put {what} at the end"
            raise ValueError(message)
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _expect(self, sign: str) -> None:
        if self._peek() != sign:
            raise self._wrong(f"put `{sign}` here")
        self._at += 1

    def _wrong(self, remedy: str) -> ValueError:
        if self._at >= len(self._tokens):
            return ValueError(f"it ends too early: {remedy}")
        column, word = self._tokens[self._at]
        return ValueError(f"column {column}: `{word}` is not expected: {remedy}")


def _tokens(text: str) -> Iterable[tuple[int, str]]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            rest = text[at:].lstrip()
            column = len(text) - len(rest) + 1
            message = f"column {column}: `{rest[:10]}` cannot be read: use == != < <= > >= and quotes"
            raise ValueError(message)
        yield found.start(found.lastgroup or 0) + 1, found[found.lastgroup or 0]
        at = found.end()
