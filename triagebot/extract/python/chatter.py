"""What a reporter wrote behind an error in the same line, told from what the error itself says."""

from __future__ import annotations

import re
from string import whitespace

from triagebot.late import late_regex

_NAME = r"['\"][^'\"\n]{1,200}['\"]"
# Messages whose end is known.  What may stand behind it (a hint, a place, a reason) begins as `_GOES_ON` says.
_FORMS = (
    rf"No module named (?:{_NAME}|[\w.]{{1,200}})",
    rf"cannot import name {_NAME}(?: from (?:partially initialized module )?{_NAME})?(?: \([^()\n]{{1,300}}\))?",
    rf"(?:module |type object )?{_NAME}(?: object)? has no attribute {_NAME}",
    rf"name {_NAME} is not defined",
    rf"\S{{1,200}} got an unexpected keyword argument {_NAME}",
    r"[^\n]{0,300}undefined symbol:? [\w@.$]{2,600}",
    rf"\[Errno \d+\] [^:\n]{{1,100}}: {_NAME}",
    r"[\w.+\-]{1,100}\.so[\w.]*: cannot open shared object file: No such file or directory",
    r"(?:list|tuple|string) index out of range|(?:integer )?division by zero|Torch not compiled with CUDA enabled",
    (
        r"CUDA error: (?:no kernel image is available for execution on the device|invalid device function|out of memory"
        r"|device-side assert triggered|an illegal memory access was encountered|unspecified launch failure)"
    ),
)
_WHOLE = late_regex("|".join(_FORMS))
_QUOTED = late_regex(r"\"[^\"\n]{1,300}\"|'[^'\n]{1,300}'")
_GOES_ON = late_regex(
    r"\s*(?:[;:(\[{,+=.\-/|)]|(?:from|in|on|at|of|for|and|or|is|was|with|not|Did|Perhaps|required)\b)", re.IGNORECASE
)
_CHINESE = late_regex(r"\s*[\u3400-\u9fff，。！？]")
_STOPS = ",.，。!！?？:：;；"
# Words of somebody who asks: no error asks anything.
_ASKS = late_regex(
    rf"(?<=[\s{_STOPS}])(?:how (?:can|do|to|should) (?:i|we|you|fix|solve|resolve|avoid)\b"
    r"|(?:any|some) (?:ideas?|help|suggestions?|solutions?)\b|can (?:any|some)(?:one|body)\b|please help\b|pls\b"
    r"|help me\b|what (?:should|can|shall) i\b|thanks?\b|thank you\b|why (?:is|does|do) (?:this|it)\b"
    r"|does any(?:one|body)\b|who can\b)",
    re.IGNORECASE,
)
_ASKS_CHINESE = late_regex(
    rf"(?<=[\s{_STOPS}])(?=[\u3400-\u9fff])(?=[^\n]{{0,60}}(?:请问|求|怎么|怎样|如何|为什么|为啥|谢谢|大佬|解决|什么原因"
    r"|什么情况|是不是|为何|有人|麻烦|帮))"
)


def without_chatter(message: str) -> str:
    """Return what the error itself says: up to where its form ends, or to where somebody begins to ask."""
    known = _WHOLE.match(message)
    if known and _is_chatter(message[known.end() :]):
        return known[0]
    quoted = _QUOTED.match(message)
    if quoted and _CHINESE.match(message, quoted.end()):
        return quoted[0]
    ends = [found.start() for asks in (_ASKS, _ASKS_CHINESE) if (found := asks.search(message))]
    return (message[: min(ends)].rstrip(_STOPS + whitespace) if ends else message.rstrip()) or message


def _is_chatter(rest: str) -> bool:
    return bool(_CHINESE.match(rest)) or (rest[:1].isspace() and not _GOES_ON.match(rest))
