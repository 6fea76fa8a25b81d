"""Room 6, compose: a verdict becomes words in the reporter's language, within the limits of the place."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from triagebot.compose.fit import Part, fit
from triagebot.compose.markdown import bullets, code, fold_away
from triagebot.compose.past import tell_past
from triagebot.compose.words import Voice
from triagebot.records import (
    Answer,
    Dialect,
    Evidence,
    Fact,
    Finding,
    Knowledge,
    Level,
    Memo,
    Missing,
    Outcome,
    Policy,
    Reply,
    Rung,
    Variant,
    Verdict,
)

# GitHub's documented limit for a comment, 65,536 characters, less room for the hidden lines.
GITHUB = Dialect(name="github", limit=60_000, folds=True, commands=True)
TERMINAL = Dialect(name="terminal", limit=1_000_000, folds=False)
# Longer than one message can be: the door cuts it, and attaches the whole.
DISCORD = Dialect(name="discord", limit=60_000, folds=False, bare=True)
DIALECTS = {dialect.name: dialect for dialect in (GITHUB, TERMINAL, DISCORD)}

_MOST_REASONS = 3
_ASKING = frozenset({Rung.SUGGEST, Rung.ACT})
_NOTHING = Memo()


def compose(
    verdict: Verdict,
    knowledge: Knowledge,
    policy: Policy,
    dialect: Dialect,
    language: str = "",
    *,
    past: Memo = _NOTHING,
) -> Reply:
    """Return the reply; `language` overrides the reporter's own, `past` is what was said before.

    A silent verdict gives an empty text.
    """
    language = language or verdict.assessment.case.document.language
    language = language if language in policy.languages else policy.languages[0]
    voice = Voice(knowledge, language, verdict.assessment.case.document.report.seams)
    history = tell_past(past, verdict, policy.withdrawn, knowledge, voice)
    fold = fold_away(voice.say("earlier"), bullets(history), folds=dialect.folds) if history else ""
    return Reply(
        language=language,
        text=_text(verdict, voice, dialect, fold),
        withdrawn=fit([Part(_ending(past, policy, voice)), Part(fold, cut=1)], dialect.limit),
        request=_request(verdict, past, voice),
        settled=_settled(policy, voice),
    )


def _text(verdict: Verdict, voice: Voice, dialect: Dialect, history: str) -> str:
    """Return the whole reply; where it is too long, evidence goes first and the fix last."""
    if verdict.outcome is Outcome.SILENT:
        return ""
    parts = [
        Part(_cause(verdict, voice)),
        Part(_findings(verdict, voice), cut=4),
        Part(_fix(verdict, voice)),
        Part(_missing(verdict, voice), cut=5),
        Part(_suggestions(verdict, voice), cut=3),
        Part("" if dialect.bare else _why(verdict, voice, dialect), cut=1),
        Part(history, cut=2),
        Part(_appeal(voice, dialect), cut=6),
    ]
    return fit(parts, dialect.limit)


def _appeal(voice: Voice, dialect: Dialect) -> str:
    """Say how to object, where the place does not show it by itself."""
    return "" if dialect.bare else voice.say("appeal-command" if dialect.commands else "appeal")


def _ending(past: Memo, policy: Policy, voice: Voice) -> str:
    """Say why nothing is said any more: a person called it wrong, all is there, or it no longer applies."""
    if set(past.answers + past.hints) & policy.withdrawn:
        return voice.say("withdrawn-wrong")
    asked_only = (past.asked or past.met) and not (past.answers or past.hints or past.wrong)
    return _settled(policy, voice) if asked_only else voice.say("withdrawn")


def _settled(policy: Policy, voice: Voice) -> str:
    """Say why nothing is asked for any more: it is there, or people ended the asking."""
    return voice.say("settled" if policy.needs_info in _ASKING else "dropped")


def _request(verdict: Verdict, past: Memo, voice: Voice) -> str:
    """Ask for what was never asked before, where a reply stands already; an edit would reach nobody."""
    new = [item for item in verdict.missing if item.field.id not in {*past.asked, *past.met}]
    if past == _NOTHING or not new:
        return ""
    brought = {item.field.id for item in new}
    told = [_wanted(item, verdict, voice) for item in new if item.part_of not in brought]
    return voice.say("missing-next") + "\n\n" + bullets(told)


def _main(verdict: Verdict) -> Answer | None:
    return next((answer for answer in verdict.answers if answer.level is Level.ACT), None)


def _cause(verdict: Verdict, voice: Voice) -> str:
    """The answer's title and the reporter's own line that led to it; without an answer, a plain greeting."""
    answer = _main(verdict)
    if answer is None:
        return voice.say("unsure" if verdict.answers else "ask")
    head = voice.say("cause", title=voice.pick(answer.diagnosis.entry.title))
    shown = _quoted(answer.diagnosis.evidence[0], voice) if answer.diagnosis.evidence else voice.say("chosen")
    return f"{head}\n\n> {shown}"


def _distinct(answer: Answer) -> list[Evidence]:
    quotes = {item.quote: item for item in reversed(answer.diagnosis.evidence)}
    return sorted(quotes.values(), key=answer.diagnosis.evidence.index)[:_MOST_REASONS]


def _quoted(item: Evidence, voice: Voice) -> str:
    return voice.say("quoted", place=voice.place(item.line), quote=code(item.quote))


def _fix(verdict: Verdict, voice: Voice) -> str:
    answer = _main(verdict)
    if answer is None:
        return ""
    fixes = "\n\n".join(_variant(fix, voice, several=len(answer.fixes) > 1) for fix in answer.fixes)
    links = " · ".join(f"<{link}>" for link in answer.diagnosis.entry.links)
    more = "\n\n" + voice.say("links", links=links) if links else ""
    return f"{voice.say('fix')}\n\n{fixes}{more}"


def _variant(fix: Variant, voice: Voice, *, several: bool) -> str:
    if not several:
        return voice.pick(fix.text)
    head = voice.say("fix-otherwise") if fix.when is None else voice.say("fix-if", condition=code(fix.when.text))
    return f"{head}\n\n{voice.pick(fix.text)}"


def _findings(verdict: Verdict, voice: Voice) -> str:
    """What the environment shows, where that bears on what is said."""
    said = {answer.diagnosis.entry.id for answer in verdict.answers}
    bearing = [finding for finding in verdict.assessment.findings if _bears(finding, said)]
    if not bearing:
        return ""
    return voice.say("findings") + "\n\n" + bullets([_finding(finding, voice) for finding in bearing])


def _bears(finding: Finding, said: AbstractSet[str]) -> bool:
    concerned = {*finding.rule.entries, *finding.rule.against}
    return not concerned or bool(said & concerned)


def _finding(finding: Finding, voice: Voice) -> str:
    facts = [_fact(fact, voice) for fact in finding.facts]
    return voice.say("finding", says=finding_text(finding, voice), facts=voice.say("and").join(facts))


def finding_text(finding: Finding, voice: Voice) -> str:
    """Return what a finding says: the words of its rule, else the bot's own for the fact it is about."""
    says = voice.pick(finding.rule.says)
    return says or voice.say(f"finding-{finding.rule.id}", title=voice.fact(finding.facts[0].name))


def _fact(fact: Fact, voice: Voice) -> str:
    return voice.say("fact", title=voice.fact(fact.name), value=code(fact.value), place=voice.place(fact.line))


def _missing(verdict: Verdict, voice: Voice) -> str:
    if not verdict.missing:
        return ""
    return f"{voice.say('missing-more' if verdict.answers else 'missing')}\n\n{asked_for(verdict, voice)}"


def asked_for(verdict: Verdict, voice: Voice) -> str:
    """Return everything that is missing as a list, with the way to get it."""
    return bullets([_wanted(item, verdict, voice) for item in verdict.missing if not item.part_of])


def _wanted(item: Missing, verdict: Verdict, voice: Voice) -> str:
    parts = [field_title(part, voice) for part in verdict.missing if part.part_of == item.field.id]
    with_parts = voice.say("parts", parts=voice.say("and").join(parts)) if parts else ""
    return voice.say("wanted", title=field_title(item, voice), parts=with_parts, how=field_how(item, voice))


def field_title(item: Missing, voice: Voice) -> str:
    """Return what is asked for, in a word or two."""
    return voice.pick(item.field.title) or voice.say(f"{item.field.id}-title")


def field_how(item: Missing, voice: Voice) -> str:
    """Return how to get what is asked for."""
    how = item.why.replace("why-", "how-", 1)
    return voice.pick(item.field.how) or voice.say(how, title=field_title(item, voice), detail=item.detail)


def field_why(item: Missing, voice: Voice) -> str:
    """Return why it is asked for."""
    return voice.say(item.why, entry=item.entry)


def _suggestions(verdict: Verdict, voice: Voice) -> str:
    maybe = [answer for answer in verdict.answers if answer.level is Level.SUGGEST]
    if not maybe:
        return ""
    return voice.say("maybe") + "\n\n" + bullets([_suggestion(answer, voice) for answer in maybe])


def _suggestion(answer: Answer, voice: Voice) -> str:
    entry = answer.diagnosis.entry
    title = voice.pick(entry.title)
    shown = f"[{title}]({entry.links[0]})" if entry.links else f"**{title}**"
    suggestion = voice.say("suggestion", title=shown, quoted=_quoted(answer.diagnosis.evidence[0], voice))
    return f"{suggestion}{_told_apart(answer, voice)}"


def _told_apart(answer: Answer, voice: Voice) -> str:
    """How a reader sees that it is this one of two that claim the same line: in the FAQ's words, or by another line."""
    if answer.contested and answer.diagnosis.entry.recognise:
        return voice.say("recognise", text=voice.pick(answer.diagnosis.entry.recognise))
    return voice.say("sign", sign=code(answer.sign)) if answer.sign else ""


def _why(verdict: Verdict, voice: Voice, dialect: Dialect) -> str:
    reasons = [
        reason(item, answer.diagnosis.probability, voice) for answer in verdict.answers for item in _distinct(answer)
    ]
    reasons += [_reason_asked(item, voice) for item in verdict.missing if not item.part_of]
    hinted = [code(label.name) for label in verdict.labels if label.level is Level.SUGGEST] if dialect.commands else []
    reasons += [voice.say("labels-hinted", labels=voice.say("and").join(hinted))] if hinted else []
    return fold_away(voice.say("why"), bullets(reasons), folds=dialect.folds) if reasons else ""


def reason(item: Evidence, probability: float, voice: Voice) -> str:
    """Return a piece of evidence in a sentence: for what, how likely, by which matcher, where."""
    return voice.say(
        "why-evidence",
        entry=code(item.entry),
        probability=f"{probability:.2f}",
        matcher=voice.say(f"matcher-{item.matcher}"),
        score=f"{item.score:.2f}",
        place=voice.place(item.line),
        quote=code(item.quote),
    )


def _reason_asked(item: Missing, voice: Voice) -> str:
    return voice.say("why-asked", title=field_title(item, voice), why=field_why(item, voice))
