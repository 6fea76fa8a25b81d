"""The bot's own words, by language: from replies.yaml, and the texts of entries, rules and fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from triagebot.records import Knowledge, Words

_FALLBACK = "en"


def pick(words: Words, language: str) -> str:
    """Return a text in a language, else the text that has only one language, else English, else any."""
    for code in (language, "", _FALLBACK):
        if code in words:
            return words[code].strip()
    return next(iter(words.values()), "").strip()


class Voice:
    """Says the phrases of replies.yaml in one language; `seams` are the lines where later additions start."""

    def __init__(self, knowledge: Knowledge, language: str, seams: Sequence[int] = ()) -> None:
        self._seams = seams
        self._phrases: Mapping[str, str] = {
            **knowledge.replies.get(_FALLBACK, {}),
            **knowledge.replies.get(language, {}),
        }
        self._titles = {field.id: field.title for field in knowledge.template.fields}
        self.language = language

    def say(self, key: str, **values: object) -> str:
        """Return a phrase with its places filled; values are inserted as they are, never formatted again."""
        return self._phrases[key].format(**values)

    def pick(self, words: Words) -> str:
        """Return a maintainer's text in this language, or in the language it has."""
        return pick(words, self.language)

    def fact(self, name: str) -> str:
        """Return what a fact is called, its name where the knowledge has no title for it."""
        return self.pick(self._titles.get(name, {})) or name

    def place(self, line: int) -> str:
        """Return where a line stands: the title, its number in the body, or in what was added later."""
        if not line:
            return self.say("title")
        starts = [start for start in self._seams if start <= line]
        return self.say("line-later", line=line - starts[-1] + 1) if starts else self.say("line", line=line)
