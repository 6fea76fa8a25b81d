"""From checked shapes to records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from triagebot import records
from triagebot.conditions import parse_condition
from triagebot.knowledge import shapes
from triagebot.knowledge.source import Source

Draft = tuple[Source, Any]
"""A source and its checked shape; of replies, the mapping itself."""

_Record = TypeVar("_Record", records.Form, records.Rule, records.Field, records.Term)


def knowledge(
    own: Mapping[str, Draft],
    behind: Mapping[str, Draft],
    issue_templates: tuple[records.IssueTemplate, ...],
    digest: str,
) -> records.Knowledge:
    """Return the records of all drafts; those of `behind` fill in where the project has none of its own."""
    source, faq = own["faq"]
    forms = _records(behind, "forms", "forms", _form) | _records(own, "forms", "forms", _form)
    return records.Knowledge(
        project=faq.project,
        entries=tuple(_entry(entry, source.line(("entries", i, "id"))) for i, entry in enumerate(faq.entries)),
        forms=tuple(forms.values()),
        rules=tuple(_records(own, "rules", "rules", _rule).values()),
        template=_template(own),
        issue_templates=issue_templates,
        terms=_terms(own, behind),
        replies=_replies(own, behind),
        fusion=own["fusion"][1].weights if "fusion" in own else {},
        labels=_taste(own),
        digest=digest,
    )


def _records(
    drafts: Mapping[str, Draft], kind: str, key: str, make: Callable[[Any, int], _Record]
) -> dict[str, _Record]:
    if kind not in drafts:
        return {}
    source, draft = drafts[kind]
    made = (make(item, source.line((key, i, "id"))) for i, item in enumerate(getattr(draft, key)))
    return {record.id: record for record in made}


def _words(words: str | dict[str, str]) -> dict[str, str]:
    return {"": words} if isinstance(words, str) else dict(words)


def _entry(entry: shapes.Entry, line: int) -> records.Entry:
    questions = entry.questions if isinstance(entry.questions, dict) else {"": entry.questions}
    return records.Entry(
        id=entry.id,
        topic=entry.topic,
        title=_words(entry.title),
        recognise=_words(entry.recognise),
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
    text = pattern.regex or pattern.text
    return records.Pattern(text=text, regex=bool(pattern.regex), family=pattern.family, type=pattern.type)


def _fixes(fix: Any) -> tuple[records.Variant, ...]:
    variants = fix if isinstance(fix, list) else [fix]
    return tuple(
        _variant(variant) if isinstance(variant, shapes.Variant) else records.Variant(text=_words(variant))
        for variant in variants
    )


def _variant(variant: shapes.Variant) -> records.Variant:
    text = dict(variant.__pydantic_extra__)
    if variant.text:
        text[""] = variant.text
    return records.Variant(text=text, when=parse_condition(variant.when) if variant.when else None)


def _rule(rule: shapes.Rule, line: int) -> records.Rule:
    return records.Rule(
        id=rule.id,
        when=parse_condition(rule.when),
        says=_words(rule.says),
        entries=tuple(rule.entries),
        against=tuple(rule.against),
        examples=tuple(rule.examples),
        counterexamples=tuple(rule.counterexamples),
        line=line,
    )


def _template(own: Mapping[str, Draft]) -> records.Template:
    if "template" not in own:
        return records.Template()
    draft = own["template"][1]
    return records.Template(
        collect=_words(draft.collect),
        fields=tuple(_records(own, "template", "fields", _field).values()),
        boilerplate=tuple(draft.boilerplate),
    )


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


def _taste(own: Mapping[str, Draft]) -> records.LabelTaste:
    if "labels" not in own:
        return records.LabelTaste()
    source, draft = own["labels"]
    rules = (_label_rule(rule, source.line(("rules", i, "id"))) for i, rule in enumerate(draft.rules))
    return records.LabelTaste(
        rules=tuple(rules),
        allow=None if draft.allow is None else frozenset(draft.allow),
        never=frozenset(draft.never),
        names=dict(draft.names),
    )


def _label_rule(rule: shapes.LabelRule, line: int) -> records.LabelRule:
    return records.LabelRule(
        id=rule.id,
        label=rule.label,
        level=rule.level,
        when=parse_condition(rule.when) if rule.when else None,
        title=tuple(rule.title),
        path=tuple(rule.path),
        frame=tuple(rule.frame),
        question=rule.field,
        answers=tuple(rule.answers),
        examples=tuple(rule.examples),
        counterexamples=tuple(rule.counterexamples),
        line=line,
    )


def _form(form: shapes.Form, line: int) -> records.Form:
    return records.Form(
        id=form.id,
        family=form.family,
        type=form.type,
        pattern=form.pattern,
        envelope=form.envelope,
        examples=tuple(form.examples),
        counterexamples=tuple(form.counterexamples),
        line=line,
    )


def _terms(own: Mapping[str, Draft], behind: Mapping[str, Draft]) -> tuple[records.Term, ...]:
    """The project's own words are further ways to say the same."""
    terms = _records(behind, "terms", "terms", _term)
    for name, term in _records(own, "terms", "terms", _term).items():
        known = terms.get(name, term)
        words = tuple(dict.fromkeys((*known.words, *term.words)))
        terms[name] = records.Term(id=name, words=words, asking=known.asking or term.asking)
    return tuple(terms.values())


def _term(term: shapes.Term, _: int) -> records.Term:
    return records.Term(id=term.id, words=tuple(term.words), asking=term.asking)


def _replies(own: Mapping[str, Draft], behind: Mapping[str, Draft]) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for drafts in (behind, own):
        for language, phrases in drafts["replies"][1].items() if "replies" in drafts else ():
            merged.setdefault(language, {}).update(phrases)
    return merged
