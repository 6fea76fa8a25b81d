"""One line with known names in it: which of them tell something, and what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import cast

from triagebot.extract.environment.named import NAME
from triagebot.extract.environment.printed import Print, Rank, Told
from triagebot.extract.environment.values import LONGEST_VALUE, VERSION, plausible, read_archs, read_keyed
from triagebot.extract.environment.vocabulary import Hit, Name
from triagebot.extract.environment.wishes import is_wish
from triagebot.late import late_regex
from triagebot.records import Block, Line
from triagebot.versions import find_version

_FILLER = r"(?:\s{0,2}(?:\(GPU\?\)|的?版本号?|versions?\b|ver\b\.?|models?\b|型号|\(s\)))?"
_KEY = late_regex(
    rf"['\"`*\]]{{0,3}}(?:\s?[\d][\d,\- ]{{0,40}}(?=:))?{_FILLER}['\"`*]{{0,3}}"
    r"(?:\s{0,40}(?P<sep>={1,3}(?![=>])|:(?!:)|\|(?=\s))|(?P<pair>(?<=['\"])\s?,)"
    r"|(?P<gap>(?:\s?\d[\d,]{0,20})?(?:\t|\s{3,60})(?=\S)))"
    r"\s{0,40}",
    re.IGNORECASE,
)
_LISTED = late_regex(rf"(?:[ ]{{2,60}}|\s{{0,9}}\t\s{{0,9}})(?P<version>{VERSION})(?=\s|$)")
_SAID = late_regex(
    rf"['\"`*_)\]]{{0,3}}(?:\.__version__\)?(?:\s?#)?)?{_FILLER}\s{{0,3}}"
    r"(?:(?:gives|shows?|is|was|==?|使?用的?是?|版本是|为|是|:|-|@|~|,?\s?v(?=\d))\s{0,3})?(?:\()?['\"`*]{0,2}[vV]?"
    rf"(?P<version>{VERSION})",
    re.IGNORECASE,
)
_SATISFIED = late_regex(rf"[^()]{{0,200}}\((?P<version>{VERSION})\)")
_SHOWN = late_regex(rf"Version: (?P<version>{VERSION})")
_ANSWER = late_regex(rf"(?:Out\[\d{{1,4}}\]: ?)?['\"]?(?P<version>{VERSION})['\"]?")
_INSTALLED = late_regex(rf"-(?P<version>{VERSION})")
_FOLDER = late_regex(rf"-(?P<version>{VERSION})(?=-py\d|-cp\d|\.dist-info|\.egg)")
_PINNED = late_regex(rf"(?:\[[\w,]{{0,40}}\])?\s?={{1,3}}\s?['\"]?(?P<version>{VERSION})")
_BARE = late_regex(r"(?:['\"`]?(?:\s|$|\)|,|\.(?:\s|$))|$)")
_ITEM_START = late_regex(
    r"[\s>*\-+•·|#\[({'\"`,]*(?:\d{1,2}[.)、]\s?)?(?:OrderedDict|dict|(?:export|set|ENV|ARG) )?"
    r"[\s\[({'\"`*]*(?:\[?(?:pip3?|conda)\]\s)?"
)
_COMMENTED = late_regex(r"\s*#")
_SWITCHED_OFF = late_regex(r"\s*#[A-Za-z]")  # a command that was commented out; headings have a blank there
_COMMAND = late_regex(
    r"\b(?:pip3?|conda|mamba|mim|min|uv|poetry|pixi)\s(?:pip\s)?(?:install|add|create|update)\b"
    r"(?P<words>(?:\[[\w,\- ]{0,60}\]|(?!&&|;|`|，|。|,\s?[A-Za-z\u3400-\u9fff]| and |\bpip|\bconda|\bmim).){0,400})",
    re.IGNORECASE,
)
_REMOVED = late_regex(r"\b(?:uninstall|remove)\b(?:(?!&&|;|`|，|。| and | then ).){0,200}", re.IGNORECASE)
_URL = late_regex(r"(?:https?|git\+ssh|ssh|s3|file)://[^\s'\"<>)]{1,1000}")
_DETAILS = late_regex(r"built with:?")
_RUNTIME = late_regex(r"CUDA Runtime (\d{1,2}\.\d{1,2})", re.IGNORECASE)
_FLAGS = late_regex(r"NVCC architecture flags:\s{0,3}([^\s'\"\\]{3,2000})", re.IGNORECASE)
_CUDNN = late_regex(r"CuDNN (\d{1,2}(?:\.\d{1,3}){1,3})", re.IGNORECASE)
_OF_DETAILS = frozenset({"gcc", "cudnn", "pytorch-archs", "pytorch-cuda", "nvcc", "pytorch", "cuda", "msvc"})
_ANOTHER = late_regex(r"\b(?:compile|compiled|build|built|detected)\s$", re.IGNORECASE)
_UNIT = late_regex(
    r"\s{0,2}(?:[GMK]i?B?\b|GPUs?\b|cores?\b|epochs?\b|images?\b|class(?:es)?\b|张|块|个|卡|次|x\s?\d|\*\s?\d)",
    re.IGNORECASE,
)
_SEPARATORS = (",", ";", "、", "，", "；", "/", "|", "\t")
_NEAR = 4
_LONGEST_BEGINNING = 40
_MOST_OF_A_FORM = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """A name in a line: keyed when a colon or the like stands behind it, structured when the line is a list item."""

    hit: Hit
    name: Name
    value_at: int  # where the keyed value begins, -1 when it is not keyed
    sign: str
    structured: bool


def read_line(line: Line, hits: Sequence[Hit], *, in_details: bool = False) -> Iterator[Told]:
    """Yield what a line tells; `hits` are its known names in order, `in_details` a line of "PyTorch built with:"."""
    text = line.text
    if in_details:
        yield from _details(text)
        return
    if (_COMMENTED if line.block is Block.CODE else _SWITCHED_OFF).match(text):
        return
    yield from _printed(text, hits)
    built = _DETAILS.search(text)
    if built:
        yield from _details(text[built.end() :])
    names = [hit for hit in hits if isinstance(hit.what, Name)]
    mentions = _mentions(text, _shown(text, names), built.end() if built else len(text))
    commands = _Spans(_COMMAND.finditer(text)) if _may_install(text) else _Spans(())
    for mention, end in _free(text, list(mentions)):
        command = commands.around(mention.hit.start)
        yield from _in_command(line, mention, command) if command else _read(line, mention, end)


def read_below(text: str, hits: Sequence[Hit], below: str) -> Iterator[Told]:
    """Yield the version that stands alone in the next line: what an interpreter answers, or `pip show`."""
    asked = text.startswith("Name: ")
    if not asked and "__version__" not in text:
        return
    found = (_SHOWN if asked else _ANSWER).fullmatch(below.strip())
    named = (hit for hit in hits if asked or text.startswith(".__version__", hit.end))
    name = next((hit.what for hit in named if isinstance(hit.what, Name)), None)
    if found and name and name.package and plausible(name.kind, found["version"]):
        told = _pack(name, found["version"], Rank.LIST)
        yield from told if asked else islice(told, 1)


class _Spans:
    """Matches in order, asked about ascending places."""

    def __init__(self, found: Iterable[re.Match[str]]) -> None:
        self._found = iter(found)
        self._now = next(self._found, None)

    def around(self, place: int) -> re.Match[str] | None:
        """Return the match that a place stands in."""
        while self._now is not None and self._now.end() <= place:
            self._now = next(self._found, None)
        return self._now if self._now is not None and self._now.start() <= place else None


def _shown(text: str, hits: Sequence[Hit]) -> Iterator[Hit]:
    """Yield the names outside addresses, names of environments, and what was uninstalled."""
    addresses = _Spans(_URL.finditer(text) if "://" in text else ())
    removed = _Spans(_REMOVED.finditer(text) if "uninstall" in text or "remove" in text else ())
    names = _Spans(NAME.finditer(text) if "envs" in text or text.lstrip().startswith("(") else ())
    for hit in hits:
        if not any(spans.around(hit.start) for spans in (addresses, removed, names)):
            yield hit


def _may_install(text: str) -> bool:
    return any(verb in text for verb in (" install", " add ", " create ", " update "))


def _printed(text: str, hits: Sequence[Hit]) -> Iterator[Told]:
    for form in {id(hit.what): hit.what for hit in hits if isinstance(hit.what, Print)}.values():
        for told in islice(form.read(text), _MOST_OF_A_FORM):
            if told.at < 0 or not is_wish(text, told.at, told.at + len(told.value)):
                yield told


def _details(text: str) -> Iterator[Told]:
    """Read what PyTorch says of its own build."""
    runtime, flags, cudnn = _RUNTIME.search(text), _FLAGS.search(text), _CUDNN.search(text)
    if runtime:
        yield Told(fact="pytorch-cuda", value=runtime[1], version=runtime[1], rank=Rank.TOOL)
    archs = read_archs(flags[1]) if flags else None
    if archs:
        yield Told(fact="pytorch-archs", value=archs[0], version=archs[1], rank=Rank.TOOL)
    if cudnn:
        yield Told(fact="cudnn", value=cudnn[1], version=cudnn[1], rank=Rank.TOOL)


def _mentions(text: str, hits: Iterable[Hit], details_at: int) -> Iterator[_Mention]:
    """Yield the names with what stands behind them; PyTorch's details end at the next name of collect_env."""
    prefix = _ITEM_START.match(text)
    begin = prefix.end() if prefix else 0
    listing = False
    for hit in hits:
        name = cast("Name", hit.what)
        key = _KEY.match(text, hit.end)
        sign = _sign(key) if key else ""
        if hit.start >= details_at:
            if name.fact in _OF_DETAILS or sign not in {":", "pair"}:
                continue
            details_at = len(text)
        structured = hit.start <= begin or _quoted(text, hit) or (listing and sign == ":")
        if sign == "gap" and not structured:
            sign = ""
        listing = listing or (structured and sign != "")
        value_at = key.end() if key and sign else -1
        yield _Mention(hit=hit, name=name, value_at=value_at, sign=sign, structured=structured)


def _sign(key: re.Match[str]) -> str:
    return key["sep"] or ("pair" if key["pair"] else "gap")


def _quoted(text: str, hit: Hit) -> bool:
    return text[hit.start - 1 : hit.start] in {"'", '"'} and text[hit.end : hit.end + 1] in {"'", '"'}


def _free(text: str, mentions: Sequence[_Mention]) -> Iterator[tuple[_Mention, int]]:
    """Yield the mentions that are not part of another's value, each with the end of its value."""
    outer: _Mention | None = None
    for mention in mentions:
        if outer is not None:
            if mention.value_at < 0 and _part_of(text, outer, mention):
                continue
            yield outer, mention.hit.start
            outer = None
        if mention.value_at >= 0:
            outer = mention
        else:
            yield mention, len(text)
    if outer is not None:
        yield outer, len(text)


def _part_of(text: str, outer: _Mention, inner: _Mention) -> bool:
    """Say whether an unkeyed name belongs to the value before it: `[GCC 7.5.0]` of Python, `GCC 7.3` of a compiler."""
    if inner.hit.start <= outer.value_at + 1 or inner.name.fact == outer.name.fact:
        return True
    before = text[max(outer.value_at, inner.hit.start - _NEAR) : inner.hit.start].rstrip(" ")
    return before.endswith(("[", "(")) or (outer.name.kind.wordy and not before.endswith(_SEPARATORS))


def _read(line: Line, mention: _Mention, end: int) -> Iterator[Told]:
    text, hit, name = line.text, mention.hit, mention.name
    if name.mark:
        end = hit.end if text[hit.start] == "-" else hit.end + 40
        yield Told(fact=name.fact, value=" ".join(text[hit.start : end].split()), version="", rank=Rank.SAID)
        return
    listed = _LISTED.match(text, hit.end) if name.package and mention.structured else None  # pip list, conda list
    if listed and plausible(name.kind, listed["version"]):
        yield from _pack(name, listed["version"], Rank.LIST)
        return
    if mention.value_at >= 0 and (mention.structured or name.kind.spoken):
        keyed = read_keyed(name.kind, text[mention.value_at : min(end, mention.value_at + 2 * LONGEST_VALUE)])
        if keyed:
            yield from _keyed(line, mention, keyed)
            return
    if name.kind.spoken:
        yield from _said(line, mention)


def _keyed(line: Line, mention: _Mention, keyed: tuple[str, str]) -> Iterator[Told]:
    text, name, value = line.text, mention.name, keyed[0]
    found = text.find(value, mention.value_at)
    last = (found if found >= 0 else mention.value_at) + len(value)
    refused = text.startswith(" is used but", last)  # a package's own assertion names its import, not its distribution
    listing = mention.structured and not mention.sign.startswith("=")
    if not refused and not listing and is_wish(text, mention.hit.start, last):
        return
    frozen = mention.structured and mention.sign == "==" and not text[last:].strip(" '\",")
    rank = Rank.LIST if frozen else Rank.TOOL if refused or mention.structured else Rank.SAID
    yield Told(fact=name.fact, value=value, version=keyed[1], rank=rank)
    if name.package and not refused and (frozen or name.package != name.fact):
        yield Told(fact=f"{name.fact}-package", value=name.package, version="", rank=rank)


def _said(line: Line, mention: _Mention) -> Iterator[Told]:
    """Read a name with a version right behind it, in a sentence or in what pip printed."""
    text, hit, name = line.text, mention.hit, mention.name
    if name.kind.wordy and text[hit.start - 1 : hit.start] == "[":  # the compiler that Python was built with
        return
    folder = _FOLDER.match(text, hit.end) if name.package else None
    if folder and plausible(name.kind, folder["version"]):
        yield from _pack(name, folder["version"], Rank.PATH)
        return
    installed = _by_pip(text, hit.end) if name.package else None
    if installed and plausible(name.kind, installed["version"]):
        yield from _pack(name, installed["version"], Rank.LIST)
        return
    found = _SAID.match(text, hit.end)
    if not found or not plausible(name.kind, found["version"]) or _UNIT.match(text, found.end()):
        return
    if is_wish(text, hit.start, found.end()) or _ANOTHER.search(text[max(0, hit.start - 12) : hit.start]):
        return
    written = found["version"]
    yield Told(fact=name.fact, value=written, version=find_version(written), rank=Rank.SAID)
    if name.package and name.package != name.fact and "-" in name.package:
        yield Told(fact=f"{name.fact}-package", value=name.package, version="", rank=Rank.SAID)


def _by_pip(text: str, end: int) -> re.Match[str] | None:
    """Return the version that pip says it installed or found installed."""
    beginning = text[:_LONGEST_BEGINNING]
    if "Successfully installed" in beginning:
        return _INSTALLED.match(text, end)
    return _SATISFIED.match(text, end) if "already satisfied" in beginning else None


def _in_command(line: Line, mention: _Mention, command: re.Match[str]) -> Iterator[Told]:
    """Read what an install command names: a pinned version, or only which package."""
    text, hit, name = line.text, mention.hit, mention.name
    if line.block is not Block.CODE and is_wish(text, command.start(), command.end("words")):
        return
    pinned = _PINNED.match(text, hit.end) or _FOLDER.match(text, hit.end)
    if pinned and plausible(name.kind, pinned["version"]):
        yield from _pack(name, pinned["version"], Rank.COMMAND)
    elif name.package and _BARE.match(text, hit.end):
        yield Told(fact=f"{name.fact}-package", value=name.package, version="", rank=Rank.COMMAND)


def _pack(name: Name, written: str, rank: Rank) -> Iterator[Told]:
    yield Told(fact=name.fact, value=written, version=find_version(written), rank=rank)
    if name.package:
        yield Told(fact=f"{name.fact}-package", value=name.package, version="", rank=rank)
