"""The language a reporter writes in, told from their own words and not from what machines printed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from triagebot.records import Block, Line

_OWN = frozenset({Block.TITLE, Block.PROSE, Block.HEADING})
_NOT_WORDS = re.compile(r"`[^`]*`|https?://\S+|!\[[^\]]*\]|\b[\w.]{1,80}(?:Error|Exception)\b.*")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_MOST_LINES = 400
# A Chinese character is about half a word; somebody who writes a short sentence of it reads Chinese.
_FEWEST = 4
_SHARE = 0.12


def tell_language(lines: Iterable[Line]) -> str:
    """Return `zh` when the reporter's own sentences hold Chinese, else `en`."""
    chinese = latin = other = 0
    for line in [line for line in lines if line.block in _OWN][:_MOST_LINES]:
        words = _NOT_WORDS.sub(" ", line.text[:1000])
        chinese += len(_CHINESE.findall(words))
        other += len(_KANA_OR_HANGUL.findall(words))
        latin += len(_LATIN.findall(words))
    if chinese < _FEWEST or other > chinese // 4:
        return "en"
    return "zh" if chinese / 2 >= _SHARE * (chinese / 2 + latin) else "en"
