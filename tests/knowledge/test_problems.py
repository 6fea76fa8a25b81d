"""Whatever a maintainer gets wrong is told at once, with its line, in words that help."""

from __future__ import annotations

import jsonschema
import pytest

from tests.making import FAQ, SHIPPED, TEMPLATE
from triagebot.errors import KnowledgeError
from triagebot.knowledge import read_knowledge, schemas
from triagebot.knowledge.source import Source

BROKEN = {
    "faq.yaml": r"""project: [x]
entries:
  - id: Bad_Id
    title: {EN: x, zh: }
    signatures:
      - ab
      - {regex: "a("}
      - {regex: xy, text: xy}
      - {regx: abc}
      - {regex: "x*"}
      - {regex: "."}
      - 中文
      - {text: ab, type: T}
      - {regex: '\b'}
    unless: "not a list"
    questions: {en: what, zh: []}
    fix:
      - {wehn: "a", en: x}
      - {when: "a >= 2.x", txt: y}
      - {when: "pytorch >= 2"}
      - [x]
    links: [ftp://x, "https://"]
    labels: ["", x]
    needs: [A, pytorhc]
    examples:
    counterexamples: {a: b}
  - id: no-way
    title: "two\nlines"
    fix: {when: a, en: b}
  - id: no-way
    title: t
    signatures: []
    questions: {en: []}
    fix: []
  - 3
  - signatures: [abcd]
""",
    "rules.yaml": """rules:
  - {id: r, when: "pytorhc >= 2 and x == lite", says: {en: a}, entries: [no-wya], examples: x}
  - {id: r, when: "a = 2", says: [], envelope: x}
""",
    "template.yaml": "fields:\n  - {id: pytorch, title: t, how: h, names: torch, met_by: [pytorhc]}\nboilerplate:\n",
    "forms.yaml": """forms:
  - {id: f, family: steam, pattern: "(?P<mesage>x+)", envelope: maybe}
  - {id: g, family: steam, pattern: "(?!x)"}
""",
    "terms.yaml": "terms:\n  - {id: f, words: []}\n  - {id: f, words: [on, 1.10, ~]}\n",
    "replies.yaml": """en:
  cause: "**{titel}**"
  cuase: x
  line: "{line!r}"
  fix: "{"
  title: "{x}"
  ask:
english: {}
zh: x
""",
}
TOLD = """\
faq.yaml:1: project: a text is expected, not a list.
faq.yaml:3: entries[0].id: `Bad_Id` is not written as expected. Write it in lower case with hyphens
faq.yaml:4: entries[0].title.EN: `EN` is not written as expected. Write a language as two or three letters
faq.yaml:4: entries[0].title.zh: nothing stands here. Write something here, or take it away.
faq.yaml:6: entries[0].signatures[0]: `ab` is too short to mean anything. Use a longer piece of the error line.
faq.yaml:7: entries[0].signatures[1]: the regex does not compile (missing ): a(). Regexes are linear-time (RE2)
faq.yaml:8: entries[0].signatures[2]: it has both `text` and `regex`.
faq.yaml:9: entries[0].signatures[3]: it has neither `text` nor `regex` nor `type`.
faq.yaml:9: entries[0].signatures[3].regx: `regx` is not a key here. Did you mean `regex`?
faq.yaml:10: entries[0].signatures[4]: the regex matches everything, even nothing.
faq.yaml:11: entries[0].signatures[5]: the regex matches every text.
faq.yaml:14: entries[0].signatures[8]: the regex matches everything, even nothing.
faq.yaml:15: entries[0].unless: a list is expected, not `not a list`. Write `- ` before each item
faq.yaml:16: entries[0].questions.en: a list is expected, not `what`.
faq.yaml:18: entries[0].fix[0].wehn: `wehn` is not a key here and no language. Did you mean `when`?
faq.yaml:19: entries[0].fix[1].txt: `txt` is not a key here and no language. Did you mean `text`?
faq.yaml:19: entries[0].fix[1].when: the condition `a >= 2.x` cannot be read. Column 6: `2.x` is not expected
faq.yaml:20: entries[0].fix[2]: the fix says nothing. Give its words as `text`, or by language
faq.yaml:21: entries[0].fix[3]: a text is expected, not a list.
faq.yaml:22: entries[0].links[0]: `ftp://x` is not written as expected. Write a link as http:// or https://.
faq.yaml:22: entries[0].links[1]: `https://` is not written as expected.
faq.yaml:23: entries[0].labels[0]: it is empty.
faq.yaml:24: entries[0].needs[0]: `A` is not written as expected.
faq.yaml:24: entries[0].needs[1]: no field of template.yaml is called `pytorhc`. Did you mean `pytorch`?
faq.yaml:25: entries[0].examples: nothing stands here.
faq.yaml:26: entries[0].counterexamples: a list is expected, not a mapping.
faq.yaml:27: entries[1].signatures: there is no way to find the entry. Give `signatures`, or `questions`
faq.yaml:28: entries[1].title: `two lines` is not written as expected. Write it on one line.
faq.yaml:29: entries[1].fix.when: `when` is not written as expected. A fix with a condition stands in a list
faq.yaml:30: entries[2].id: the id `no-way` stands already on line 27. Give each its own id.
faq.yaml:32: entries[2].signatures: there is no way to find the entry.
faq.yaml:34: entries[2].fix: it is empty.
faq.yaml:35: entries[3]: a mapping is expected, not `3`.
faq.yaml:36: entries[4].fix: `fix` is missing. Every entry needs it.
faq.yaml:36: entries[4].id: `id` is missing.
faq.yaml:36: entries[4].title: `title` is missing.
forms.yaml:2: forms[0].envelope: true or false is expected, not `maybe`.
forms.yaml:2: forms[0].pattern: nobody reads the group `mesage`. The groups of a form are `type`, `message` and `file`.
forms.yaml:3: forms[1].pattern: the regex does not compile (invalid perl operator: (?!)
replies.yaml:2: en.cause: nothing fills the place `{titel}`. Did you mean `title`?
replies.yaml:3: en.cuase: the bot never says `cuase`. Did you mean `cause`?
replies.yaml:4: en.line: not a text with plain places. Write places as `{name}` only
replies.yaml:5: en.fix: not a text with plain places.
replies.yaml:6: en.title: nothing fills the place `{x}`. Take it out
replies.yaml:7: en.ask: a phrase is a text.
replies.yaml:8: english: `english` is not written as expected. Write a language as two or three letters
replies.yaml:9: zh: a language holds phrases.
rules.yaml:2: rules[0].entries[0]: no entry is called `no-wya`. Did you mean `no-way`?
rules.yaml:2: rules[0].examples: a list is expected, not `x`.
rules.yaml:2: rules[0].when: no field of template.yaml is called `lite` or `pytorhc` or `x`.
rules.yaml:3: rules[1].envelope: `envelope` is not a key here. Known here: against, counterexamples, entries, examples, id
rules.yaml:3: rules[1].id: the id `r` stands already on line 2.
rules.yaml:3: rules[1].says: a text is expected, not a list.
rules.yaml:3: rules[1].when: the condition `a = 2` cannot be read. Column 3: `= 2` cannot be read: write `==`
template.yaml:2: fields[0].met_by[0]: no field of template.yaml is called `pytorhc`. Did you mean `pytorch`?
template.yaml:2: fields[0].names: a list is expected, not `torch`.
template.yaml:3: boilerplate: nothing stands here.
terms.yaml:2: terms[0].words: it is empty.
terms.yaml:3: terms[1].id: the id `f` stands already on line 2.
terms.yaml:3: terms[1].words[2]: nothing stands here.
"""
NAMES = {
    "nothing at all": ({}, "faq.yaml: there is no faq.yaml. A knowledge folder needs at least that file."),
    "another kind alone": ({"rules.yaml": "rules: []"}, "rules.yaml: there is no faq.yaml."),
    "a typo": ({"faq.yaml": FAQ, "rulez.yaml": ""}, "rulez.yaml: not a file of a knowledge folder. Did you mean"),
    "two of a kind": ({"faq.yaml": FAQ, "faq.yml": FAQ}, "faq.yml: there is faq.yaml for the same already."),
    "empty": ({"faq.yaml": FAQ, "rules.yaml": "# later"}, "rules.yaml: the file is empty. Write something into it"),
    "a list": ({"x/answers.yml": "- a"}, "x/answers.yml:1: a mapping is expected, not a list."),
    "a word": ({"faq.yaml": "hello"}, "faq.yaml:1: a mapping is expected, not `hello`."),
    "no entry": ({"faq.yaml": "entries: []\nprojct: x"}, "faq.yaml:2: projct: `projct` is not a key here."),
}  # fmt: skip


def told(files: dict[str, str], shipped: dict[str, str] | None = None, faq: str | None = None) -> list[str]:
    """Return what is wrong with files that are."""
    with pytest.raises(KnowledgeError) as caught:
        read_knowledge(files, shipped, faq=faq)
    assert all(problem.remedy for problem in caught.value.problems)
    return str(caught.value).split("\n")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """Sixty mistakes in six files: not one hides another."""
    shipped = {"replies.yaml": (SHIPPED / "replies.yaml").read_text("utf-8")}
    found, expected = told(BROKEN, shipped), TOLD.splitlines()
    missing = [line for line in expected if not any(problem.startswith(line) for problem in found)]
    assert missing == []
    assert [problem for problem in found if not problem.startswith(tuple(expected))] == []


@pytest.mark.parametrize("name", NAMES)
def test_files_that_do_not_belong_are_named(name: str) -> None:
    """A missing, misspelt, doubled or empty file is told by its name."""
    files, said = NAMES[name]
    assert any(line.startswith(said) for line in told(files))


def test_a_fix_for_a_fact_that_no_template_describes_is_no_mistake() -> None:
    """Without a template nobody knows which facts there are."""
    assert read_knowledge({"faq.yaml": FAQ}).entries[2].needs == ("kettle",)
    asked = FAQ.replace("needs: [kettle]", "needs: [ketle]")
    assert "faq.yaml:37: entries[2].needs[0]" in told({"faq.yaml": asked, "template.yaml": TEMPLATE})[0]


def test_the_file_that_is_the_faq_can_be_named() -> None:
    """Whatever it is called, even like another kind."""
    assert read_knowledge({"rules.yaml": FAQ}, faq="rules.yaml").project == "example/kettle"
    assert "the same already" in told({"answers.yaml": FAQ, "faq.yaml": FAQ}, faq="answers.yaml")[0]


def test_own_words_of_a_term_are_added_to_those_of_the_bot() -> None:
    """A project's name for a thing does not make the bot forget the common ones."""
    shipped = {"terms.yaml": "terms:\n  - {id: how, asking: true, words: [how, 怎么]}\n"}
    own = {
        "faq.yaml": FAQ,
        "terms.yaml": "terms:\n  - {id: how, words: [how, whence]}\n  - {id: lid, words: [cover]}\n",
    }
    how, lid = read_knowledge(own, shipped).terms
    assert (how.words, how.asking, lid.words) == (("how", "怎么", "whence"), True, ("cover",))


def test_an_own_form_takes_the_place_of_the_bots() -> None:
    """One id, one form."""
    form = "forms:\n  - {{id: valve, family: kettle, pattern: '{0}'}}\n"
    shipped = {"forms.yaml": form.format("stuck") + "  - {id: rust, family: kettle, pattern: rusty}\n"}
    forms = read_knowledge({"faq.yaml": FAQ, "forms.yaml": form.format("jammed")}, shipped).forms
    assert [(form.id, form.pattern) for form in forms] == [("valve", "jammed"), ("rust", "rusty")]


def test_a_mistake_in_what_ships_is_told_too() -> None:
    """The bot's own files are read as strictly as anybody's."""
    assert told({"faq.yaml": FAQ}, {"bot/replies.yaml": "en: x"}) == [
        "bot/replies.yaml:1: en: a language holds phrases. Write `key: text` below it."
    ]


def test_the_digest_does_not_depend_on_the_folder() -> None:
    """The same texts read from elsewhere are the same knowledge."""
    shipped = {"replies.yaml": "en: {a: b}"}
    here, there = {"a/faq.yaml": FAQ, "a/template.yaml": TEMPLATE}, {"z/faq.yaml": FAQ, "z/template.yaml": TEMPLATE}
    assert read_knowledge(here, shipped).digest == read_knowledge(there, shipped).digest
    assert read_knowledge(here, shipped).digest != read_knowledge(here).digest


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("faq", "entries: []"),
        ("faq", "entries: [{id: a, title: t, fix: f}]"),
        ("faq", "entries: [{id: a, title: t, fix: f, signatures: [{family: x}]}]"),
        ("faq", "entries: [{id: a, title: {english: t}, fix: f, signatures: [abcd]}]"),
        ("faq", "entries: [{id: a, title: t, fix: [{when: a, wehn: b}], signatures: [abcd]}]"),
        ("faq", "entries: [{id: a, title: t, fix: [], signatures: [abcd]}]"),
        ("rules", "rules: [{id: A, when: a, says: b}]"),
        ("template", "feilds: []"),
        ("forms", "forms: [{id: a, family: b}]"),
        ("terms", "terms: [{id: a, words: []}]"),
        ("replies", "english: {a: b}"),
    ],
)
def test_an_editor_sees_what_the_loader_sees(kind: str, text: str) -> None:
    """The JSON Schema of a kind refuses what the loader refuses for its shape."""
    files = {f"{kind}.yaml": text} if kind == "faq" else {"faq.yaml": FAQ, f"{kind}.yaml": text}
    assert told(files)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(Source(kind, text).value, schemas()[kind])
