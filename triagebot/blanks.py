"""What stands in a form before anybody answers, and what people write who have nothing to say."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LONGEST_LABEL = 300
ISSUE_TEMPLATES = "ISSUE_TEMPLATE"  # the folder that GitHub keeps them in
LONGEST_ID = 80
_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,500}\)")
_MARKED = re.compile(
    r"[(\[{（【]\s*(?:required|mandatory|optional|必填|必选|必须|选填|可选|非必填)\s*[)\]}）】]", re.IGNORECASE
)
_NUMBERED = re.compile(r"\s*(?:\d{1,2}\s?[.)、．](?!\d)|[一二三四五六七八九十]{1,2}、|[(（]\d{1,2}[)）])\s*")
_NO_WORD = re.compile(r"[^\w+#]+|_+")
_ITEM = re.compile(r"[\s>#]*(?:[-*+•·]\s+|\d{1,2}[.)、]\s*)*[\s*_`]*")
_END = " \t*_`:：.。#"
_MARKS = " \t'\"`*_~|,;:.。，；：!！?？()（）{}[]【】<>-–—/\\"

_NOTHING = frozenset(
    "no response|n/a|n.a|n / a|na|n\\a|none|null|nil|nan|undefined|nothing|unknown|no|nope|not sure|not applicable"
    "|not available|not relevant|don't know|do not know|i don't know|dont know|idk|no idea|no clue|x|xx|xxx|tbd|todo"
    "|to be filled|fill in|empty|blank|skip|skipped|same|whatever|asdf|test"
    "|无|没有|没|不知道|未知|略|暂无|不清楚|不详|不适用|空|待补充|待填|未填写|跳过|没什么|不填|不确定|忘了|没有了|暂时没有|无所谓".split(
        "|"
    )
)
_FILLERS = re.compile(
    r"\b(?:versions?|releases?|what|which|is|are|the|your|you|using|used|use|of|do|does|running|run|installed|current"
    r"|exact|number|please|provide|specify|in|on|affected|have|with|or|s|full|output|tell|us)\b"
    r"|版本号?|您|你|所?使用的?|当前|安装的|的|请|提供|填写"
)
_YES_OR_NO = frozenset("yes|y|no|nope|none|nothing|true|false|是|否|有|没有|无|不是|没|是的".split("|"))


@lru_cache(maxsize=4096)  # the labels of forms and templates come with every report
def key_of(label: str) -> str:
    """Return a label as it is compared: in any spelling of marks, links, numbers, emoji, width and case."""
    text = unicodedata.normalize("NFKC", label[:_LONGEST_LABEL])
    text = _MARKED.sub(" ", _LINK.sub(r"\1", text))
    key = " ".join(_NO_WORD.sub(" ", text).strip(" #").casefold().split())
    return key or " ".join(label.split())


def slug_of(label: str) -> str:
    """Return a name for what a label asks: in lower case with hyphens, in any script."""
    return key_of(label).replace(" ", "-")[:LONGEST_ID]


def thing_of(label: str) -> str:
    """Return what a label asks the version of, in lower case: `kettle` of `What version of Kettle do you use?`."""
    return " ".join(_FILLERS.sub(" ", key_of(label)).split())


def without_number(label: str) -> str:
    """Return a label without the number that somebody put before it (`2. Environment`, `一、环境`)."""
    found = _NUMBERED.match(label)
    return label[found.end() :] if found else label


def bare(line: str) -> str:
    """Return a template's line as it is compared: without list marks and emphasis, in lower case."""
    line = line if line.isascii() else unicodedata.normalize("NFKC", line)
    start = _ITEM.match(line)
    return " ".join(line[start.end() if start else 0 :].rstrip(_END).casefold().split())


def says_nothing(text: str) -> bool:
    """Say whether a text is no answer to a question about a thing: `N/A`, `-`, `unknown`, `无`, `不知道`."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().strip(_MARKS).split()).replace("’", "'")
    return plain in _NOTHING or not any(char.isalnum() for char in plain)


def says_yes_or_no(text: str) -> bool:
    """Say whether a text answers a question that asks for yes or no."""
    return unicodedata.normalize("NFKC", text).casefold().strip(_MARKS) in _YES_OR_NO
