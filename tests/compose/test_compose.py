"""The reply quotes the line, fits the language and the limits, and lets no stranger's text work."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.making import FAQ, knowledge, report
from triagebot.compose import GITHUB, TERMINAL
from triagebot.compose.markdown import code
from triagebot.pipeline import Triage
from triagebot.records import History, Kind

TRIAGE = Triage(knowledge())
TRACE = "```\nModuleNotFoundError: No module named 'kettle._lid'\n```\nKettle: 2.1\n"


def reply(body: str, title: str = "", language: str = "", dialect: object = GITHUB) -> str:
    verdict = TRIAGE.judge(report(body, title))
    return TRIAGE.answer(verdict, dialect=dialect, language=language)[0].text  # type: ignore[arg-type]


def test_the_answer_quotes_the_line_and_gives_the_fix() -> None:
    """Cause, quoted line with its number, fix and link stand in the reply."""
    text = reply(TRACE)
    assert "The lid module is not installed" in text
    assert "line 2: `ModuleNotFoundError: No module named 'kettle._lid'`" in text
    assert "`pip install kettle`" in text
    assert "https://example.org/lid" in text


def test_a_chinese_reporter_gets_chinese() -> None:
    """The reply follows the reporter's own words, not the language of the error."""
    assert "没有安装壶盖模块" in reply("请问这个错误怎么解决?我按照文档安装了两次。\n" + TRACE)


def test_the_language_can_be_set() -> None:
    """A given language wins."""
    assert "没有安装壶盖模块" in reply(TRACE, language="zh")
    assert "The lid module" in reply(TRACE, language="tlh")


def test_what_is_missing_says_how_to_get_it() -> None:
    """Each request names the command that answers it."""
    text = reply("```\nValueError: the spout is on fire\n```")
    assert "Kettle version" in text
    assert "`kettle --version`" in text


def test_two_likely_causes_come_with_what_tells_them_apart() -> None:
    """Each is named with the line that only it prints, or with the FAQ's own words for it."""
    core = Triage(
        knowledge(
            faq=FAQ.replace(
                "title: {en: The kettle boils",
                "recognise: {en: it smells, zh: 有焦味}\n    title: {en: The kettle boils",
            )
        )
    )
    text = core.answer(core.judge(report("heater 3 is dry: No module named 'kettle._lid'")))[0].text
    assert "It is this one if the output also shows `lid library refused to open the steam valve`." in text
    assert "It is this one if: it smells" in text


def test_strangers_text_pings_nobody_and_formats_nothing() -> None:
    """Mentions, HTML and backticks inside a quote stay inside code, places in braces are not filled."""
    nasty = "@everyone <img src=x> `` {0.__class__} No module named 'kettle._lid'"
    assert f"line 1: ```{nasty}```" in reply(nasty)


@given(st.text(max_size=60))
def test_inline_code_cannot_be_left(text: str) -> None:
    """No run of backticks inside is as long as the delimiter."""
    shown = code(text)
    ticks = len(shown) - len(shown.lstrip("`"))
    inside = shown[ticks:-ticks]
    assert "\n" not in shown
    assert "`" * ticks not in inside.strip(" ").strip("`") or not inside.strip()


def test_a_quoted_line_tells_no_secret() -> None:
    """What a reporter may still delete does not stand on in our comment."""
    assert code("KeyError: ghp_" + "a1" * 18) == "`KeyError: [redacted]`"


def test_a_small_place_keeps_the_fix() -> None:
    """What does not fit is cut from the explanation first."""
    text = reply(TRACE, dialect=replace(TERMINAL, limit=330))
    assert len(text) <= 330
    assert "pip install kettle" in text
    assert "Why this reply?" not in text


def test_the_comment_is_planned_once() -> None:
    """The same verdict over the same history asks for nothing new."""
    verdict = TRIAGE.judge(report(TRACE))
    _, actions = TRIAGE.answer(verdict)
    comment = next(action for action in actions if action.kind is Kind.COMMENT)
    assert [action.kind for action in actions] == [Kind.COMMENT, Kind.LABEL]
    _, again = TRIAGE.answer(verdict, History(reply=comment.value))
    assert [action.kind for action in again] == [Kind.LABEL]


def test_an_answer_that_no_longer_fits_is_withdrawn() -> None:
    """When the report has changed so that nothing is to be said, the comment says so."""
    verdict = TRIAGE.judge(report("all is well", labels=frozenset({"installation", "mine"})))
    _, actions = TRIAGE.answer(verdict, History(reply="x", own_labels=frozenset({"installation"})))
    assert [(action.kind, action.value) for action in actions[1:]] == [(Kind.UNLABEL, "installation")]
    assert "withdrawn" in actions[0].value


def test_a_label_that_a_person_removed_stays_away() -> None:
    """A person's removal is final."""
    verdict = TRIAGE.judge(report(TRACE))
    _, actions = TRIAGE.answer(verdict, History(removed_labels=frozenset({"installation"})))
    assert Kind.LABEL not in [action.kind for action in actions]


def test_the_longest_reply_fits_and_keeps_the_fix() -> None:
    """A reply never exceeds GitHub's 65,536 characters: evidence is cut first, a code block is closed again."""
    long = "Run this:\\n\\n```\\n" + "pip install kettle\\n" * 950 + "```"
    fixes = "".join(f'      - {{when: "kettle >= {n}", en: "{long}"}}\n' for n in range(2, 6))
    start, end = FAQ.index("    fix:\n"), FAQ.index("    labels: [installation]")
    core = Triage(knowledge(faq=FAQ[:start] + "    fix:\n" + fixes + FAQ[end:]))
    reply, actions = core.answer(core.judge(report("ModuleNotFoundError: No module named 'kettle._lid'")))
    assert len(reply.text) <= 60_000
    assert all(len(action.value) <= 65_536 for action in actions)
    assert "Why this reply?" not in reply.text
    assert "pip install kettle" in reply.text
    assert reply.text.count("```") % 2 == 0


def test_github_tells_how_to_appeal() -> None:
    """Where commands work, the reply names the one that withdraws it."""
    assert "`/triage wrong`" in reply(TRACE)
    assert "/triage" not in reply(TRACE, dialect=TERMINAL)
