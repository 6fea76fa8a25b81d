"""YAML is read with the lines of everything in it, and nothing in a file can harm the reader."""

from __future__ import annotations

import pytest

from triagebot.knowledge.source import LARGEST_FILE, Source, did_you_mean


def told(text: str) -> str:
    """Return the problems of a text that has some."""
    problems = Source("x.yaml", text).problems
    assert all(problem.remedy for problem in problems)
    return "\n".join(map(str, problems))


def test_values_are_read_as_they_are_written() -> None:
    """No number loses its zeros, no word becomes a truth, and only what is left empty is nothing."""
    text = "a: 1.10\nb: yes\nno: 2026-11-24\nc: null\nd:\ne: 'null'\nf: 0x1F\ng: [on, ~]\n"
    expected = {"a": "1.10", "b": "yes", "no": "2026-11-24", "c": None, "d": None, "e": "null", "f": "0x1F"}
    assert Source("x", text).value == expected | {"g": ["on", None]}


def test_everything_has_its_line() -> None:
    """Keys, items and blocks stand where a reader looks for them; what is not there, where its mapping begins."""
    source = Source("x", "# head\n\na:\n  - b: |\n      one\n      two\n    c: {d: e,\n        f: g}\n  - h\n")
    lines = [(("a",), 3), (("a", 0), 4), (("a", 0, "b"), 4), (("a", 0, "c"), 7), (("a", 0, "c", "f"), 8), (("a", 1), 9)]
    assert [(path, source.line(path)) for path, _ in lines] == lines
    assert source.line(()) == 3
    assert source.line(("a", 0, "missing")) == 4
    assert source.line(("a", 5, "missing")) == 3


def test_a_byte_order_mark_does_no_harm() -> None:
    """Editors write it, nobody sees it."""
    assert Source("x", "\ufeffa: b").value == {"a": "b"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a:\n\tb: c", "x.yaml:2: not valid YAML (found character that cannot start any token). Indent with blanks"),
        ("a: @b", "Put a text that starts with @ in quotes"),
        ("a: `b`", "Put a text that starts with ` in quotes"),
        ("a: %b", "Put a text that starts with % in quotes"),
        ("a: *", "Put a text that starts with * or & in quotes"),
        ("a: b\nc: d: e", "x.yaml:2: not valid YAML (mapping values are not allowed in this context). Put a text"),
        ("a: b\nc: 'd\ne: f\n", "x.yaml:2: not valid YAML (found unexpected end of stream). Close the quote"),
        ("a: 'it's'", "write '' for '"),
        ("a:\n  - [b, c\n  - d\n", "x.yaml:2: not valid YAML (did not find expected ',' or ']'). Close the bracket"),
        ('a: "\\d+"', "Put a text with backslashes in single quotes"),
        ("a: b\na: c", "x.yaml:2: a: the key stands twice, first on line 1. Keep one of the two."),
        ("a: b\n---\nc: d", "x.yaml:2: a second document starts here"),
        ("a: &x b\nc: *x", "x.yaml:2: c: `*x` repeats what stands elsewhere. Write it out"),
        ("&x [*x]", "`*x` repeats"),
        ("*x : b", "a key is a plain word"),
        ("{[a]: b}", "a key is a plain word"),
        ("{{a: b}: c}", "a key is a plain word"),
        ("a: !!binary aGk=", "the tag tag:yaml.org,2002:binary is not supported"),
        ("a: !!python/object/apply:os.system [ls]", "the tag tag:yaml.org,2002:python/object/apply:os.system is not"),
        ("a: ok\nb: a\x00b", "x.yaml:2: the character U+0000 stands here. Take it out"),
        ("a: \x1b[31mred", "U+001B"),
        ("a: \ud800", "U+D800"),
        ('a: "\\0"', "x.yaml:1: a: the text holds a control character"),
        ('a: "\\e[2J"', "control character"),
        ('a: "\\ud800"', "x.yaml:1: not valid YAML"),
        ("[" * 100_000, "nested more than 20 levels deep"),
        ("- " * 100_000, "nested more than 20 levels deep"),
        ("{a: " * 100_000, "nested more than 20 levels deep"),
        (
            "a" * (LARGEST_FILE + 1),
            f"x.yaml: the file has {LARGEST_FILE + 1} characters. Keep it below {LARGEST_FILE}.",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_line_and_remedy(text: str, said: str) -> None:
    """Each mistake of YAML is answered with what to do about it."""
    assert said in told(text)


def test_every_hidden_character_is_told() -> None:
    """Not the first alone, and not a thousand times."""
    assert told("a\x01\nb\x02").count("\n") == 1
    assert told("\x01" * 1000).count("\n") == 19


def test_a_bomb_of_aliases_is_not_unfolded() -> None:
    """Nine nines of references are refused one by one."""
    rows = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20))]
    source = Source("x.yaml", "\n".join(rows))
    assert source.value["a19"] == [None] * 9
    assert len(source.problems) == 19 * 9


def test_a_second_problem_with_one_thing_is_not_told() -> None:
    """The first is the cause of the others."""
    source = Source("x", "a: b")
    source.wrong(("a",), "one", "Do this.")
    source.wrong(("a",), "two", "Do that.")
    assert [problem.what for problem in source.problems] == ["one"]


def test_an_unknown_word_gets_the_nearest_known_one() -> None:
    """Or, where none is near, the known ones, but not thousands."""
    assert did_you_mean("titel", ["fix", "title"]) == "Did you mean `title`?"
    assert did_you_mean("zzz", ["fix", "title"]) == "Known here: fix, title."
    assert did_you_mean("zzz", map(str, range(1000))).endswith(" and 980 more.")
