"""From checked shapes to records."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from triagebot import records
from triagebot.conditions import parse_condition
from triagebot.knowledge import shapes
from triagebot.knowledge.source import Path, Source, did_you_mean

Draft = Any
"""A checked shape, or the mapping of replies; None when the source has problems."""

_CODE_LENGTH = 8


def drafted(kind: str, source: Source) -> tuple[Source, Draft]:
    """Return the source with its checked shape; what is wrong is noted in the source."""
    if source.value is None and not source.problems:
        source.wrong((), "the file is empty", f"Write at least `{kind}` into it, or take the file away.")
    if source.problems:
        return source, None
    if kind == "replies":
        return source, _replies(source)
    try:
        return source, shapes.SHAPES[kind].model_validate(source.value)
    except ValidationError as error:
        for mistake in error.errors(include_url=False):
            _note(source, kind, mistake)
    return source, None


def knowledge(
    own: Mapping[str, tuple[Source, Draft]], behind: Mapping[str, tuple[Source, Draft]], digest: str
) -> records.Knowledge:
    """Return the records of all drafts; conditions that cannot be read are left to the check."""
    source, faq = own["faq"]
    forms = _records(behind, "forms", _form) | _records(own, "forms", _form)
    terms = _records(behind, "terms", _term)
    for name, term in _records(own, "terms", _term).items():
        words = (*terms[name].words, *term.words) if name in terms else term.words
        terms[name] = records.Term(id=name, words=tuple(dict.fromkeys(words)), asking=term.asking)
    return records.Knowledge(
        project=faq.project or "",
        entries=tuple(_entry(entry, source.line(("entries", i, "id"))) for i, entry in enumerate(faq.entries)),
        forms=tuple(forms.values()),
        rules=tuple(_records(own, "rules", _rule).values()),
        template=_template(*own["template"]) if "template" in own else records.Template(),
        terms=tuple(terms.values()),
        replies=_merged(behind.get("replies"), own.get("replies")),
        digest=digest,
    )


def condition(text: str) -> records.Condition | None:
    """Return a parsed condition, or None when it cannot be read (the check tells why)."""
    try:
        return parse_condition(text)
    except ValueError:
        return None


def _records(drafts: Mapping[str, tuple[Source, Draft]], kind: str, make: Any) -> dict[str, Any]:
    if kind not in drafts:
        return {}
    source, draft = drafts[kind]
    made = (make(item, source.line((kind, i, "id"))) for i, item in enumerate(getattr(draft, kind)))
    return {record.id: record for record in made}


def _words(words: Any) -> dict[str, str]:
    return {"": words} if isinstance(words, str) else dict(words)


def _entry(entry: shapes.Entry, line: int) -> records.Entry:
    questions = entry.questions if isinstance(entry.questions, dict) else {"": entry.questions}
    return records.Entry(
        id=entry.id,
        topic=entry.topic or "",
        title=_words(entry.title),
        signatures=tuple(map(_pattern, entry.signatures)),
        unless=tuple(map(_pattern, entry.unless)),
        questions={code: tuple(texts) for code, texts in questions.items() if texts},
        fix=_fixes(entry.fix),
        labels=tuple(entry.labels),
        needs=tuple(entry.needs),
        links=tuple(entry.links),
        examples=tuple(entry.examples),
        counterexamples=tuple(entry.counterexamples),
        line=line,
    )


def _pattern(pattern: str | shapes.Pattern) -> records.Pattern:
    if isinstance(pattern, str):
        return records.Pattern(text=pattern)
    return records.Pattern(
        text=pattern.regex or pattern.text or "",
        regex=pattern.regex is not None,
        family=pattern.family or "",
        type=pattern.type or "",
    )


def _fixes(fix: Any) -> tuple[records.Variant, ...]:
    if not isinstance(fix, list):
        return (records.Variant(text=_words(fix)),)
    return tuple(records.Variant(text=_words(f)) if isinstance(f, str) else _variant(f) for f in fix)


def _variant(variant: shapes.Variant) -> records.Variant:
    text = dict(variant.__pydantic_extra__ or {})
    if variant.text is not None:
        text[""] = variant.text
    return records.Variant(text=text, when=condition(variant.when) if variant.when else None)


def _rule(rule: shapes.Rule, line: int) -> records.Rule:
    return records.Rule(
        id=rule.id,
        when=condition(rule.when) or records.Condition(text=rule.when),
        says=_words(rule.says),
        entries=tuple(rule.entries),
        examples=tuple(rule.examples),
        counterexamples=tuple(rule.counterexamples),
        line=line,
    )


def _template(source: Source, template: shapes.Template) -> records.Template:
    fields = (_field(field, source.line(("fields", i, "id"))) for i, field in enumerate(template.fields))
    return records.Template(fields=tuple(fields), boilerplate=tuple(template.boilerplate))


def _field(field: shapes.TemplateField, line: int) -> records.Field:
    return records.Field(
        id=field.id,
        title=_words(field.title),
        how=_words(field.how),
        names=tuple(field.names),
        packages=tuple(field.packages),
        met_by=tuple(field.met_by),
        required_for=tuple(field.required_for),
        line=line,
    )


def _form(form: shapes.Form, line: int) -> records.Form:
    return records.Form(
        id=form.id,
        family=form.family,
        type=form.type or "",
        pattern=form.pattern,
        envelope=form.envelope,
        examples=tuple(form.examples),
        counterexamples=tuple(form.counterexamples),
        line=line,
    )


def _term(term: shapes.Term, _: int) -> records.Term:
    return records.Term(id=term.id, words=tuple(term.words), asking=term.asking)


def _replies(source: Source) -> dict[str, dict[str, str]]:
    """Check the bot's own words: texts whose places are plain names."""
    if not isinstance(source.value, dict):
        source.wrong((), "replies are languages with their phrases", "Write `en:` and below it `key: text`.")
        return {}
    for language, phrases in source.value.items():
        if not isinstance(phrases, dict):
            source.wrong((language,), "a language holds phrases", "Write `key: text` below it.")
            continue
        for key, text in phrases.items():
            if not isinstance(text, str) or not _plain_places(text):
                source.wrong((language, key), "not a text with plain places", "Write places as `{name}` only.")
    return source.value


def _plain_places(text: str) -> bool:
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return False
    return all(name is None or (name.isidentifier() and not spec and not bang) for _, name, spec, bang in parts)


def _merged(*drafts: tuple[Source, Draft] | None) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for draft in drafts:
        for language, phrases in (draft[1] if draft else {}).items():
            merged[language] = {**merged.get(language, {}), **phrases}
    return merged


def _note(source: Source, kind: str, mistake: Any) -> None:
    """Say one mistake of pydantic's in the words of whoever writes the file."""
    path = _place(source, mistake["loc"])
    name = path[-1] if path else kind
    what = mistake["msg"].removeprefix("Value error, ")
    what, remedy = what[:1].lower() + what[1:], "See docs/faq-format.md."
    if mistake["type"] == "extra_forbidden":
        what, remedy = f"`{name}` is not a key here", did_you_mean(str(name), _known(kind, path))
    elif mistake["type"] == "missing":
        what, remedy = f"`{mistake['loc'][-1]}` is missing", "Every record needs it."
    elif mistake["type"] == "string_pattern_mismatch":
        what, remedy = f"`{mistake['input']}` is not written as expected", _written(str(name), path)
    source.wrong(path, what, remedy)


def _written(name: str, path: Path) -> str:
    if name == "id" or any(step in {"needs", "entries"} for step in path[1:]):
        return "Write it in lower case with hyphens, such as `out-of-memory`."
    if "links" in path:
        return "Write a link as http:// or https://."
    return "Write a language as two or three letters, such as `en` or `zh`."


def _place(source: Source, location: Iterable[Any]) -> Path:
    """Keep the steps of pydantic's location that exist in the file; the rest names alternatives of a type."""
    path: list[str | int] = []
    value = source.value
    for step in location:
        if (isinstance(value, dict) and step in value) or (isinstance(value, list) and isinstance(step, int)):
            path.append(step)
            value = value[step]
    return tuple(path)


def _known(kind: str, path: Path) -> list[str]:
    """Return the keys that may stand where an unknown one was found."""
    shape: Any = shapes.SHAPES[kind]
    inner = {"entries": shapes.Entry, "rules": shapes.Rule, "fields": shapes.TemplateField}
    inner |= {"forms": shapes.Form, "terms": shapes.Term, "signatures": shapes.Pattern, "unless": shapes.Pattern}
    for step in path[:-1]:
        shape = inner.get(str(step), shape)
    return list(shape.model_fields)
