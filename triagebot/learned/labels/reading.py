"""Files of issues as text, whatever wrote them."""

from __future__ import annotations

from triagebot.errors import InputError

_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"\xfd7zXZ", b"BZh", b"\x28\xb5\x2f\xfd")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def decode(raw: bytes, name: str) -> tuple[str, str]:
    """Return a file's bytes as text, and "" or what is wrong with them; raises InputError for a packed file."""
    if raw.startswith(_PACKED):
        raise InputError(f"{name}: packed; unpack it first")
    if raw.startswith(_UTF_16):  # as spreadsheets and PowerShell write
        return raw.decode("utf-16", "replace"), ""
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        complaint = f"{name}:{line}: not UTF-8 text, so some signs are lost; save the file as UTF-8"
        return raw.decode("utf-8-sig", "replace"), complaint
