"""Each matcher finds what it is for, where it stands, and nothing beside it."""

from __future__ import annotations

import pytest

from tests.making import FAQ, knowledge, report
from triagebot.concepts import Concepts
from triagebot.matchers import MATCHERS
from triagebot.pipeline import Triage
from triagebot.records import Evidence, Level
from triagebot.sheet import lay_out, views
from triagebot.wiring import load_knowledge

KNOWLEDGE = knowledge()
TERMS = load_knowledge(None).terms
TRIAGE = Triage(KNOWLEDGE)
LOOKS = {name: build(KNOWLEDGE) for name, build in MATCHERS.items()}


def seen(matcher: str, body: str, title: str = "") -> list[Evidence]:
    return list(LOOKS[matcher](lay_out(TRIAGE.read(report(body, title)))))


def test_exact_names_the_line_of_the_fragment() -> None:
    """A fragment is found with the line it stands on and quoted whole."""
    (found,) = seen("exact", "hello\n\n```\nModuleNotFoundError: No module named 'kettle._lid'\n```")
    assert (found.entry, found.line) == ("lid-missing", 4)
    assert found.quote == "ModuleNotFoundError: No module named 'kettle._lid'"


def test_exact_ignores_case_and_runs_of_blanks() -> None:
    """Case and the number of blanks do not matter."""
    assert seen("exact", "NO   MODULE named\t'KETTLE._lid'")


def test_exact_finds_a_fragment_across_a_line_break() -> None:
    """A terminal that wraps a line hides nothing."""
    (found,) = seen("exact", "```\nthe lid library refused to open\nthe steam valve\n```")
    assert found.line == 2


def test_exact_leaves_longer_words_alone() -> None:
    """A fragment inside a longer word is another word."""
    assert not seen("exact", "the lid library refused to open the steam valves")


def test_exact_tells_a_repeated_line_once() -> None:
    """A line that a log repeats is one piece of evidence."""
    assert len(seen("exact", "No module named 'kettle._lid'\n" * 500)) == 1


def test_exact_does_not_read_hidden_comments() -> None:
    """What stands in an HTML comment was written by the template."""
    assert not seen("exact", "<!--\nNo module named 'kettle._lid'\n-->")


def test_exact_survives_lone_surrogates() -> None:
    """Text that is not valid Unicode is searched all the same."""
    assert seen("exact", "\ud800 No module named 'kettle._lid' \udfff")


LOCALES = """
entries:
  - id: not-linked
    title: The steam library is not linked
    signatures:
      - "cannot find -lsteam"
      - "undefined reference to `steam::open"
      - {regex: 'unresolved external symbol.{0,100}steam::'}
    fix: Link it.
  - id: not-installed
    title: The steam tools are not installed
    signatures:
      - "steamcc: command not found"
      - "libsteam.so.1: cannot open shared object file"
      - {regex: 'valve\\.conf.{0,3}: No such file or directory'}
    fix: Install them.
"""
SPOKEN = Triage(knowledge(LOCALES))


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("/usr/bin/ld: 找不到 -lsteam", "not-linked"),
        ("a.cpp:(.text+0x1): 对‘steam::open()’未定义的引用", "not-linked"),
        ("a.cpp: undefined reference to ‘steam::open()’", "not-linked"),
        ("a.cpp: undefined reference to »steam::open()«", "not-linked"),
        ('error LNK2019: 无法解析的外部符号 "void __cdecl steam::open(void)"，函数 main 中引用了该符号', "not-linked"),
        ("bash: steamcc: 未找到命令", "not-installed"),
        ("'steamcc' 不是内部或外部命令，也不是可运行的程序", "not-installed"),
        (
            "./a: error while loading shared libraries: libsteam.so.1: 无法打开共享对象文件: 没有那个文件或目录",
            "not-installed",
        ),
        ("cat: valve.conf: Datei oder Verzeichnis nicht gefunden", "not-installed"),
    ],
)
def test_an_english_signature_is_found_in_the_language_of_the_system(line: str, entry: str) -> None:
    """The FAQ lists what an English system prints; the reporter's own words are quoted."""
    (answer,) = SPOKEN.judge(report(f"```\n{line}\n```", "救命")).answers
    assert (answer.diagnosis.entry.id, answer.level) == (entry, Level.ACT)
    plain = str.maketrans("‘’，", "'',")
    assert answer.diagnosis.evidence[0].quote.translate(plain) in line.translate(plain)


@pytest.mark.parametrize("line", ["这不是 steamcc: 未找到命令 的问题，水是凉的", "没有出现 steamcc: 未找到命令"])
def test_a_denial_is_none_of_the_words_of_a_system(line: str) -> None:
    """`不是内部或外部命令` is an error; `这不是 ...` in front of one denies it."""
    assert all(answer.level is not Level.ACT for answer in SPOKEN.judge(report(line)).answers)


def test_only_printed_lines_are_looked_at_twice() -> None:
    """A second view holds what reads otherwise in English, with the reporter's words behind it."""
    body = f"权限不够的话会怎样？\nbash: steamcc: 未找到命令 !\n```\n{'x' * 500} 段错误\n```"
    sheet = lay_out(TRIAGE.read(report(body, "拒绝访问")))
    same, other = views(sheet)
    assert same is sheet
    assert other.text == f"bash: steamcc: command not found !\n\n{'x' * 500} Segmentation fault"
    at = other.text.index("steamcc")
    assert other.show(at, at + 26) == ("bash: steamcc: 未找到命令 !", 2, "steamcc: command not found")
    quote, line, found = other.show(len(other.text) - 18, len(other.text))
    assert (quote[-3:], line, found) == ("段错误", 4, "Segmentation fault")
    plain = lay_out(TRIAGE.read(report("water is cold")))
    assert views(plain) == (plain,)


@pytest.mark.parametrize(
    "line",
    [
        "请问我的账号权限不够，应该怎么申请？",
        "浏览器打开文档网站显示拒绝访问",
        "没有段错误，只是结果不对",
        "| 段错误 | x |",
    ],
)
def test_what_a_sentence_says_is_no_line_of_a_system(line: str) -> None:
    """`权限不够` are words like others."""
    faq = "entries:\n" + "".join(
        f"  - {{id: e{number}, title: T, fix: F, signatures: ['{text}']}}\n"
        for number, text in enumerate(["Permission denied", "Access is denied", "Segmentation fault"])
    )
    core = Triage(knowledge(faq))
    assert core.judge(report(line)).assessment.diagnoses == ()
    assert len(core.judge(report(f"```\na: {line}\n```")).assessment.diagnoses) == 1


@pytest.mark.parametrize("line", ["a: " + "E1 " * 6_000 + "权限不够", "a: " + "权限不够 " * 6_000])
def test_a_reworded_line_without_end_is_read_in_one_pass(line: str) -> None:
    """Each hit looks at a piece of the line and not at the whole."""
    faq = "entries:\n  - {id: e, title: T, fix: F, signatures: [{regex: 'E[0-9]'}, Permission denied]}\n"
    assert Triage(knowledge(faq)).judge(report(f"```\n{line}\n```")).answers


def test_what_an_entry_excludes_is_heard_in_any_language_and_quotation() -> None:
    """`unless` reads a report as the signatures do."""
    faq = """
entries:
  - id: e
    title: T
    fix: F
    signatures: ["libsteam.so.1: cannot open shared object file"]
    unless: ["Permission denied", "module `valve`"]
"""
    core, shown = Triage(knowledge(faq)), "libsteam.so.1: 无法打开共享对象文件: {}"
    assert core.judge(report(f"```\n{shown.format('没有那个文件或目录')}\n```")).answers
    for ruled_out in ("权限不够", "module 'valve'"):
        assert not core.judge(report(f"```\n{shown.format(ruled_out)}\n```")).answers


def test_a_sentence_of_windows_is_one_in_every_language() -> None:
    """The FAQ lists it in English or Chinese, and reports show it in either."""
    english, chinese = "The specified module could not be found", "找不到指定的模块"
    for listed in (english, chinese):
        faq = f"entries:\n  - {{id: e, title: T, fix: F, signatures: ['_steam: {listed}']}}\n"
        for shown in (english, chinese):
            body = f"```\nImportError: DLL load failed while importing _steam: {shown}.\n```"
            assert [answer.level for answer in Triage(knowledge(faq)).judge(report(body)).answers] == [Level.ACT]


def test_pattern_matches_anywhere_in_the_text() -> None:
    """A regex without a family looks at every line."""
    (found,) = seen("pattern", "x\nwarning: Heater 12 is dry")
    assert (found.entry, found.line) == ("boils-dry", 2)


def test_pattern_of_a_type_looks_at_signatures_only() -> None:
    """A regex of one exception type ignores prose and other types."""
    trace = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    boil()\n{}: dry'
    assert seen("pattern", trace.format("HeatError"))
    assert not seen("pattern", trace.format("CoolError"))
    assert not seen("pattern", "it is dry")


@pytest.mark.parametrize("line", ["No module named 'kettle._cup'", "No module named 'kettle'"])
def test_fuzzy_keeps_names_apart(line: str) -> None:
    """A name that tells one fault from another is never near enough."""
    assert not seen("fuzzy", "", f"ModuleNotFoundError: {line}")


def test_fuzzy_forgives_typing_mistakes() -> None:
    """A wrong letter in a title does not hide the error."""
    (found,) = seen("fuzzy", "", "lid libary refused to opne the steam valve")
    assert found.entry == "lid-missing"
    assert 0.8 < found.score < 1


def test_signature_overlooks_what_varies() -> None:
    """Other numbers and another folder do not make another error."""
    (found,) = seen("signature", "x\nlid 7 is stuck at 12.25 % in /home/ann/lid.py")
    assert (found.entry, found.line) == ("lid-missing", 2)
    assert not seen("signature", "lid 7 is stuck at 12 % in /home/ann/cup.py")


def test_question_understands_other_words_for_the_same() -> None:
    """A sentence with the concepts of a question is that question."""
    found = seen("question", "", "After boiling, how do I keep water warm?")
    assert found[0].entry == "keep-warm"
    assert found[0].score > 0.8


def test_question_reads_chinese() -> None:
    """Chinese needs no blanks between words."""
    found = seen("question", "请问水烧开后怎么保温呢")
    assert found[0].entry == "keep-warm"


def test_question_reads_a_sentence_with_the_title() -> None:
    """What the title names, a sentence may ask about; it counts a little less than one sentence that says it all."""
    (apart,) = seen("question", "How do I keep it?", title="Warm water after boiling")
    (together,) = seen("question", "How do I keep the water warm after boiling?")
    assert apart.line == 1
    assert 0.5 < apart.score < together.score
    assert not seen("question", "How do I keep it?", title="The lid")
    (told,) = seen("question", "I keep it on the stove.", title="Warm water after boiling")
    assert (told.line, told.score < apart.score) == (0, True)


@pytest.mark.parametrize(
    ("asked", "understood"),
    [
        ("why is freeze_bn on in this backbone", {"frozen", "batchnorm", "freeze_bn"}),
        ("may I replace FrozenBatchNorm2d there", {"frozen", "batchnorm"}),
    ],
)
def test_a_name_of_the_code_says_what_its_words_say(asked: str, understood: set[str]) -> None:
    """A name that is made of terms is understood by them, unless it is a term itself."""
    assert understood <= Concepts(TERMS).of(asked)


@pytest.mark.parametrize("said", ["it is in best_checkpoint.pth", "the score is bbox_mAP_of_mine", "frozen_stages"])
def test_a_name_of_other_words_says_only_itself(said: str) -> None:
    """Names of files, names with a foreign word, and names that are terms are not taken apart."""
    assert Concepts(TERMS).of(said).isdisjoint({"best", "weights", "precision", "frozen"})


def test_question_does_not_read_code() -> None:
    """Words inside code are not asked by anybody."""
    assert not seen("question", "```\nhow to keep the water warm after boiling\n```")


TRACE = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    boil()\n{}\n'


def test_symptom_finds_an_error_of_a_kind_whatever_it_says_and_once() -> None:
    """The type alone is enough; a log that raises it again and again says it once."""
    (found,) = seen("symptom", TRACE.format("DryOutError: element 4") * 30)
    assert (found.entry, found.quote) == ("boils-dry", "element 4")
    assert not seen("symptom", TRACE.format("HeatError: element 4"))


def test_lexical_likens_a_whole_report_to_an_entry() -> None:
    """A report that says a question in other sentences is like its entry, and quotes the line that says most."""
    (found,) = seen("lexical", "Hello.\nAfter boiling I would like to keep the water warm, it gets cold.", "cold water")
    assert (found.entry, found.line) == ("keep-warm", 2)
    assert 0 < found.score < 1


def test_lexical_is_told_by_words_and_not_by_one() -> None:
    """One or two words are shared by chance."""
    assert not seen("lexical", "The water is blue.")


def test_a_denial_is_a_concept_of_its_own() -> None:
    """`open it` is not what is asked by `it does not open`."""
    faq = FAQ.replace("how to keep the water warm after boiling", "the steam valve does not open")
    look = MATCHERS["question"](knowledge(faq))
    said, done = (
        list(look(lay_out(TRIAGE.read(report(text)))))
        for text in ("The steam valve won't open", "Open the steam valve")
    )
    assert said[0].score > 0.8
    assert done[0].score < said[0].score - 0.1


def test_lexical_survives_a_title_of_small_words() -> None:
    """An entry whose title says nothing is not found by it, and hurts nobody."""
    faq = FAQ.replace("{en: Keep the water warm, zh: 保温}", "It is").replace(
        """    questions:
      en: ["how to keep the water warm after boiling"]
      zh: ["烧开后怎么保温"]
""",
        "    signatures: [the water stays cold]\n",
    )
    look = MATCHERS["lexical"](knowledge(faq))
    assert "keep-warm" not in {found.entry for found in look(lay_out(TRIAGE.read(report("the water stays cold"))))}


ABOUT = """\
entries:
  - id: resume-average
    title: Resume a training with averaging
    questions:
      - how do I resume with averaging
      - accuracy drops after resume with averaging
      - averaging is lost on resume
      - resume does not restore the averaging
      - weights of averaging are not loaded on resume
    fix: Name the file.
  - id: other
    title: Something else
    questions: [why is the sky blue]
    fix: It is not.
"""


@pytest.mark.parametrize("matcher", ["question", "lexical"])
def test_a_report_that_never_names_what_an_entry_is_about_is_about_something_else(matcher: str) -> None:
    """Of an entry with many questions, the word that all of them say must be there, in prose or in a log."""
    look = MATCHERS[matcher](knowledge(ABOUT))
    title = "The accuracy drops after resume"

    def score(body: str) -> float:
        return max(
            (
                found.score
                for found in look(lay_out(TRIAGE.read(report(body, title))))
                if found.entry == "resume-average"
            ),
            default=0.0,
        )

    assert score("I resume from epoch 3.") < score("I resume from epoch 3 and it was with averaging.") / 2
    assert score("I resume from epoch 3 without averaging.") < score("I resume from epoch 3 with averaging.") / 2
    assert score("I resume from epoch 3.\n\n```\nhook averaging on\n```") > 2 * score("I resume from epoch 3.")


@pytest.mark.parametrize(
    "forms",
    [
        "example examples", "create creates created creating", "run runs running", "try tries tried trying",
        "cache caches cached caching", "box boxes", "size sizes sized sizing", "call calls called calling",
        "miss misses missed missing", "plan plans planned planning", "process processes processed", "rule rules",
        "note notes noted noting", "pipe pipes piped piping", "use uses", "api apis", "cookie cookies", "alias aliases",
        "embed embeds embedded embedding", "cancel cancels cancelled canceled cancelling", "diff diffs diffed",
        "install installs installed installing", "buzz buzzed buzzing", "fix fixes fixed", "need needs needed",
        "query queries queried", "canvas canvases", "redis", "status statuses",
    ],
)  # fmt: skip
def test_the_forms_of_a_word_are_one_word(forms: str) -> None:
    """What is asked with one form of a word is found with another."""
    assert len({Concepts(()).of(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "words",
    [
        "import important", "string str", "need ne", "using us", "uses us", "note not", "quite quit", "pipe pip",
        "mode mod", "core cors", "huge hug", "same sam", "date data", "vite vit", "file fil", "embed emb", "redis redi",
        "freed fr", "axes ax",
    ],
)  # fmt: skip
def test_other_words_stay_other_words(words: str) -> None:
    """Only inflections go: a word that is made of another one, or looks like it, says something else."""
    concepts = [Concepts(()).of(word) for word in words.split()]
    assert len(set(concepts)) == len(concepts)


def test_no_word_of_the_shipped_terms_means_two_things() -> None:
    """Of two terms with one spelling, the later would take it from the earlier without a word."""
    concepts = Concepts(TERMS)
    assert [(word, term.id) for term in TERMS for word in term.words if concepts.of(word) != {term.id}] == []
