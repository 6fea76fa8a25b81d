"""Reports that ask for a change rather than for help: what they say of an error is an example of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from triagebot.records import Block, Case, Evidence, Line

_WISH = re.compile(
    r"^\W*(?:(?:feature|feat)(?:\([\w\-]{1,30}\))? ?(?:[\]:：/)|】-]|$)|(?:enhancement|proposal|rfc|feature request)\b)"
    r"|功能(?:请求|建议)",
    re.IGNORECASE,
)
# A title about the documents.
_DOCUMENTS = re.compile(
    r"^\W*(?:(?:docs?|documentation)(?:\([\w\-]{1,30}\))? ?(?:[\]:：/)|】-]|$)"
    r"|docs? (?:suggestion|issue|fix|typo|improvement)\b|(?:typos?|(?:dead|broken) links?) in\b)"
    r"|(?:文档|教程|说明)[^，。？?]{0,40}(?:写错|有误|错别字|笔误|失效|过时)",
    re.IGNORECASE,
)
# A title that tells maintainers what to do asks for a change, unless an error was raised.
_ORDER = re.compile(
    r"^\W*(?:[\w.\-]{1,30}: )?(?:please )?(?:add|allow|implement|introduce|provide|consider|expose)\b"
    r"|^\W*(?:[\w.\-]{1,30}: )?(?:please )?(?:publish|release|make)\b(?!\[\d|: \*|[/\\])"
    r"|^\W*(?:[\w.\-]{1,30}: )?(?:please )?support (?:for )?\w",
    re.IGNORECASE,
)
# `make -j fails`, `Release builds crashed`: what is built and how it went, and nothing that is ordered.
_WENT_WRONG = re.compile(
    r"^\W*(?:make|release|publish)(?: [\w.\-]{1,30}){0,3}? ?(?:(?:fails|failed|failing|crashes|crashed|breaks|broken"
    r"|hangs|aborts|cannot|can['’]t|not working|does(?: not|n['’]t) work|returns error|gives \w{0,30}Error)\b"
    r"|报错|出错|失败|不行)",
    re.IGNORECASE,
)
# A title that asks the program to say more; who asks how it can is told, and `no clearer message` is a complaint.
_BETTER_MESSAGE = re.compile(
    r"(?<!\bno )(?<!\bany )\b(?:better|clearer|nicer|friendlier|more (?:clear|helpful|useful|informative|meaningful"
    r"|descriptive|detailed)|improved?) (?:error |warning |exception |log )?(?:messages?|hints?)\b"
    r"|(?<!没)(?<!没有)(?<!无)(?:更好|更清晰|更友好|更明确|更详细)的(?:报错|错误|异常)(?:信息|提示)",
    re.IGNORECASE,
)
# What the reporter has found out already, and only tells the others.
_SETTLED = re.compile(r"^\W*(?:(?:solved|resolved|已解决)(?:\W|$)|fixed(?=\W{0,2}[\]:：)】]))", re.IGNORECASE)
# Beside an error, thanks are only polite.
_THANKS = re.compile(r"^\W*(?:thanks|thank you|感谢|谢谢)(?: (?:a lot|so much|very much|you|all))?\W*$", re.IGNORECASE)
# The same in the report's own sentences.
_WISHES = re.compile(
    r"^\W{0,5}\[?(?:docs?|documentation|feature(?: request)?|feat|enhancement|rfc)\]"
    r"|^\W*(?:proposal|feature request|suggestion|enhancement)\b|\bwould you accept (?:a|an|such)\b"
    r"|\b(?:i|we)(?:'d| would) like to (?:propose|suggest)\b|\b(?:i|we) (?:propose|suggest)\b"
    r"|\b(?:would|could) (?:be|have been) (?:very |really |so )?(?:nice|great|good|helpful|useful|better|handy)\b"
    r"|(?:^|[.!?;,] )(?:please,? )?(?:(?:can|could) you (?:please )?|would you please )(?:upgrade|update|bump|publish)"
    r" (?!(?:me|us|to|pip)\b)"
    r"|\bhappy to (?:\w+ ){0,4}(?:a )?(?:pr|pull request|patch|docs)\b"
    r"|\bwhy not (?!work)\w+"
    r"|\bwhen will\b(?! (?:(?:it|this|that)(?: error)? (?:happen|occur|fail)|[\w.`\-]{1,30} run out)\b)"
    r"|\bany plans? (?:to|for)\b|什么时候(?:会|能|可以)?(?:发布|支持|更新|出)|计划(?:支持|发布)"
    r"|希望(?:能|可以)?(?:增加|支持|添加|加入)|建议(?:增加|支持|添加|加入)"
    r"|\b(?:dead|broken) links?\b|\b(?:typos?|mistakes?) (?:in|on) (?:[\w'./-]{1,30} ){0,3}"
    r"(?:docs?|documentation|readme|faq|tutorial|page|guide|manual)\b|死链|错别字|笔误",
    re.IGNORECASE,
)
# Who is polite when asking for help wishes nothing of the program.
_WANTS_HELP = re.compile(
    r"\b(?:any|some|your) (?:[\w\-]{1,20} ){0,3}?(?:help|hints?|info(?:rmation)?|ideas?|insights?|advice|pointers?"
    r"|tips?|suggestions?|guidance|assistance|feedback)(?: \w{1,20}){0,4}? (?:would|could) be \w+(?: \w+)?"
    r"|\bwould be (?:\w+ )?(?:if (?:someone|somebody|anyone|you) could help|to know)\b"
    r"|\b(?:which|what) (?:\w{1,20} ){1,5}?(?:would|could) be [^.?!\n]{0,100}\?",
    re.IGNORECASE,
)
# Forms for wishes ask this.  People ask for help in them too: then it is their question that counts.
_WISH_FORM = re.compile(
    r"^\W*(?:is your (?:feature|enhancement) request related|describe the (?:solution|feature)\b|what is the feature"
    r"|feature description|需求描述|功能描述)",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[?？]|\bhow (?:do|can|to|should|could|would)\b|怎么|如何|怎样|吗|请问", re.IGNORECASE)
_LONGEST_TITLE = 200
_WISHED = 0.5
_NOTHING_ASKED = 0.1


def build_wish(case: Case, *, raised: bool) -> Callable[[Evidence, Line | None], float]:
    """Return what weighs evidence, 0 to 1, by whether its report is a wish; `raised`: it shows a traceback."""
    if _tells_only(case):
        return lambda _, __: _NOTHING_ASKED
    if _is_wish(case, raised=raised):
        return lambda _, __: _WISHED
    if raised or not any(_WISH_FORM.match(line.text) for line in case.document.lines if line.block is not Block.CODE):
        return lambda _, __: 1.0

    def weigh(evidence: Evidence, line: Line | None) -> float:
        asked = evidence.from_prose and line is not None and _QUESTION.search(line.text)
        return 1.0 if asked else _WISHED

    return weigh


def _tells_only(case: Case) -> bool:
    """Say whether a report asks nothing and shows no error below a title of thanks, of documents, or of a cure."""
    title = case.document.report.title[:_LONGEST_TITLE]
    if case.signatures or not any(told.search(title) for told in (_SETTLED, _THANKS, _DOCUMENTS)):
        return False
    own = (line.text for line in case.document.lines if line.block in {Block.TITLE, Block.PROSE} and not line.quoted)
    return not any(map(_QUESTION.search, own))


def _is_wish(case: Case, *, raised: bool) -> bool:
    """Say whether the report asks for a change: by its title, or in its words where it shows no traceback."""
    title = case.document.report.title[:_LONGEST_TITLE]
    if any(wish.search(title) for wish in (_WISH, _DOCUMENTS, _SETTLED)):
        return True
    ordered = _ORDER.search(title) and not _WENT_WRONG.search(title)
    if not raised and (ordered or (_BETTER_MESSAGE.search(title) and not _QUESTION.search(title))):
        return True
    prose = (line.text for line in case.document.lines if line.block is Block.PROSE and not line.quoted)
    return not raised and any(_WISHES.search(text) and _WISHES.search(_WANTS_HELP.sub(" ", text)) for text in prose)
