"""The figures of an evaluation as one HTML page with plots: nothing is loaded, so that it can be kept and mailed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from triagebot.proof.tables import NAMES

# Cases are hostile text: everything is escaped, and an unknown name in the page is an error, not an empty place.
_PAGES = Environment(loader=PackageLoader("triagebot.proof", "."), autoescape=True, undefined=StrictUndefined)
_SIDE = 240  # pixels of a square plot
_CURVES = {"precision": "#1a7f37", "coverage": "#0969da", "false_answers": "#cf222e"}


def page(figures: dict[str, Any], name: str) -> str:
    """Return the page for the figures of `summarise`; `name` says which cases were scored."""
    return _PAGES.get_template("page.html.j2").render(
        name=name,
        figures=figures,
        rates={words: figures[key] for key, words in NAMES.items()},
        groups={
            "Entries (coverage)": figures["per_entry"],
            "Languages (coverage)": figures["per_language"],
            "Answered, by kind": figures["answered_per_kind"],
        },
        side=_SIDE,
        points=[_point(inside, figures["reliability"]) for inside in figures["reliability"]],
        curves=[(key, colour, _curve(figures["by_threshold"], key)) for key, colour in _CURVES.items()],
    )


def _point(inside: dict[str, Any], bins: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return a tenth of the probabilities as a dot: its place in pixels, and a radius that grows with its count."""
    part = inside["count"] / sum(b["count"] for b in bins)
    return {"x": _across(inside["said"]), "y": _up(inside["right"]), "r": round(3 + 9 * part**0.5, 1)}


def _curve(rows: Sequence[dict[str, Any]], key: str) -> str:
    """Return the points of an SVG line over the thresholds; where nothing was counted there is no point."""
    return " ".join(f"{_across(row['act_from'])},{_up(row[key])}" for row in rows if row[key] is not None)


def _across(share: float) -> float:
    return round(share * _SIDE, 1)


def _up(share: float) -> float:
    return round((1 - share) * _SIDE, 1)
