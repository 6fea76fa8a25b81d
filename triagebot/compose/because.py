"""The chain behind a verdict, for whoever asks `/triage why`: what was read, why each thing was said or not."""

from __future__ import annotations

from triagebot.compose import reason
from triagebot.compose.fit import Part, fit
from triagebot.compose.labels import label_line
from triagebot.compose.markdown import bullets, code, fold_away
from triagebot.compose.words import Voice
from triagebot.records import Dialect, Knowledge, Signature, Verdict

_MOST_DIAGNOSES = 5
_MOST_EVIDENCE = 3
_MOST_READ = 30


def because(verdict: Verdict, knowledge: Knowledge, language: str, dialect: Dialect) -> str:
    """Return the explanation; the reasons are plain English, everything from the report is shown as code."""
    case = verdict.assessment.case
    voice = Voice(knowledge, language, case.document.report.seams)
    read = [f"{voice.place(s.line)}: {_signature(s)}" for s in case.signatures[:_MOST_READ]]
    read += [f"{voice.place(f.line)}: {code(f'{f.name} {f.value}')}" for f in case.environment[:_MOST_READ]]
    evidence = [
        reason(item, diagnosis.probability, voice)
        for diagnosis in verdict.assessment.diagnoses[:_MOST_DIAGNOSES]
        for item in diagnosis.evidence[:_MOST_EVIDENCE]
    ]
    labels = [label_line(label, verdict.answers, voice) for label in verdict.labels]
    parts = [
        Part(voice.say("why-head")),
        Part(bullets(list(verdict.reasons)) or voice.say("why-nothing")),
        Part(fold_away(voice.say("why-labels"), bullets(labels), folds=dialect.folds) if labels else "", cut=1),
        Part(fold_away(voice.say("why"), bullets(evidence), folds=dialect.folds) if evidence else "", cut=1),
        Part(fold_away(voice.say("why-read"), bullets(read), folds=dialect.folds) if read else "", cut=2),
    ]
    return fit(parts, dialect.limit)


def _signature(signature: Signature) -> str:
    return code(f"{signature.type}: {signature.message}" if signature.type else signature.message)
