"""Webhook signatures: whether a body was signed with our secret (pure).

Source: GitHub's documentation, "Validating webhook deliveries": the header X-Hub-Signature-256 holds `sha256=` and the
hexadecimal HMAC-SHA256 of the body as it was sent.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

HEADER = "X-Hub-Signature-256"
_PREFIX = "sha256="


def sign(body: bytes, secret: str) -> str:
    """Return the value of the signature header for a body."""
    return _PREFIX + hmac.digest(secret.encode(), body, "sha256").hex()


def is_genuine(body: bytes, header: str, secrets: Sequence[str]) -> bool:
    """Tell whether the header signs exactly this body with one of the secrets, in constant time.

    There are two while one is exchanged for the other.  The older SHA-1 header is no proof.  Bytes are compared,
    because a header may hold anything, and comparing text that is not ASCII raises.
    """
    given = header.encode("utf-8", "surrogateescape")
    return any(hmac.compare_digest(given, sign(body, secret).encode("ascii")) for secret in secrets)
