"""The file of a label model: one compressed .npz with a format version, a hash and the training report inside."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from triagebot.diagnose.labels.features import FAMILIES
from triagebot.diagnose.labels.model import Cut, LabelModel, Vocabulary
from triagebot.errors import ModelError

FORMAT = 2  # 1 hashed words another way
_LARGEST = 8_000_000  # bytes, packed
_LARGEST_PART = 64_000_000  # bytes, unpacked
_PARTS = ("buckets", "worth", "weights", "bias")
_AGAIN = "Train it again (triagebot train labels), or take it out of the settings."


def write_model(model: LabelModel, path: Path) -> int:
    """Write a model and return the file's size in bytes; raises OSError.

    Weights are kept as halves (IEEE 754 binary16): `rounded` ones are kept exactly.
    """
    parts: dict[str, Any] = {
        "buckets": np.diff(model.vocabulary.buckets, prepend=np.uint32(0)).astype(np.uint32),
        "worth": model.vocabulary.worth.astype(np.float16),
        "weights": model.weights.astype(np.float16),
        "bias": model.bias.astype(np.float32),
    }
    head = np.frombuffer(json.dumps(_head(model), ensure_ascii=True, sort_keys=True).encode(), np.uint8)
    digest = np.frombuffer(_digest(head, parts), np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".part")
    with fresh.open("wb") as opened:
        np.savez_compressed(opened, allow_pickle=False, head=head, digest=digest, **parts)
    fresh.replace(path)  # a reader sees the old file or the new one
    return path.stat().st_size


def read_model(path: Path) -> LabelModel:
    """Return the model in a file; raises ModelError when it is damaged, of a newer bot, or no model at all."""
    arrays = _arrays(path)
    if not {"head", "digest", *_PARTS} <= arrays.keys():
        raise ModelError(f"{path}: not a label model. {_AGAIN}")
    head, parts = arrays["head"], {name: arrays[name] for name in _PARTS}
    told = _json(head.tobytes())
    if told.get("format") != FORMAT:
        version = told.get("format", "unknown")
        raise ModelError(f"{path}: its format is {version}, this triagebot reads {FORMAT}. {_AGAIN}")
    if _digest(head, parts) != arrays["digest"].tobytes():
        raise ModelError(f"{path}: damaged, its hash does not fit. Copy it again. {_AGAIN}")
    try:
        return _model(told, parts)
    except (KeyError, TypeError, ValueError) as error:  # whole, and written by a triagebot that saw other features
        raise ModelError(f"{path}: of another triagebot ({type(error).__name__} {error}). {_AGAIN}") from None


def _head(model: LabelModel) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "repositories": sorted(model.repositories),
        "labels": list(model.labels),
        "families": dict(zip(FAMILIES, model.vocabulary.families, strict=True)),
        "temperature": model.temperature,
        "exclusive": model.exclusive,
        "cuts": [{"act": cut.act, "suggest": cut.suggest} for cut in model.cuts],
        "tags": list(model.tags),
        "report": dict(model.report),
    }


def _model(head: dict[str, Any], parts: dict[str, Any]) -> LabelModel:
    vocabulary = Vocabulary(
        buckets=np.cumsum(parts["buckets"], dtype=np.uint32),
        worth=parts["worth"].astype(np.float32),
        families=tuple(head["families"][name] for name in FAMILIES),
    )
    return LabelModel(
        repositories=frozenset(head["repositories"]),
        labels=tuple(head["labels"]),
        vocabulary=vocabulary,
        weights=parts["weights"].astype(np.float32),
        bias=parts["bias"].astype(np.float32),
        temperature=head["temperature"],
        exclusive=head["exclusive"],
        cuts=tuple(Cut(**cut) for cut in head["cuts"]),
        tags=tuple(head["tags"]),
        report=head["report"],
    )


def _digest(head: Any, parts: dict[str, Any]) -> bytes:
    digest = hashlib.sha256(head.tobytes())
    for name in _PARTS:
        part = np.ascontiguousarray(parts[name])
        digest.update(f"{name}{part.shape}{part.dtype.str}".encode() + part.tobytes())
    return digest.digest()


def _arrays(path: Path) -> dict[str, Any]:
    """Return the arrays of an .npz, sizes checked before anything is unpacked."""
    try:
        if path.stat().st_size > _LARGEST:
            raise ModelError(f"{path}: larger than {_LARGEST // 1_000_000} MB; a label model is below 1 MB. {_AGAIN}")
        with zipfile.ZipFile(path) as packed:
            if any(part.file_size > _LARGEST_PART for part in packed.infolist()):
                raise ModelError(f"{path}: it unpacks to more than a label model holds. {_AGAIN}")
        with np.load(path, allow_pickle=False) as opened:
            return {name: opened[name] for name in opened.files}
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror or error}). Check the name and the rights."
        ) from None
    except (ValueError, EOFError, KeyError, NotImplementedError, zipfile.BadZipFile, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise ModelError(f"{path}: not a label model, or damaged ({type(error).__name__}). {_AGAIN}") from None


def _json(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
