"""``main.py models``: the speech models at hand."""

from __future__ import annotations

from collections.abc import Sequence

from core.command_line import OneLineParser
from core.inference.models import ModelSummary, list_models

HEADINGS = ("name", "motion space", "fps", "parameters", "licence", "hash")


def run(words: Sequence[str]) -> int:
    """Print a table; return the exit code."""
    OneLineParser("main.py models", description="List the speech models.").parse_args(words)
    rows = [HEADINGS, *map(_row, list_models())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _row(model: ModelSummary) -> tuple[str, ...]:
    parameters = f"{model.parameters / 1e6:.2f} M"
    return (
        model.name,
        model.motion_space,
        str(model.fps),
        parameters,
        model.licence,
        model.content_hash[:12],
    )
