"""What names a version and is no fact: wishes, requirements, advice, examples, what was installed before."""

from __future__ import annotations

import re

from triagebot.late import late_regex
from triagebot.regexes import compile_regex

_WINDOW = 70
_CLAUSE = late_regex(
    r"(?<!e\.g)(?<!i\.e)[.;!?。；！？](?=\s|$|[^\x00-\x7f])|\b(?:but|however|while I|but you) "
    r"|但|可我|我这边|我的|现在(?:是|用)",
    re.IGNORECASE,
)
_MINE = late_regex(r"\b(?:you have|I have|I use|I'm using|we have|we use|my|mine)\b|我(?:用|装)的?是?", re.IGNORECASE)
# RE2: ten times as fast as `re` where nothing is found, which is nearly always.
_BEFORE = compile_regex(
    r"\b(?:please|should|must|ha(?:ve|s) to|needs?|needed|required?|requires|requirements?|at least|at most|minimum"
    r"|minimal|recommend\w*|suggest\w*|supports?|supported|compatible (?:with|versions?)|upgrade|upgrading|downgrade"
    r"|downgrading|updating|update (?:to|your)|switch to|migrat\w+|instead of|rather than|unless|e\.\s?g|i\.\s?e"
    r"|for example|such as|meant for|expects?|wants?|wish|wishes|plan\w*|would like|looks? for|looking for|is there"
    r"|are there|will (?:there|be)|available for|(?:please|just|could|can|should|to|you|and|or) try|^\W{0,3}try)\b"
    r"|(?:^|[,:]\s*)\W{0,3}(?:just |simply |then )?(?:re)?install\s"
    r"|需要|要求|必须|至少|最低|建议|推荐|支持|升级|降级|降到|升到|换成|改成|请(?:安装|使用|升级|降级)|应该|例如|比如|兼容|不低于"
    r"|高于|低于|大于|小于",
)
_AFTER = late_regex(
    r"['\"`)]{0,3}\+(?![A-Za-z0-9])"
    r"|[\s'\"`)]{0,4}(?:,?\s?(?:<|>|~|!=)|or (?:higher|later|above|newer|greater|lower|earlier|below)"
    r"|or v?\d|and (?:above|later|up|newer|below)"
    r"|(?:is|are) (?:required|needed|demanded|recommended|supported|not supported|necessary)"
    r"|(?:及|或|或者|和)?(?:以[上下后前]|更高|更低|之[后前]))",
    re.IGNORECASE,
)
# `after upgrading to X`, `升级到 X 之后`: X is what is there now.
_MOVED = compile_regex(
    r"\b(?:after|since|when|once|i|we|i've|have|had) (?:i |we |just |have |had ){0,2}"
    r"(?:upgrad|updat|downgrad|switch|mov|migrat)(?:ing|ed) (?:[\w.\-]+ ){0,3}to\s+(?:the )?$"
)
_MOVED_ZH = late_regex(r"(?:升级?|更新|降级?|换|改|切换)(?:到|成|至|为|了)+\s?$")
_SINCE = late_regex(r"[\s'\"`)]{0,4}(?:版本?)?(?:之后|以后|后|了)")
# What was there before, and worked.
_BEFORE_NOW = compile_regex(
    r"\b(?:previously|formerly|before that|in the past|used to (?:use|have|run)"
    r"|(?:upgrad|updat|mov|switch|migrat|downgrad)(?:ed|ing) from|from)\b[^.,;]{0,12}$"
    r"|(?:之前|原来|以前|先前|原先)(?:一直)?(?:用|是|在|装)[^，。；,;]{0,12}$|从\s?$"
)
_ONCE = late_regex(
    r"[\s'\"`)]{0,4},? ?(?:it|that|this|everything|all|training)? ?(?:all )?(?:worked|was (?:fine|ok)|used to work)\b",
    re.IGNORECASE,
)
_ONWARD = late_regex(r"[\s'\"`)]{0,4}(?:to\b|->|→|升级?到|更新到|换[到成]|降级?到)", re.IGNORECASE)


def is_wish(text: str, start: int, end: int) -> bool:
    """Say whether a version that stands from `start` to `end` is asked for, or past, rather than told."""
    window = text[max(0, start - _WINDOW) : start]
    if _MOVED.search(window) or (_MOVED_ZH.search(window) and _SINCE.match(text, end)):
        return False
    if _AFTER.match(text, end) or _is_past(text, window, end):
        return True
    if not _BEFORE.search(window):
        return False
    clause = _CLAUSE.split(window)[-1]
    last = None
    for cue in _BEFORE.finditer(clause):
        last = cue
    return last is not None and _MINE.search(clause, last.end()) is None


def _is_past(text: str, window: str, end: int) -> bool:
    """Say whether a version is told as what was there before: `with X it worked`, `from X to`, `之前用 X`."""
    if _ONCE.match(text, end):
        return True
    before = _BEFORE_NOW.search(window)
    if before is None:
        return False
    # `from` by itself says where something came from, until it goes on to another version.
    return not before[0].lower().startswith(("from", "从")) or _ONWARD.match(text, end) is not None
