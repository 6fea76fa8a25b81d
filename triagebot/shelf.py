"""Knowledge that was read once, kept beside the compiled code: the next start need not check its YAML again.

What lies here is trusted as much as the `.pyc` files around it, and for the same reason: who may write here may change
the program anyhow.  It is used only while the texts, and the code that read them, are the same to the last byte.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from triagebot.records import Knowledge

_CODE = Path(__file__).parent
_PLACE = _CODE / "__pycache__" / f"shipped-knowledge.{sys.implementation.cache_tag}.pickle"
# What decides which records come out of the same texts.
_READERS = ("conditions.py", "regexes.py", "versions.py", "blanks.py", "knowledge", "records")


def shelved(texts: Mapping[str, str], read: Callable[[], Knowledge], place: Path = _PLACE) -> Knowledge:
    """Return the knowledge of `texts` from the shelf, or read it and leave it there; a broken shelf is no matter."""
    key = _key(texts)
    with suppress(Exception):  # whatever is wrong with the file, the texts are still there
        kept, knowledge = pickle.loads(place.read_bytes())  # noqa: S301 - see above
        if kept == key:
            return knowledge  # type: ignore[no-any-return]
    knowledge = read()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            _keep(place, pickle.dumps((key, knowledge), protocol=pickle.HIGHEST_PROTOCOL))
    return knowledge


def _keep(place: Path, content: bytes) -> None:
    """Write a file that another process sees whole or not at all."""
    place.parent.mkdir(exist_ok=True)
    draft = place.with_suffix(f".{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(place)


def _key(texts: Mapping[str, str]) -> bytes:
    digest = blake2b(digest_size=16)
    for name, text in texts.items():
        digest.update(name.encode("utf-8", "replace") + b"\0" + text.encode("utf-8", "replace") + b"\0")
    for reader in _READERS:
        for file in sorted((_CODE / reader).glob("*.py")) or [_CODE / reader]:
            digest.update(file.read_bytes())
    return digest.digest()
