"""Sentences that speak of an error only to set it aside: "this is not X", "X is solved", "I heard of X", 不是 X."""

from __future__ import annotations

import re

from triagebot.prose import HAS_NOT, IS_NOT

# Error lines say "not" and "no" all the time, so these are the reporter's own ways of setting something aside.
_DENIES_WHAT_FOLLOWS = re.compile(
    r"\b(?:this|it|that)(?:'s| is| was) ?n[o']t\b(?! (?:\w+ )?(?:enough|possible|clear|work\w*|supported|able"
    r"|sufficient|available|there|found|installed|used|in|on|easy|necessary|saved|loaded|updated|restored|stored"
    r"|the same)\b)"
    r"|\b(?:do|did)(?:n['’]t| not) have (?:the|this|that|such an?) (?:problem|issue|error)\b"
    r"|\bis(?:n't| not) (?:related to|about|due to)\b"
    r"|\b(?:rather than|instead of|unlike|without getting|never (?:see|get|saw|got)|no longer (?:see|get|have))\b"
    rf"|{IS_NOT}|并非|而非|{HAS_NOT}(?:出现|报|遇到)|(?<!会)不会(?:出现|报)|已经不|不会再|不再|没再",
    re.IGNORECASE,
)
_SETS_ASIDE = re.compile(r"\b(?:rather than|instead of|unlike)\b|而不是|而非", re.IGNORECASE)
_DENIES_WHAT_PRECEDES = re.compile(
    r"\b(?:is|was)(?:n't| not) (?:related|the (?:problem|issue|case|cause|reason)|what)\b"
    r"|\bno longer\b|\bnever (?:happens|happened|occurs|occurred|appears|appeared)\b"
    rf"|无关|{HAS_NOT}(?:出现|发生)|(?<!会)不会再?(?:出现|发生)|(?:已经|也)?(?:不再|没再)(?:出现|发生|报)",
    re.IGNORECASE,
)
# An error that the reporter is done with.  `is it solved?` and `没有解决` say the contrary.
_DONE_WITH_WHAT_FOLLOWS = re.compile(
    r"\b(?:i|we)(?:'ve| have| had)? (?:already |finally |now |just |successfully |then ){0,2}"
    r"(?:fixed|solved|resolved|got rid of|got past|got around|overcame|managed to (?:fix|solve|resolve))\b"
    r"|(?:^|[.!]\s)\W{0,3}(?:finally |just )?(?:fixed|solved|resolved|got rid of) (?:my|our|the|this|that) \W?$"
    r"|\bafter (?:fixing|solving|resolving|getting rid of|getting past)\b"
    r"|\b(?:i|we|it|this) used to (?:get|see|have|fail with|be)\b"
    r"|(?<!怎么)(?<!如何)(?<!没)(?<!没有)解决(?:了|掉|好)|解决[^。\n]{0,60}(?:之后|以后|后)"
    r"|(?:(?:^|[，。；,.;!！\s])(?:我|我们)?之前|原来|一开始|起初)(?:的|是|报|有|出现|遇到)",
    re.IGNORECASE,
)
_DONE_WITH_WHAT_PRECEDES = re.compile(
    r"(?:\b(?:is|are|was|were|has been|have been|had been|got|seems?|appears?)|\b(?:that|it|this)['’]s)"
    r" (?:(?:now|already|since|all|long|to be|finally|completely) ){0,2}"
    # `is fixed to 800` is a constant.
    r"(?:gone|solved|fixed|resolved|sorted out)\b(?!\s?\?)(?! (?:to|at|as|size)\b)"
    r"|\b(?:went away|goes away|has gone|disappear(?:s|ed)|vanish(?:es|ed))\b"
    r"|\b(?<!not )(?<!n't )(?<!never )(?<!nothing )(?<!what )(?:fixed|solved|resolved|cured) (?:it|that|this)\b"
    r"|\bi (?:already |finally |then )?sorted (?:it|that|this)\b"
    r"|(?:已经?|就|都)(?:被|能|可以)?(?:解决|修复|修好|消失|排除)(?!不|吗|没|么)|(?<!没)(?<!有)(?:解决|消失|修复|修好|搞定)了(?!吗|没|么)",
    re.IGNORECASE,
)
# What the reporter knows from others only, or is afraid of.
_HEARD_OF = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:read|heard)(?: \w+){0,3}? (?:somewhere|that|about|of)\b"
    r"|\b(?:i|we)(?:'m| am| are) (?:a bit |a little |just )?"
    r"(?:worried|afraid|concerned|curious|wondering) (?:about|that|if|whether)\b"
    r"|\b(?:an?|some|my) (?:colleague|co-?worker|teammate|friend)s?(?: of (?:mine|ours))?"
    r" (?:told|said|says|mentioned)\b"
    r"|\b(?:an?|some) (?:colleague|co-?worker|teammate|friend)s?(?: of (?:mine|ours))? (?:got|had|saw)\b"
    r"|听说|据说|看到(?:有人|别人|网上)|(?:同事|朋友|同学|师兄|网上|有人)(?:跟我|告诉我)?(?:说|提到)|担心|怕(?:会|出现)",
    re.IGNORECASE,
)
_MIGHT_COME = re.compile(
    r"\b(?:may|might) (?:(?:still|then|sometimes) )?"
    r"(?:happen|occur|appear|arise|be(?:come)? (?:an?|the) (?:issue|problem|concern|risk))\b",
    re.IGNORECASE,
)
# Behind what is done with: a new sentence, or what there is now.
_NEXT = re.compile(
    r"[.!?；;,]\s|，|\bbut\b|\bhowever\b|\b(?:and|then) (?:i|now)\b|\bnow\b|现在|但|。|然后|又", re.IGNORECASE
)
# What is gone behind these is something else: `X, although all boxes disappeared`.
_ANOTHER_THING = re.compile(
    r"\b(?:(?:al|even )?though|while|whereas|and|because|since) (?:all|the|my|our)\b", re.IGNORECASE
)
_FOLLOWS_AT_MOST = 100  # characters: what is said later is about something else
_REST = re.compile(r"\w[\s\S]{8}")
# Where the sentence turns to what it is about instead.
_TURN = re.compile(r"\bbut\b|\bhowever\b|\binstead,|而是|但是|但|。", re.IGNORECASE)


def denied(sentence: str, hit: str) -> bool:
    """Say whether a sentence sets `hit` aside, the words of it that an entry was found by ("": any of them)."""
    at = sentence.lower().find(hit.lower()) if hit else -1
    if at < 0:
        return _is_aside(sentence)
    before, after = sentence[:at], sentence[at + len(hit) :][:_FOLLOWS_AT_MOST]
    if _is_last(_DENIES_WHAT_FOLLOWS, _TURN, before):
        return True
    if any(_is_last(cue, _NEXT, before) for cue in (_DONE_WITH_WHAT_FOLLOWS, _HEARD_OF)):
        return True
    found = (cue.search(after) for cue in (_DENIES_WHAT_PRECEDES, _DONE_WITH_WHAT_PRECEDES, _MIGHT_COME))
    return any(cue is not None and not _leaves(after[: cue.start()]) for cue in found)


def _leaves(between: str) -> bool:
    """Say whether what stands between some words and a cue turns to something else."""
    return any(turn.search(between) is not None for turn in (_TURN, _ANOTHER_THING))


def _is_last(cue: re.Pattern[str], turn: re.Pattern[str], text: str) -> bool:
    """Say whether a text holds a cue and does not turn to something else behind the last one."""
    cues = list(cue.finditer(text))
    return bool(cues) and not turn.search(text, cues[-1].end())


def _is_aside(sentence: str) -> bool:
    """Say whether a sentence sets aside all that it says."""
    # Who asks for one thing rather than another asks all the same.
    aside = _SETS_ASIDE.search(sentence)
    sentence = sentence[: aside.start()] if aside else sentence
    if any(cue.search(sentence) for cue in (_DENIES_WHAT_FOLLOWS, _DENIES_WHAT_PRECEDES)):
        return True
    done = _DONE_WITH_WHAT_PRECEDES.search(sentence)
    return done is not None and not _NEXT.search(sentence, 0, done.start()) and not _REST.search(sentence, done.end())
