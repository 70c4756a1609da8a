"""Reports as tables, aligned for a terminal and in Markdown, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np

from models.training.reports.report import ANSWERS, MEAN, MODEL, OTHER, TRUTH, Report

HEADLINE = (
    "LVE, squared maximum, 1e-5 m²",
    "LVE, maximum, mm",
    "mean lip error, mm",
    "FVE, mm",
    "FDD, signed, 1e-5 m²",
    "MOD, mm",
    "movement kept",
    "lip DTW, mm",
    "MTM, ms",
    "velocity error, mm/s",
    "jitter of the lips / true",
    "closure recall",
    "blendshape error, all",
)
"""Columns where several networks are compared."""
Rows = Sequence[Sequence[str]]


def full_table(report: Report) -> Rows:
    """Every figure of one network, beside answers that need no ears and the truth itself."""
    pooled = {answer: report.pooled(answer) for answer in ANSWERS}
    head = ("", report.model, MEAN, OTHER, TRUTH)
    return [head, *((key, *(_cell(pooled[who].get(key)) for who in ANSWERS)) for key in pooled[MODEL])]


def headline_table(reports: Sequence[Report]) -> Rows:
    """One row a network, then what the first gives without ears; all on the same lines and masks."""
    found = [(each.model, each.pooled(MODEL)) for each in reports]
    found += [(answer, reports[0].pooled(answer)) for answer in (MEAN, OTHER)]
    keys = [key for key in HEADLINE if any(key in figures for _, figures in found)]
    return [("", *keys), *((name, *(_cell(figures.get(key)) for key in keys)) for name, figures in found)]


def aligned(rows: Rows) -> str:
    """Rows for a terminal: names to the left, numbers to the right; wide tables are turned on their side."""
    if len(rows[0]) > len(rows) + 2:
        rows = list(zip(*rows, strict=True))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def markdown(rows: Rows) -> str:
    """Rows as a table in Markdown."""
    rule = ["---", *["---:"] * (len(rows[0]) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (rows[0], rule, *rows[1:]))


def document(reports: Sequence[Report], about: str) -> str:
    """Write the whole of table.md."""
    parts = [f"# {', '.join(each.model for each in reports)}", about]
    if len(reports) > 1:
        parts.append(markdown(headline_table(reports)))
    for each in reports:
        parts.append(f"## {each.model}")
        parts.append(markdown(full_table(each)))
    return "\n\n".join(parts) + "\n"


def described(report: Report, data: str) -> str:
    """Say on what all figures were measured."""
    speakers = sorted({line.speaker for line in report.lines})
    count, seconds = len(report.lines), sum(line.frames / line.fps for line in report.lines)
    return (
        f"{count} held-out line{'s' if count > 1 else ''} ({seconds:.0f} s) "
        f"of {', '.join(speakers)} from {data}. "
        f"Measured on {report.head}. FDD above 0: moves too little. "
        f"Movement kept: standard deviation of the mouth's opening, of the true one's; a line each. "
        f"Closures: where the true lips meet for under 0.3 s."
    )


def as_json(reports: Sequence[Report], about: str) -> str:
    """Every line, every figure; what a line has no figure for is null."""
    return json.dumps({"about": about, "networks": [_record(each) for each in reports]}, indent=1)


def _record(report: Report) -> Mapping[str, object]:
    return {
        "name": report.model,
        "head": report.head.name,
        "lips": report.head.lips.name,
        "upper face": None if report.head.upper is None else report.head.upper.name,
        "pooled": {who: _numbers(report.pooled(who)) for who in ANSWERS},
        "lines": [
            {
                "name": line.name,
                "speaker": line.speaker,
                "frames": line.frames,
                "figures": {who: _numbers(line.figures[who]) for who in ANSWERS},
            }
            for line in report.lines
        ],
    }


def _numbers(figures: Mapping[str, float]) -> Mapping[str, float | None]:
    return {key: float(f"{value:.6g}") if np.isfinite(value) else None for key, value in figures.items()}


def _cell(value: float | None) -> str:
    if value is None or np.isnan(value):
        return "–"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
