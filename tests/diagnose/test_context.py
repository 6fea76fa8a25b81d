"""What a place in the report makes of a line: each kind of place that takes weight away, beside one that does not."""

from __future__ import annotations

import pytest

from tests.making import knowledge
from triagebot.pipeline import Triage
from triagebot.records import Level, Policy, Report

CORE = Triage(knowledge())
LINE = "No module named 'kettle._lid'"
ERROR = f"ModuleNotFoundError: {LINE}"
TRACE = 'Traceback (most recent call last):\n  File "boil.py", line 3, in boil\n    heat()\n{}'
OTHER = TRACE.format("SpoutError: the spout is bent")
LAST = TRACE.format(ERROR)
LOG = "2024-05-01 10:00:00 - kettle - {} - {}"


def acted(body: str, title: str = "") -> list[str]:
    answers = CORE.judge(Report(id="x", title=title, body=body)).answers
    return [answer.diagnosis.entry.id for answer in answers if answer.level is Level.ACT]


def probability(body: str, title: str = "") -> float:
    """Return how likely the lid is missing."""
    diagnoses = CORE.judge(Report(id="x", title=title, body=body)).assessment.diagnoses
    return next((d.probability for d in diagnoses if d.entry.id == "lid-missing"), 0.0)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (f"<!--\n{ERROR}\n-->\nThe water is cold.", "a hidden comment of the template"),
        (f"> {ERROR}\n> install the lid\n\nThanks, solved. Now it is this one:\n\n```\n{OTHER}\n```", "a quoted reply"),
        (f"This is not about {LINE}, the water simply stays cold.", "a denial"),
        (f"{LINE} no longer occurs, but the water is cold.", "an error of the past"),
        (f"与 {LINE} 无关。", "a denial in Chinese"),
        (f"I fixed {LINE} by installing it. The water is cold.", "an error that is done with"),
        (f"Fixed my {LINE} problem, thank you.", "an error that is done with, without a subject"),
        (f"{LINE} came up, a new lid solved it. The water is cold.", "an error that something solved"),
        (f"I read somewhere that {LINE} is frequent, will you support spouts?", "hearsay"),
        (f"A colleague of mine told me that he got {LINE} once. Will you support spouts?", "hearsay of a colleague"),
        (f"同事说容易出现 {LINE}，我还没试，请问支持壶嘴吗？", "hearsay of a colleague in Chinese"),
        (f"听说会出现 {LINE}，请问支持壶嘴吗？", "hearsay in Chinese"),
        (f"Is a spout planned? {LINE} might become an issue with it.", "an error that may come"),
        (f"{LINE} is gone, the water is cold.", "an error that went away"),
        (f"We had {LINE} last week, that's resolved.", "an error that was resolved"),
        (f"{LINE} 已经解决，但是水是凉的。", "an error that is solved, in Chinese"),
        (f"[Docs] The page should name {LINE}.", "a wish in the body"),
        (f"The page on lids has a dead link below {LINE}.", "a remark on the documents"),
        (f"There is a typo in the FAQ, see `{LINE}`.", "a remark on the documents"),
        (f"Li Wei wrote:\n> {LINE}\n\nMine is another fault, the water is cold.", "a quotation of somebody"),
        (f"**Is your feature request related to a problem?**\n\n{LINE} is hard to read.", "a form for wishes"),
        (f"Yesterday:\n```\n{ERROR}\n```\nToday, after a new installation:\n```\n{OTHER}\n```", "an older log"),
        (f"```\n{LOG.format('INFO', 'cup found; ' + LINE)}\n{OTHER}\n```", "a remark of the log above the error"),
        (f"```\nWARNING {LINE}, retrying\n{OTHER}\n```", "what the run lived through"),
        (f"```\nwill retry in 3 s\n{ERROR}\n{OTHER}\n```", "what the run lived through, said above"),
        (f"```\nwarning: no lid, using the slow path: {LINE}\n{OTHER}\n```", "what the run went on without"),
        (f"```\n$ python a.py\n{ERROR}\n$ pip install lid\n$ python a.py\n{OTHER}\n```", "another command's"),
        (f"```\n{LAST}\n{OTHER}\n```", "another traceback"),
        (f"### Yesterday\n```\n{ERROR}\n```\n### Today\n```\n{OTHER}\n```", "an older log below a heading"),
        (f"On my other machine:\n```\n{ERROR}\n```\n```\n{OTHER}\n```", "another machine's"),
        (f"Yesterday it was\n\n{LINE}\n\nToday\n\n{OTHER}", "an older error outside of all fences"),
        (f"{OTHER}\n\nEarlier:\n\n{LINE}", "an older error below"),
        (f"I checked the FAQ:\n\n- {LINE}\n- heater\n\n{OTHER}", "a point of a list"),
        (f"See {LINE}\n\n{OTHER}", "a reference"),
        (f"昨天：\n```\n{ERROR}\n```\n今天：\n```\n{OTHER}\n```", "an older log, in Chinese"),
        (f"Before the update it was\n```\n{ERROR}\n```\n```\n{OTHER}\n```", "an older log that words lead to"),
        (f"I read about {LINE} somewhere.\n\n```\n{OTHER}\n```", "a memory beside a traceback"),
        (f"kettle-lite is installed.\n\n{ERROR}", "what the entry's `unless` names"),
    ],
)  # fmt: skip
def test_a_line_in_the_wrong_place_is_no_answer(body: str, why: str) -> None:
    """The same line that answers a report elsewhere answers nothing here."""
    assert acted(body) == [], why


@pytest.mark.parametrize(
    "title",
    [
        f"[Feature] explain `{LINE}`", f"Add a hint to `{LINE}`", f"cli: support a hint for `{LINE}`",
        f"Please publish lids, `{LINE}` is frequent", f"[Docs] {LINE}", f"功能建议：{LINE} 时给出提示",
        f"Doc suggestion: {LINE}", f"Solved: {LINE}", f"Clearer error message than {LINE}",
        f"希望有更友好的错误提示：{LINE}",
    ],
)  # fmt: skip
def test_a_wish_is_no_report(title: str) -> None:
    """Who asks for a change is left to people, however the error is spelt."""
    assert acted("It would help newcomers.", title) == []


@pytest.mark.parametrize("title", ["Solved", "已解决", "[已解决] 水凉"])
def test_a_title_that_says_solved_asks_nothing(title: str) -> None:
    """Who only tells that it is solved is not told how."""
    assert acted(LINE, title) == []


@pytest.mark.parametrize(
    "title", ["Solved: the lid module is not installed", "Docs: install the lid module", "Thanks!"]
)
def test_who_only_tells_and_asks_nothing_is_not_told(title: str) -> None:
    """Not even a suggestion: it stays one where something is asked, or an error is shown."""
    told = "The lid module is not installed, it was the old kettle."
    assert probability(told, title) < Policy().suggest_from
    assert probability(told, title) < probability(f"{told} Is that the cause?", title)
    assert probability(ERROR, title) >= Policy().suggest_from


@pytest.mark.parametrize("title", ["文档里壶盖的说明写错了", "教程的壶盖安装链接失效"])
def test_a_remark_on_documents_in_chinese_is_one(title: str) -> None:
    """It is no question how the thing is done."""
    told = "没有安装壶盖模块"
    assert probability(told, title) < Policy().suggest_from <= probability(told, "壶盖")


@pytest.mark.parametrize(
    "title",
    [
        "feature lid fails", "docs build fails", "什么时候能好", "make -j 出错", "make install fails",
        "make[2]: *** Error 1", "[Release/obj.target/lid.o] Error 1", "Release builds for Android crashed",
    ],
)  # fmt: skip
def test_a_title_that_only_begins_like_a_wish_is_none(title: str) -> None:
    """A feature that fails is a fault, and so are documents that do not build, and what `make` says."""
    assert acted(ERROR, title) == ["lid-missing"]


@pytest.mark.parametrize(
    "title",
    [
        "Make the lid optional", "make `lid` a plugin", "Make errors helpful", "Make build faster",
        "Make 3.0 the default", "Make it fail early", "Please make install easier", "Release a new lid",
        "Release 3.1 on PyPI",
    ],
)  # fmt: skip
def test_a_title_that_gives_an_order_is_a_wish(title: str) -> None:
    """Maintainers are told what to do; the error is an example."""
    assert acted(ERROR, title) == []


@pytest.mark.parametrize(
    "asked",
    [
        "Any help would be great.", "Some hints on this would be really helpful",
        "It would be helpful to know the cause.", "It would be great if someone could help.",
        "Which tool would be useful to find the cause?",
    ],
)  # fmt: skip
def test_who_asks_politely_for_help_has_no_wish(asked: str) -> None:
    """It is not the program that would be nicer."""
    assert acted(f"{ERROR}\n\n{asked}") == ["lid-missing"]


@pytest.mark.parametrize(
    "wished",
    [
        "A nicer lid would be great.", "It would be nice to have a hint, is that planned?",
        "A better hint would be great", "It would be great if the lid were optional, what do you think?",
        "Could you update it?",
    ],
)  # fmt: skip
def test_who_would_like_something_else_has_a_wish(wished: str) -> None:
    """It is the program that would be nicer, also for who asks whether it will."""
    assert acted(f"{ERROR}\n\n{wished}") == []


@pytest.mark.parametrize("said", ["How can you update the lid?", "Can you update me on the cause?"])
def test_who_speaks_of_updates_need_not_ask_for_one(said: str) -> None:
    """It is a problem with one, or news that is waited for."""
    assert acted(f"{ERROR}\n\n{said}") == ["lid-missing"]


@pytest.mark.parametrize(
    "body", [f"When will {LINE} be released?", f"什么时候能支持 {LINE}？", f"{LINE}\ncould you update it?"]
)
def test_who_asks_for_a_date_or_an_update_is_no_report(body: str) -> None:
    """Only people know when something comes, and only people update it."""
    assert acted(body) == []


def test_who_asks_when_something_happens_asks_for_no_date() -> None:
    """The entry is about that."""
    assert acted(f"When will it happen that there is {LINE}?") == ["lid-missing"]
    assert acted(f"When will kettle run out of lids? {LINE}") == ["lid-missing"]


@pytest.mark.parametrize(
    "title", ["Confusing error message", "Improved error handling broke it", "没有更详细的错误信息"]
)
def test_who_complains_of_a_message_has_it(title: str) -> None:
    """It is the message that is complained of, and not the wish for another."""
    assert acted(LINE, title) == ["lid-missing"]


def test_an_error_that_was_raised_is_no_wish() -> None:
    """A title that sounds like an order does not hide a traceback."""
    assert acted(TRACE.format(ERROR), "Make the kettle boil again") == ["lid-missing"]


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("", ERROR),
        (ERROR, ""),
        (f"```\n{TRACE.format(ERROR)}\n```", "cold water"),
        (f"> {ERROR}", "cold water"),
        (ERROR, "Thanks"),
        (f"```\n{LOG.format('ERROR', ERROR)}\n```", ""),
        (f"after the update:\n> kettle 3: {LINE}", "cold water"),
        (f"I get\n\n    {ERROR}\n\nwhat now?", ""),
        (f"{OTHER}\n\nDuring handling of the above exception, another exception occurred:\n\n{LAST}", ""),
        (f"CMake Error at lid/CMakeLists.txt:4 (message):\n  {LINE}\n\n-- Configuring incomplete!", ""),
        (f"The worker says {ERROR} and stops.\n\n{OTHER}", ""),
    ],
)  # fmt: skip
def test_a_line_in_its_own_place_is_the_answer(body: str, title: str) -> None:
    """A title counts on its own, a quotation of one's own error does, and so does the last error of a chain."""
    assert acted(body, title) == ["lid-missing"]


def test_the_error_of_the_traceback_comes_before_what_a_sentence_remembers() -> None:
    """Both are listed: the one that was raised is the answer, wherever the other is told."""
    told = "Before that I had HeatError: heater 3 is dry, then I filled it."
    assert acted(f"{told}\n\n{LAST}") == acted(f"{LAST}\n\n{told}") == ["lid-missing"]
    assert acted(f"I am getting heater 3 is dry with every kettle.\n\n{LAST}") == ["lid-missing"]
    assert acted(f"```\nheater 3 is dry\n{LAST}\n```") == ["lid-missing"]


@pytest.mark.parametrize(
    "body",
    [
        f"heater 3 is dry is solved. Now I see {ERROR}",
        f"The `heater 3 is dry` error is gone but now there is {ERROR}",
        f"heater 3 is dry 已经解决了，现在报 {ERROR}",
        f"I fixed `heater 3 is dry`. But now: {LINE}",
        f"heater 3 is dry no longer appears, now {LINE}",
        f"After fixing the `heater 3 is dry` error, boiling fails with {LINE}",
    ],
)
def test_an_error_that_is_solved_does_not_hide_the_one_that_is_not(body: str) -> None:
    """Two errors in one line: the one that the sentence goes on to is the report's."""
    assert acted(body) == ["lid-missing"]


@pytest.mark.parametrize(
    "body",
    [
        f"{LINE}, a new lid has not solved it.",
        f"{LINE} is not solved yet.",
        f"Is {LINE} solved?",
        f"{LINE} 解决了吗？",
        f"{LINE} 还没有解决",
        f"{LINE} although the power is fixed to 800",
        f"{LINE}, the power is fixed at 800 watts",
        f"{LINE} and all bubbles disappeared",
        f"在开始烧水之前报 {LINE}",
    ],
)
def test_an_error_that_is_not_solved_is_one(body: str) -> None:
    """Who asks whether an error is solved, or says that it is not, or that something else is gone, has it."""
    assert acted(body) == ["lid-missing"]


def test_a_line_that_runs_into_the_crash_that_it_causes_is_the_answer() -> None:
    """The log said it and the program died; a sentence that goes on to a crash is about the crash."""
    assert acted("", f"{LINE} Segmentation fault (core dumped). What now?") == ["lid-missing"]
    assert acted("", f"{LINE} is cured, now it is a Segmentation fault (core dumped)") == []
    assert acted("", f"Fixed {LINE} Segmentation fault (core dumped)") == []
    assert acted("", f"{LINE} SpoutError: the spout is bent") == []


@pytest.mark.parametrize(
    ("title", "answered"),
    [
        ("kettle.HeatError HeatError: 3 of 4 failed", ["dry"]),
        ("kettle.HeatError is behind me, now it is HeatError: 3 of 4 failed", []),
        ("First kettle.HeatError, then HeatError: 3 of 4 failed", []),
    ],
)
def test_an_error_that_runs_into_itself_is_one(title: str, answered: list[str]) -> None:
    """Who copies the kind of an error and then the error has not gone on to another."""
    faq = knowledge("entries:\n- {id: dry, title: It is dry, fix: Fill it, signatures: [kettle.HeatError]}")
    answers = Triage(faq).judge(Report(id="x", title=title, body="")).answers
    assert [answer.diagnosis.entry.id for answer in answers if answer.level is Level.ACT] == answered


def test_what_a_mail_quotes_is_somebody_elses() -> None:
    """Who quotes an error without a word of its writer has it; who answers a mail has read it."""
    quoted = f"> kettle/boil.py:9: LidWarning: {LINE}\n\nMy water is cold."
    assert acted(f"There are two of them.\n\n{quoted}") == ["lid-missing"]
    assert acted(f"On Monday, Li Wei wrote:\n\n{quoted}") == []
    assert acted(f"Here it is.\n\n> The LidWarning is harmless, {LINE}\n\nMy water is cold.") == []


def test_what_is_found_over_several_lines_is_the_error_that_it_ends_in() -> None:
    """A signature may name the line of code as well: the error is that of the traceback, not one above it."""
    faq = knowledge(
        "entries:\n- {id: old-python, title: Python is too old, fix: Take a newer one, signatures: [{regex: "
        r"'kettle/boil\.py:\d+\s+match .*\s+\^\s+SyntaxError'}], examples: ["
        r'"kettle/boil.py:7\n  match lid:\n        ^\nSyntaxError: invalid syntax"]}'
    )
    body = (
        "/opt/kettle/boil.py:7\n    match lid:\n          ^\nSyntaxError: invalid syntax\n    at boil (vm.py:80:10)\n"
    )
    answers = Triage(faq).judge(Report(id="x", title="", body=f"I pulled it, and now:\n\n{body}")).answers
    assert [answer.level for answer in answers] == [Level.ACT]


def test_what_is_found_across_a_traceback_is_a_sentence_above_it() -> None:
    """A signature that asks for a word of the reporter's and an error finds them in what is denied as well."""
    faq = knowledge(
        "entries:\n- {id: resumed, title: It was resumed, fix: Start anew, signatures: [{regex: "
        r"'--resume[\s\S]{0,200}the spout is bent'}]}"
    )
    answers = Triage(faq).judge(Report(id="x", title="", body=f"I do not use --resume here.\n\n{OTHER}")).answers
    assert Level.ACT not in [answer.level for answer in answers]


def test_a_warning_above_a_traceback_is_no_answer() -> None:
    """Programs warn of much that does no harm; it is a hint where the error below is unknown."""
    for above in ("warning: {}", "UserWarning: {}", "{}, using the slow path", "NVCC: {}"):
        assert acted(f"```\n{above.format(LINE)}\n{OTHER}\n```") == []


def test_a_line_that_a_log_repeats_counts_once() -> None:
    """Five hundred times the same is no better founded than once."""
    assert probability(f"```\n{ERROR}\n```") == probability("```\n" + f"{ERROR}\n" * 500 + "```")


@pytest.mark.parametrize("name", ["kettle._lid-holder", "kettle._lids", "kettle._lid_"])
def test_a_longer_name_is_another_name(name: str) -> None:
    """What goes on after a fragment, with a hyphen too, is something else's name."""
    assert acted(f"the lid library refused to open the steam valve{name.removeprefix('kettle._lid')}") == []
