"""What was told becomes facts: equal ones once, disagreeing ones side by side, and what follows from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from triagebot.extract.environment.cards import capability
from triagebot.extract.environment.printed import Rank, Told
from triagebot.extract.environment.values import wheel_cuda
from triagebot.records import Fact
from triagebot.versions import release, same

Sourced = tuple[Told, int]
"""What was told, and the number of the line that tells it."""

_MOST_OF_A_NAME = 4
# What `sys.platform` says, and what people call it.
_PLATFORMS = {"linux": ("ubuntu", "debian", "centos", "wsl", "linux"), "win32": ("win",), "darwin": ("mac", "darwin")}


def gather(told: Iterable[Sourced], known: frozenset[str]) -> tuple[Fact, ...]:
    """Return the facts whose names are known, the more structured source first."""
    relevant = (one for one in _joined(list(_each_once(told))) if one[0].fact in known)
    ranked = sorted(relevant, key=lambda one: (one[0].rank, one[1]))
    facts: defaultdict[str, list[Fact]] = defaultdict(list)
    order: list[Fact] = []
    for one, line in ranked:
        mine = facts[one.fact]
        if len(mine) >= _MOST_OF_A_NAME or (mine and _is_hearsay(one)):
            continue
        fact = Fact(name=one.fact, value=one.value, version=one.version, line=line)
        if not any(_equal(fact, other) for other in mine):
            mine.append(fact)
            order.append(fact)
    return tuple(order) + tuple(_derived(order, known))


def _each_once(told: Iterable[Sourced]) -> Iterator[Sourced]:
    """Yield what was told and what its suffix tells, without what a log says again and again."""
    seen: set[tuple[str, str, Rank]] = set()
    for one in told:
        for source in (one, *_suffix(one)):
            key = (source[0].fact, source[0].value, source[0].rank)
            if key not in seen:
                seen.add(key)
                yield source


def _is_hearsay(one: Told) -> bool:
    """An index tells of the wheels, and a name of what was meant: they speak only where nothing else does."""
    return one.rank is Rank.NAMED or (one.rank is Rank.INDEX and one.fact in {"pytorch", "pytorch-cuda"})


def _equal(one: Fact, other: Fact) -> bool:
    if one.version and other.version:
        return same(one.version, other.version)
    mine, theirs = one.value.lower(), other.value.lower()
    return mine == theirs or (one.name in {"gpu", "os"} and _within(mine, theirs))


def _within(one: str, other: str) -> bool:
    """Say whether one name of a thing holds the other: `RTX 3090` is an `NVIDIA GeForce RTX 3090`."""
    if one in _PLATFORMS:
        return other.startswith(_PLATFORMS[one])
    return one in other or other in one or (other in _PLATFORMS and _within(other, one))


def _suffix(source: Sourced) -> Iterator[Sourced]:
    """Yield the CUDA that the suffix of a wheel's version tells."""
    told, line = source
    if told.fact not in {"pytorch", "torchvision"}:
        return
    cuda = wheel_cuda(told.value)
    if cuda:
        yield Told(fact="pytorch-cuda", value=cuda, version="" if cuda == "cpu" else cuda, rank=told.rank), line


def _joined(told: list[Sourced]) -> Iterator[Sourced]:
    """Yield what was told; two distributions of one package in a list of pip or conda become one fact: both."""
    listed: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for one, line in told:
        if one.fact.endswith("-package") and one.rank is Rank.LIST:
            listed[one.fact].setdefault(one.value, line)
    twice = {fact: packages for fact, packages in listed.items() if len(packages) > 1}
    yield from (one for one in told if one[0].fact not in twice)
    for fact, packages in twice.items():
        yield Told(fact=fact, value=" + ".join(sorted(packages)), version="", rank=Rank.LIST), max(packages.values())


def _derived(facts: list[Fact], known: frozenset[str]) -> Iterator[Fact]:
    """Yield the compute capability of the cards, and whether PyTorch was built for it."""
    found = {fact.version: fact.line for fact in facts if fact.name == "gpu-capability"}
    if not found:
        cards = ((fact, part) for fact in facts if fact.name == "gpu" for part in fact.value.split(","))
        for fact, card in cards:
            version = capability(card)
            if version and version not in found:
                found[version] = fact.line
                if "gpu-capability" in known:
                    yield Fact(name="gpu-capability", value=version, version=version, line=fact.line)
    archs = [fact for fact in facts if fact.name == "pytorch-archs"]
    if len(archs) == 1 and len(found) == 1 and "gpu-supported" in known:
        answer = "yes" if _runs(archs[0].value, next(iter(found))) else "no"
        yield Fact(name="gpu-supported", value=answer, version="", line=archs[0].line)


def _runs(archs: str, card: str) -> bool:
    """Kernels run on cards of the same major capability and the same or a higher minor one, PTX on all later ones."""
    mine = release(card)
    for arch in archs.split():
        theirs = release(arch)
        if theirs <= mine and (arch.endswith("+PTX") or theirs[0] == mine[0]):
            return True
    return False
