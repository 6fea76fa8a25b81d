"""What a label model sees of a report: hashed words, character n-grams, structure and answers, each family by itself.

Feature hashing as in Weinberger et al., "Feature Hashing for Large Scale Multitask Learning" (2009), with so many
buckets that two features of a repository seldom share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt

from triagebot.diagnose.labels.titles import untagged
from triagebot.diagnose.labels.written import Written, heading_of, take_apart

BITS = 20
BUCKETS = 1 << BITS
Buckets = npt.NDArray[np.uint32]
"""Bucket numbers, one for each time a feature stands in the report."""
Bag = tuple[tuple[Buckets, npt.NDArray[np.uint16]], ...]
"""For each family the buckets that stand in a report, ascending, and how often."""
FAMILIES = (
    "words",
    "title",
    "opening",
    "everything",
    "characters",
    "title-characters",
    "structure",
    "turns",
    "answers",
)

_CHARACTERS = 4_000  # of the text, for character n-grams: where a report opens tells most
_OPENING = 80  # words
_SHORT = 40  # characters of an answer that stands for itself
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d\u3400-\u9fff][^\W\u3400-\u9fff]*(?:'[a-z]+)?|[?!]")
_IMAGE = re.compile(r"!\[[^\]\n]{0,200}\]\([^)\s]{0,500}\)|<img\b[^>\n]{0,500}>", re.IGNORECASE)
_LINK = re.compile(r"https?://\S+")
_HEX = re.compile(r"\b(?:0x[0-9a-f]+|[0-9a-f]{12,})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b\d[\d.,:\-/]*")
_SENTENCE_END = re.compile(r"[.\n;:]|(?<=[?!])")
_TRACE = re.compile(
    r"Traceback \(most recent|^\s{1,40}at [\w.$<>]{1,200}\(|^\s{0,40}File \".{1,300}\", line \d|Segmentation fault|"
    r"core dumped|SIGSEGV|Exception|stack trace",
    re.IGNORECASE | re.MULTILINE,
)
_PLAIN_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+(?:'[a-z]+)?|[?!]")
_TAG = re.compile(r"\s*[\[(]?([\w\- ./]{2,24})[\])]?\s*(?::|(?<=\]))")
_EMPTY = frozenset({"", "_no response_", "no response", "n/a", "none", "-"})
# Signs of what the author wants, which any project's reports share.
_SIGNS = {
    "inline-code": re.compile(r"`[^`\n]{1,200}`"),
    "picture": _IMAGE,
    "error": re.compile(r"\b\w{0,60}(?:Error|Exception|Warning)\b"),
    "expected": re.compile(r"expected|actual|reproduc", re.IGNORECASE),
    "version": re.compile(r"\bv?\d{1,6}\.\d{1,6}\.\d"),
    "asks": re.compile(
        r"\bhow (?:do|can|to|should)|\bis there (?:a|any)|\bwhy\b|\bis it possible\b|\bwondering\b"
        r"|\bcan (?:i|we|someone|anyone)\b|怎么|如何|为什么|请问",
        re.IGNORECASE,
    ),
    "wishes": re.compile(
        r"would be (?:nice|great|good|useful|helpful)|feature request|please (?:add|support|consider)|\bpropos"
        r"|\bsuggest|\ballow\b|\benhancement|i(?:'d| would) like|希望|建议|支持一下",
        re.IGNORECASE,
    ),
}
_SMALL_WORDS = frozenset(
    """
    a an the i me my we our you your he it its they them this that these those is are was were be been being am do
    does did have has had can could should would will may might must not no nor if then else when while where why how
    what which who whose there here to of in on at by for from with without into about as so than too very just only
    also but and or because any some all each more most other such own same again please thanks thank hi hello help
    anyone someone something anything need want like use using used get getting got make try tried trying know see
    seems work works working doesn't don't didn't can't isn't won't i'm i'd i've it's that's possible way instead new
    after before error bug issue feature question request support add allow ? !
    """.split()
)
_SPACE = 32
# Multiplicative hashing: odd constants of 32 bits with well-spread bits (Knuth, TAOCP 3, 6.4).
_STEP, _SPREAD = np.uint32(0x01000193), np.uint32(0x9E3779B1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A report as a model looks at it: its parts, its text in small letters, and its words by family."""

    written: Written
    shown: str
    words: dict[str, list[str]]


def look_at(title: str, body: str, known: frozenset[str] = frozenset()) -> Seen:
    """Return a report as a model sees it: labels' names that tag its title (`known`, see `untagged`) do not count."""
    written = take_apart(untagged(title, known), body)
    shown = _shown(written)
    opening = _prose(written).split(None, _OPENING)[:_OPENING]
    words = {"words": _words(shown), "title": _words(written.title), "opening": _words(" ".join(opening))}
    return Seen(written=written, shown=shown, words=words)


def bag(seen: Seen) -> Bag:
    """Return the features of a report counted, in the order of `FAMILIES`."""
    found = _families(seen)
    counted = (np.unique(found[name], return_counts=True) for name in FAMILIES)
    return tuple((buckets, np.minimum(counts, 60_000).astype(np.uint16)) for buckets, counts in counted)


def _families(seen: Seen) -> dict[str, Buckets]:
    written = seen.written
    found = {name: _grams(name, words, 2) for name, words in seen.words.items()}
    return found | {
        "everything": _grams("everything", _words(f"{written.title}\n{written.body}"), 1),
        "characters": _character_grams("characters", seen.shown, 3, 5),
        "title-characters": _character_grams("title-characters", written.title.lower(), 2, 5),
        "structure": _hashed("structure", structure(written)),
        "turns": _hashed("turns", _turns(f"{written.title}\n{_prose(written)}")),
        "answers": _hashed("answers", _answers(written)),
    }


def spell_features(seen: Seen) -> dict[int, str]:
    """Return by bucket those features of a report that a reader can find in it: words, and answers in a form."""
    spelled: dict[int, str] = {}
    for family, words in seen.words.items():
        names = [*words, *(f"{one} {two}" for one, two in pairwise(words))]
        spelled.update(zip(_grams(family, words, 2).tolist(), names, strict=True))
    answers = list(dict.fromkeys(_answers(seen.written)))
    shown = (answer.replace("_", " ").replace("=", ": ") if "=" in answer else "" for answer in answers)
    return spelled | dict(zip(_hashed("answers", answers).tolist(), shown, strict=True))


def _prose(written: Written) -> str:
    return "\n".join(written.prose)


def _shown(written: Written) -> str:
    return _masked(f"{written.title}\n{_prose(written)}") + " codefence" * bool(written.code)


def structure(written: Written) -> Iterator[str]:
    """Yield how a report is built: length, code, links, questions, template headings, how the title begins."""
    prose = _prose(written)
    length = len(prose.split())
    yield from (f"length>{least}" for least in (5, 20, 50, 100, 200, 400) if length > least)
    yield from (name for name, pattern in _SIGNS.items() if pattern.search(prose))
    yield from (f"title-{name}" for name, pattern in _SIGNS.items() if pattern.search(written.title))
    yield from _counted("code", bool(written.code) + len(written.code) // 10)
    yield from _counted("question", prose.count("?") + prose.count("？"))
    yield from _counted("link", len(_LINK.findall(prose)))
    yield from _counted("ticked", sum(written.boxes))
    yield from _counted("unticked", len(written.boxes) - sum(written.boxes))
    if _TRACE.search("\n".join((*written.code, *written.prose))):
        yield "trace"
    if written.hidden:
        yield "hidden"
    yield from _beginnings(written)


def _counted(name: str, count: int) -> Iterator[str]:
    """Yield a count as steps: more is the former and something on top."""
    return (f"{name}>={step}" for step in (1, 2, 4, 8) if count >= step)


def _beginnings(written: Written) -> Iterator[str]:
    title = _PLAIN_WORD.findall(written.title.lower())
    yield from (f"first-{size}={' '.join(title[:size])}" for size in (1, 2) if len(title) >= size)
    if tag := _TAG.match(written.title):
        yield f"tag={tag[1].strip().lower()}"
    opening = next((line for line in written.prose if line.strip() and not heading_of(line)), "")
    yield from (f"opening={word}" for word in _PLAIN_WORD.findall(opening.lower())[:1])
    yield from (f"heading={_key(heading)}" for heading, _ in written.answers[:25] if heading)


def _answers(written: Written) -> Iterator[str]:
    """Yield each heading of a form with its short answer, or how long the answer is."""
    for heading, text in written.answers[:40]:
        if not heading:
            continue
        plain = " ".join(text.lower().split())
        empty = plain in _EMPTY
        yield f"{_key(heading)}={'' if empty else _NUMBER.sub('0', plain) if len(plain) <= _SHORT else '...'}"
        yield f"{_key(heading)}~{min(8, len(plain).bit_length() if not empty else 0)}"


def _key(heading: str) -> str:
    return "_".join(_PLAIN_WORD.findall(heading.lower()))[:40]


def _turns(text: str) -> Iterator[str]:
    """Yield the turns of phrase: runs of small words, with a gap wherever a word of the subject stands."""
    for sentence in _SENTENCE_END.split(text.lower())[:120]:
        words = ["^", *_with_gaps(_PLAIN_WORD.findall(sentence)), "$"]
        if len(words) > 2:  # noqa: PLR2004 - more than its two ends
            for size in (2, 3, 4):
                yield from (" ".join(words[at : at + size]) for at in range(len(words) - size + 1))


def _with_gaps(words: Iterable[str]) -> Iterator[str]:
    last = ""
    for word in words:
        shown = word if word in _SMALL_WORDS else "_"
        if shown != "_" or last != "_":
            yield shown
        last = shown


def _masked(text: str) -> str:
    """Return a text in small letters with a word for each picture, address, hexadecimal and number."""
    text = _LINK.sub(" urltok ", _IMAGE.sub(" imgtok ", text))
    return _NUMBER.sub(" 0 ", _HEX.sub(" hextok ", text)).lower()


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _grams(family: str, words: Sequence[str], longest: int) -> Buckets:
    """Return the buckets of the words, and (`longest` 2) of each two that follow one another."""
    seed = crc32(family.encode())
    whole = [(word, crc32(word.encode("utf-8", "replace"), seed)) for word in words]
    hashes = [value for _, value in whole]
    if longest > 1:
        hashes += [crc32(b" " + two.encode("utf-8", "replace"), value) for (_, value), (two, _) in pairwise(whole)]
    return _to_buckets(np.array(hashes, np.uint32))


def _hashed(family: str, names: Iterable[str]) -> Buckets:
    """Return the buckets of names, each counted once."""
    seed = crc32(family.encode())
    hashes = [crc32(name.encode("utf-8", "replace"), seed) for name in dict.fromkeys(names)]
    return _to_buckets(np.array(hashes, np.uint32))


def _character_grams(family: str, text: str, shortest: int, longest: int) -> Buckets:
    """Return the buckets of character n-grams within words, a word's edges being characters too."""
    plain = f" {' '.join(text.split())[:_CHARACTERS]} "
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), np.uint32)
    rolled, inside = codes * _SPREAD + np.uint32(crc32(family.encode())), np.ones(len(codes), bool)
    found = []
    for size in range(2, min(longest, len(codes)) + 1):
        rolled = rolled[:-1] * _STEP + codes[size - 1 :]
        # Nothing but the two ends may be a blank.
        inside = inside[:-1] & (codes[size - 2 : -1] != _SPACE) if size > 2 else inside[:-1]  # noqa: PLR2004
        if size >= shortest:
            found.append(rolled[inside])
    return _to_buckets(np.concatenate(found) if found else np.empty(0, np.uint32))


def _to_buckets(hashes: npt.NDArray[np.uint32]) -> Buckets:
    return ((hashes * _SPREAD) >> np.uint32(32 - BITS)).astype(np.uint32)
