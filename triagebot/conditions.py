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

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, product

from triagebot.records import Comparison, Condition, Fact
from triagebot.versions import compare, find_version, release, same

SIGNS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_ORDERED = SIGNS - {"==", "!="}
_RESERVED = frozenset({"and", "or", "not", "in", "contains"})
_TOKEN = re.compile(r"""(?P<word>[\w.+\-]+)|(?P<text>"[^"]*"|'[^']*')|(?P<sign>[<>=!]=|[<>()\[\],])""")
_FACT = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_BUILD = re.compile(r"\+[A-Za-z0-9.]+$")
# What people write who know another language.
_FOREIGN = {
    "=>": "write `>=`",
    "=<": "write `<=`",
    "=": "write `==` for equality",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`",
    "~": "write the range with `>=` and `<`",
}
_DEEPEST = 20
_LONGEST = 1000
_MOST_ENVIRONMENTS = 5000
_FAR = 999_999  # higher than any part of a version that people compare with


def parse_condition(text: str) -> Condition:
    """Return the parsed condition; raises ValueError with the column (from 1) and the remedy."""
    if len(text) > _LONGEST:
        raise ValueError(f"it has {len(text)} characters: write it in at most {_LONGEST}")
    parser = _Parser(text.rstrip())
    condition = parser.condition(0)
    parser.end()
    return Condition(text=text.strip(), comparison=condition.comparison, join=condition.join, parts=condition.parts)


def facts_of(condition: Condition) -> frozenset[str]:
    """Return the names of all facts a condition asks about, compared values that look like names included."""
    return frozenset(name for comparison in comparisons_of(condition) for name in _asked(comparison))


def comparisons_of(condition: Condition) -> Iterator[Comparison]:
    """Yield every comparison of a condition, in the order of its text."""
    if condition.comparison is not None:
        yield condition.comparison
    for part in condition.parts:
        yield from comparisons_of(part)


def names_fact(value: str) -> bool:
    """Say whether a compared value reads as the name of another fact; what stands in quotes does not."""
    return _FACT.fullmatch(value) is not None


def unquoted(value: str) -> str:
    """Return a value of a comparison without the quotes it was written in."""
    return value[1:-1] if value[:1] in {'"', "'"} else value


Told = Mapping[str, Sequence[Fact]]
"""Facts by their names."""


def by_name(facts: Iterable[Fact]) -> Told:
    """Return facts by their names, for many conditions over the same ones."""
    told: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        told[fact.name].append(fact)
    return dict(told)


def holds(condition: Condition, facts: Iterable[Fact]) -> bool | None:
    """Say whether a condition holds; None when a deciding fact is missing or two sources disagree about it."""
    return holds_over(condition, by_name(facts))


def holds_over(condition: Condition, told: Told) -> bool | None:
    """Say the same as `holds` of facts by their names."""
    if condition.comparison is not None:
        return _compare(condition.comparison, told)
    if condition.join == "not":
        answer = holds_over(condition.parts[0], told)
        return None if answer is None else not answer
    decisive = condition.join == "any"
    unknown = False
    for part in condition.parts:
        answer = holds_over(part, told)
        if answer is decisive:
            return decisive
        unknown = unknown or answer is None
    return None if unknown else not decisive


def needed_for(condition: Condition, *, answer: bool = True) -> frozenset[str]:
    """Return the facts without one of which a condition certainly does not come to an answer."""
    comparison = condition.comparison
    if comparison is not None:
        return frozenset() if comparison.sign == "known" and not answer else frozenset(_asked(comparison))
    if condition.join == "not":
        return needed_for(condition.parts[0], answer=not answer)
    needs = [needed_for(part, answer=answer) for part in condition.parts]
    # One alternative that holds is enough, and so is one demand that is not met.
    enough = (condition.join == "any") is answer
    return frozenset.intersection(*needs) if enough else frozenset[str]().union(*needs)


def contradicts(condition: Condition, before: Sequence[Condition] = ()) -> bool:
    """Say whether no environment makes a condition hold while none of those before it does.

    Tried out on environments at and around every version and text that the conditions name; of conditions that name
    too many to try, nothing is claimed.
    """
    environments = _environments((condition, *before))
    return environments is not None and not any(
        holds(condition, facts) and not any(holds(other, facts) for other in before) for facts in environments
    )


def _environments(conditions: Sequence[Condition]) -> Iterable[tuple[Fact, ...]] | None:
    """Return what may stand in a report as far as these conditions can tell it apart; None: too much."""
    comparisons = [comparison for condition in conditions for comparison in comparisons_of(condition)]
    names = sorted({name for comparison in comparisons for name in _asked(comparison)})
    # Where facts are compared with each other, what one may be matters to all.
    linked = any(name != comparison.fact for comparison in comparisons for name in _asked(comparison))
    choices = [list(_choices(name, [c for c in comparisons if linked or c.fact == name])) for name in names]
    if math.prod(map(len, choices)) > _MOST_ENVIRONMENTS:
        return None
    return (tuple(fact for fact in chosen if fact is not None) for chosen in product(*choices))


def _choices(name: str, comparisons: Iterable[Comparison]) -> Iterator[Fact | None]:
    """Yield what a report may say of a fact: nothing, versions near those compared with, texts made of those named."""
    named = sorted({unquoted(value) for comparison in comparisons for value in _texts(comparison)})
    versions = sorted({"1", "2", *(near for text in named for near in _near(find_version(text)))})
    words = [text for text in named if find_version(text) != text]
    some = chain.from_iterable(combinations(words, count) for count in range(1, len(words) + 1))
    texts = [" ".join(words) for words in islice(some, _MOST_ENVIRONMENTS)]
    yield None
    for text in ("?", *texts):
        yield Fact(name=name, value=text, version="", line=0)
    for version in versions:
        for text in ("", *texts):
            yield Fact(name=name, value=f"{version} {text}".strip(), version=version, line=0)


def _near(version: str) -> Iterator[str]:
    """Yield a version, its release, and versions right below and above it."""
    numbers = release(version)
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    if version:
        whole = release(version)
        yield from (version, _spelled(whole), _spelled((*whole, 0, 0, 1)), _spelled((*whole[:-1], whole[-1] + 1)))
    if numbers:
        yield _spelled((*numbers[:-1], numbers[-1] - 1, _FAR))


def _spelled(numbers: Iterable[int]) -> str:
    return ".".join(map(str, numbers))


def _asked(comparison: Comparison) -> Iterator[str]:
    yield comparison.fact
    if comparison.sign in SIGNS:
        yield from filter(names_fact, comparison.values)


def _texts(comparison: Comparison) -> Iterator[str]:
    return (value for value in comparison.values if comparison.sign not in SIGNS or not names_fact(value))


def _compare(comparison: Comparison, told: Told) -> bool | None:
    mine = told.get(comparison.fact)
    if comparison.sign == "known":
        return bool(mine)
    if not mine:  # so it is with most facts of most rules
        return None
    return _agreed(_answer(fact, comparison, told) for fact in mine)


def _answer(fact: Fact, comparison: Comparison, told: Told) -> bool | None:
    if comparison.sign == "in":
        return any(_equal(fact, unquoted(value)) for value in comparison.values)
    value = comparison.values[0]
    if comparison.sign == "contains":
        return unquoted(value).lower() in fact.value.lower()
    if names_fact(value):
        others = told.get(value, ())
        return _agreed(_decided(fact, other.version or other.value, comparison.sign) for other in others)
    return _decided(fact, unquoted(value), comparison.sign)


def _decided(fact: Fact, value: str, sign: str) -> bool | None:
    if sign not in _ORDERED:
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
        self._tokens = [*_tokens(text), (len(text) + 1, "")]
        self._at = 0

    def condition(self, depth: int) -> Condition:
        return self._joined("or", "any", lambda: self._joined("and", "all", lambda: self._term(depth)))

    def end(self) -> None:
        if self._word:
            raise self._wrong("join conditions with `and` or `or`, in lower case")

    @property
    def _word(self) -> str:
        return self._tokens[self._at][1]

    def _joined(self, word: str, join: str, part: Callable[[], Condition]) -> Condition:
        parts = [part()]
        while self._skip(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Condition(text="", join=join, parts=tuple(parts))

    def _term(self, depth: int) -> Condition:
        if self._skip("not"):
            return Condition(text="", join="not", parts=(self._deeper(self._term, depth),))
        if self._skip("("):
            inside = self._deeper(self.condition, depth)
            self._expect(")")
            return inside
        fact = self._word
        if fact in _RESERVED or not names_fact(fact):
            raise self._wrong("name a fact in lower case here, such as `mmcv` or `pytorch-cuda`")
        self._at += 1
        return Condition(text="", comparison=self._comparison(fact))

    def _deeper(self, part: Callable[[int], Condition], depth: int) -> Condition:
        if depth >= _DEEPEST:
            raise self._wrong("write it with fewer parentheses and fewer `not` inside each other")
        return part(depth + 1)

    def _comparison(self, fact: str) -> Comparison:
        sign = self._word
        if self._skip("in"):
            return Comparison(fact=fact, sign="in", values=tuple(self._values()))
        if sign not in SIGNS and sign != "contains":
            return Comparison(fact=fact, sign="known")
        self._at += 1
        return Comparison(fact=fact, sign=sign, values=(self._value(sign),))

    def _values(self) -> list[str]:
        self._expect("[")
        values = [self._value("in")]
        while self._skip(","):
            values.append(self._value("in"))
        self._expect("]")
        return values

    def _value(self, sign: str) -> str:
        word = self._word
        if not word or word in _RESERVED or word in SIGNS or word in "()[],<>":
            raise self._wrong("put a version, a word or a text in quotes here")
        if sign in SIGNS:
            self._check_version(word, sign)
        self._at += 1
        return word

    def _check_version(self, word: str, sign: str) -> None:
        """A number must be a whole version, and only versions and facts have an order."""
        version = find_version(unquoted(word))
        whole = _BUILD.sub("", unquoted(word)) == version
        if whole and version:
            return
        if word[0].isdigit():
            raise self._wrong(f"write a version such as `{version or '1.9.0'}`, or put a text in quotes")
        if sign in _ORDERED and not names_fact(word):
            raise self._wrong(f"`{sign}` compares versions; write `==`, `in` or `contains` for a text")

    def _skip(self, word: str) -> bool:
        met = self._word == word
        self._at += met
        return met

    def _expect(self, sign: str) -> None:
        if not self._skip(sign):
            raise self._wrong(f"put `{sign}` here")

    def _wrong(self, remedy: str) -> ValueError:
        column, word = self._tokens[self._at]
        what = f"`{word}` is not expected" if word else "it ends too early"
        return ValueError(f"column {column}: {what}: {remedy}")


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    """Yield the words, texts and signs, each with its column; raises ValueError at what is none of them."""
    at = _blanks(text, 0)
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"column {at + 1}: `{text[at : at + 10]}` cannot be read: {_remedy(text[at : at + 2])}")
        yield at + 1, found[0]
        at = _blanks(text, found.end())


def _remedy(start: str) -> str:
    if start[0] in "\"'":
        return "close the quote"
    known = _FOREIGN.get(start) or _FOREIGN.get(start[0])
    return known or "use names, versions, texts in quotes and the signs == != < <= > >="


def _blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
