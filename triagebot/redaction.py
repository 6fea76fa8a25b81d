"""Secrets and names of accounts taken out of strangers' text before it is kept, logged or said again."""

from __future__ import annotations

import re

MARK = "[redacted]"

# Every pattern is bounded and cannot backtrack far: the text may be anything.
_TOKENS = re.compile(
    r"\bgh[pousr]_[A-Za-z0-9]{20,255}|\bgithub_pat_[A-Za-z0-9_]{20,255}|\bglpat-[\w-]{20,64}"  # GitHub, GitLab
    r"|\b[MNO][\w-]{22,28}\.[\w-]{6,7}\.[\w-]{27,60}"  # Discord
    r"|\bhf_[A-Za-z0-9]{20,64}|\bsk-[\w-]{20,200}|\bnpm_[A-Za-z0-9]{36}|\bpypi-[\w-]{50,250}"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}|\bxox[abeoprs]-[\w-]{10,250}"  # Amazon, Google, Slack
    r"|\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,2000}\.[\w-]{10,2000}"  # JSON Web Tokens
    r"|discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{15,20}/[\w-]{20,100}"
)
_KEYS = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[A-Za-z0-9+/=\s:,.\\]|-(?!-)){0,8000}"
    r"(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?"
)
_ASSIGNED = re.compile(
    r"(?i)((?:password|passwd|secret|api[_-]?key|access[_-]?key|token)[\"']?[ \t]{0,3}[=:][ \t]{0,3}[\"']?)"
    r"([^\s\"',;]{8,200})"
)
_BEARER = re.compile(r"(?i)\b(Bearer|Basic|Bot) +[\w.+/=-]{16,2000}")
_ACCOUNT = re.compile(r"(://)[^\s/@:]{1,100}:[^\s/@]{1,200}@")
_HOME = re.compile(r"(/home/|/Users/|\b[A-Za-z]:\\Users\\)[^\s/\\:\"'<>|]{1,64}")


def redact(text: str) -> str:
    """Return a text without secrets (see `hide_secrets`) and without names of home folders."""
    return _HOME.sub(r"\1user", hide_secrets(text))


def hide_secrets(text: str) -> str:
    """Return a text without access tokens, private keys and passwords in addresses.

    Line breaks outside keys stay, so that lines keep their numbers.
    """
    text = _KEYS.sub(lambda found: MARK + "\n" * found[0].count("\n"), text)
    text = _TOKENS.sub(MARK, text)
    text = _BEARER.sub(rf"\1 {MARK}", text)
    text = _ASSIGNED.sub(_assigned, text)
    return _ACCOUNT.sub(rf"\1{MARK}@", text)


def _assigned(found: re.Match[str]) -> str:
    """Take out a value that looks made up by a machine; `token=[PAD]` and a type's name stay."""
    value = found[2]
    made = any(sign.isdigit() for sign in value) and any(sign.isalpha() for sign in value)
    return found[1] + MARK if made and "(" not in value else found[0]
