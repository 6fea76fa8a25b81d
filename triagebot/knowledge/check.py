"""What no shape can see: ids that stand twice, names that lead nowhere, answers that can never be found."""

from __future__ import annotations

import difflib
import string
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any

from triagebot.conditions import facts_of, parse_condition
from triagebot.knowledge.shapes import is_language
from triagebot.knowledge.source import Path, Source, did_you_mean

_LISTS = {
    "faq": "entries",
    "rules": "rules",
    "template": "fields",
    "forms": "forms",
    "terms": "terms",
    "labels": "rules",
}
_SHORTEST_LITERAL = 4  # bytes: two Chinese characters say as much as six letters
_VARIANT = ("when", "text")
_ALIKE = 0.8

Phrases = Mapping[str, Mapping[str, str]]


def check(sources: Mapping[str, Source], shipped: Phrases) -> None:
    """Note in the sources whatever records tell only together; values of a wrong shape are passed over.

    `shipped` are the phrases that the bot brings: own ones must have a key of theirs, and only their places.
    """
    for kind, source in sources.items():
        if kind in _LISTS:
            _twice(source, _LISTS[kind])
    if "faq" in sources:
        _entries(sources["faq"])
    if "rules" in sources and "faq" in sources:
        _targets(sources["rules"], sources["faq"])
    if "template" in sources:
        _facts(sources)
    if "labels" in sources:
        _label_rules(sources["labels"])
    if "replies" in sources:
        _phrases(sources["replies"], shipped)


def records(source: Source, key: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the records of a list with their paths, as far as they are records."""
    listed = source.value.get(key) if isinstance(source.value, dict) else None
    for index, record in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(record, dict):
            yield (key, index), record


def places(phrase: str) -> frozenset[str] | None:
    """Return the places of a phrase, None when one is more than a plain name in braces."""
    try:
        parts = list(string.Formatter().parse(phrase))
    except ValueError:
        return None
    if any(name is not None and (not name.isidentifier() or spec or bang) for _, name, spec, bang in parts):
        return None
    return frozenset(name for _, name, _, _ in parts if name)


def _twice(source: Source, key: str) -> None:
    first: dict[str, Path] = {}
    for path, record in records(source, key):
        name = record.get("id")
        if isinstance(name, str) and name in first:
            what = f"the id `{name}` stands already on line {source.line((*first[name], 'id'))}"
            source.wrong((*path, "id"), what, "Give each its own id.")
        elif isinstance(name, str):
            first[name] = path


def _entries(source: Source) -> None:
    for path, entry in records(source, "entries"):
        if not entry.get("signatures") and not _any_question(entry.get("questions")):
            what = "there is no way to find the entry"
            source.wrong((*path, "signatures"), what, "Give `signatures`, or `questions` as people ask them.")
        for key in ("signatures", "unless"):
            for step, pattern in _items(entry.get(key)):
                _pattern(source, (*path, key, step), pattern, kinds=key == "signatures")
        for step, variant in _items(entry.get("fix")):
            if isinstance(variant, dict):
                _variant(source, (*path, "fix", step), variant)


def _any_question(questions: Any) -> bool:
    return any(questions.values()) if isinstance(questions, dict) else bool(questions)


def _pattern(source: Source, path: Path, pattern: Any, *, kinds: bool) -> None:
    """A pattern is a literal, a regex or (`kinds`) a type; a literal that may stand anywhere must say something."""
    if isinstance(pattern, dict) and not {"text", "regex", *(["type"] if kinds else [])} & pattern.keys():
        what = "it has neither `text` nor `regex`" + (" nor `type`" if kinds else "")
        source.wrong(path, what, "Write a piece of the error line as `text`, or a `regex`.")
    if isinstance(pattern, dict) and {"text", "regex"} <= pattern.keys():
        source.wrong(path, "it has both `text` and `regex`", "Keep one; make two signatures of them if both are meant.")
    free = isinstance(pattern, str) or (isinstance(pattern, dict) and not {"family", "type"} & pattern.keys())
    literal = pattern.get("text") if isinstance(pattern, dict) else pattern
    if free and isinstance(literal, str) and 0 < len(literal.strip().encode()) < _SHORTEST_LITERAL:
        what = f"`{literal.strip()}` is too short to mean anything"
        source.wrong(path, what, "Use a longer piece of the error line.")


def _variant(source: Source, path: Path, variant: Mapping[str, Any]) -> None:
    """The keys of a fix are its own two, or languages: `txt` is a typo and no language."""
    for key in variant:
        near = difflib.get_close_matches(key, _VARIANT, n=1, cutoff=_ALIKE)
        if key not in _VARIANT and (near or not is_language(key)):
            known = (*_VARIANT, "en", "zh")
            source.wrong((*path, key), f"`{key}` is not a key here and no language", did_you_mean(key, known))
    if not variant.keys() - {"when"}:
        source.wrong(path, "the fix says nothing", "Give its words as `text`, or by language (`en`, `zh`).")


def _targets(rules: Source, faq: Source) -> None:
    entries = {str(entry.get("id")) for _, entry in records(faq, "entries")}
    for path, rule in records(rules, "rules"):
        for key in ("entries", "against"):
            _known(rules, (*path, key), rule.get(key), entries, "no entry is called")


def _facts(sources: Mapping[str, Source]) -> None:
    """Facts that are asked about must stand in the template."""
    template = sources["template"]
    fields = {str(field.get("id")) for _, field in records(template, "fields")}
    called = "no field of template.yaml is called"
    for path, field in records(template, "fields"):
        _known(template, (*path, "met_by"), field.get("met_by"), fields, called)
    for path, entry in records(sources["faq"], "entries") if "faq" in sources else ():
        _known(sources["faq"], (*path, "needs"), entry.get("needs"), fields, called)
        for step, variant in _items(entry.get("fix")):
            when = variant.get("when") if isinstance(variant, dict) else None
            _asked(sources["faq"], (*path, "fix", step, "when"), when, fields)
    for kind in ("rules", "labels"):
        for path, rule in records(sources[kind], "rules") if kind in sources else ():
            _asked(sources[kind], (*path, "when"), rule.get("when"), fields)


def _label_rules(source: Source) -> None:
    """A rule must look at something, and a question without answers says nothing."""
    for path, rule in records(source, "rules"):
        if not rule.keys() & {"when", "title", "path", "frame", "field"}:
            remedy = "Give `when`, `title`, `path`, `frame`, or `field` with `answers`."
            source.wrong(path, "the rule looks at nothing", remedy)
        if ("field" in rule) != bool(rule.get("answers")):
            source.wrong(path, "`field` and `answers` go together", "Give the form's question and the answers to it.")


def _asked(source: Source, path: Path, when: Any, fields: AbstractSet[str]) -> None:
    try:
        asked = sorted(facts_of(parse_condition(when))) if isinstance(when, str) else []
    except ValueError:  # told with its column by the shape
        return
    unknown = [name for name in asked if name not in fields]
    if unknown:
        remedies = " ".join(dict.fromkeys(did_you_mean(name, fields) for name in unknown))
        names = " or ".join(f"`{name}`" for name in unknown)
        source.wrong(path, f"no field of template.yaml is called {names}", f"{remedies} A text stands in quotes.")


def _known(source: Source, path: Path, names: Any, known: AbstractSet[str], what: str) -> None:
    for step, name in _items(names):
        if isinstance(name, str) and name not in known:
            source.wrong((*path, step), f"{what} `{name}`", did_you_mean(name, known))


def _items(value: Any) -> Iterator[tuple[int, Any]]:
    yield from enumerate(value if isinstance(value, list) else ())


def _phrases(source: Source, shipped: Phrases) -> None:
    """The bot's own words: texts by language and key, whose places are plain names that are filled in."""
    if not isinstance(source.value, dict):
        source.wrong((), "replies are languages with their phrases", "Write `en:` and below it `key: text`.")
        return
    for language, phrases in source.value.items():
        if not is_language(language):
            remedy = "Write a language as two or three letters, such as `en` or `zh`."
            source.wrong((language,), f"`{language}` is not written as expected", remedy)
        elif not isinstance(phrases, dict):
            source.wrong((language,), "a language holds phrases", "Write `key: text` below it.")
        else:
            for key, phrase in phrases.items():
                _phrase(key, phrase, shipped, partial(source.wrong, (language, key)))


def _phrase(key: str, phrase: Any, shipped: Phrases, wrong: Callable[[str, str], None]) -> None:
    models = [phrases[key] for phrases in shipped.values() if key in phrases]
    filled = frozenset().union(*(places(model) or () for model in models))
    if not isinstance(phrase, str) or not phrase.strip():
        wrong("a phrase is a text", "Write it, or take the key away: then the bot's own is used.")
    elif shipped and not models:
        wrong(f"the bot never says `{key}`", did_you_mean(key, {k for p in shipped.values() for k in p}))
    elif (named := places(phrase)) is None:
        wrong("not a text with plain places", "Write places as `{name}` only, and a brace itself as `{{`.")
    elif shipped and named - filled:
        place = min(named - filled)
        remedy = did_you_mean(place, filled) if filled else "Take it out: nothing is filled in here."
        wrong(f"nothing fills the place `{{{place}}}`", remedy)
