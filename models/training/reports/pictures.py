"""Pictures of a report: curves beside the true ones, and where and when lips are wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.training.reports.film import ending_of, heat
from models.training.reports.judged_head import JudgedHead
from models.training.reports.panels import panel
from models.training.reports.report import (
    ANSWERS,
    LIP_ERROR,
    MEAN,
    MODEL,
    OTHER,
    TRUTH,
    LineReport,
    Numbers,
    Report,
)
from models.training.reports.whole_head import is_cut_out, shown_head, unmeasured

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FACE = (560, 700)
COLOURS: Mapping[str, str] = {TRUTH: "#23527c", MODEL: "#c8502d", MEAN: "#8a8f96", OTHER: "#b9a44c"}
LONGEST = 12.0
"""Seconds of a line that are drawn."""


def draw_curves(report: Report, path: Path) -> None:
    """Draw the best, the median and the worst line: openings, errors of the lips, channels."""
    from matplotlib.figure import Figure

    chosen = chosen_lines(report)
    keys = list(dict.fromkeys(key for line in chosen.values() for key in line.curves))
    figure = Figure((5 * len(keys), 2.6 * len(chosen) + 0.4), layout="constrained")
    grid = figure.subplots(len(chosen), len(keys), squeeze=False)
    for axes, key in zip(grid[0], keys, strict=True):
        axes.set_title(key, fontsize=10, loc="left", weight="bold")
    for row, (rank, line) in zip(grid, chosen.items(), strict=True):
        for axes, key in zip(row, keys, strict=True):
            _plot(axes, line, line.curves.get(key, {}))
        row[0].set_ylabel(f"{rank}: {line.name}", fontsize=9)
    for axes in grid[-1]:
        axes.set_xlabel("seconds", fontsize=9)
    for axes in grid[0][:2]:
        axes.legend(fontsize=8, frameon=False, loc="upper right")
    figure.suptitle(f"{report.model}: lines by the error of their lips", fontsize=11)
    figure.savefig(path, dpi=100)


def draw_errors(report: Report, path: Path) -> None:
    """Draw where on the face the error lies, how it is spread, and which lines have it."""
    from matplotlib.figure import Figure

    figure = Figure((16, 5.2), layout="constrained")
    where, parts, spread, lines = figure.subplots(1, 4, width_ratios=(1.25, 0.8, 1.1, 1.1))
    by_vertex = np.average(
        [line.by_vertex for line in report.lines], axis=0, weights=[line.frames for line in report.lines]
    )
    _face(where, report.head, by_vertex)
    _parts(parts, report.head, by_vertex)
    _spread(spread, report)
    _lines(lines, report)
    figure.suptitle(f"{report.model} on {report.head.name}; lips: {report.head.lips.name}", fontsize=11)
    figure.savefig(path, dpi=100)


def chosen_lines(report: Report) -> Mapping[str, LineReport]:
    """Best, median and worst, as many as there are."""
    ranked = report.ranked
    places = {"best": 0, "median": len(ranked) // 2, "worst": len(ranked) - 1}
    found: dict[str, LineReport] = {}
    for rank, place in places.items():
        if ranked[place] not in found.values():
            found[rank] = ranked[place]
    return found


def _plot(axes: Axes, line: LineReport, curves: Mapping[str, Numbers]) -> None:
    shown = int(LONGEST * line.fps)
    for who in (*ANSWERS[1:], MODEL):
        if who in curves:
            curve = curves[who][:shown]
            width = 1.0 if who in (MEAN, OTHER) else 1.6
            axes.plot(np.arange(len(curve)) / line.fps, curve, color=COLOURS[who], linewidth=width, label=who)
    axes.margins(x=0)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def _face(axes: Axes, head: JudgedHead, by_vertex: Numbers) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    end, shown = ending_of(float(by_vertex.max())), shown_head(head)
    drawn = panel(shown, FACE)
    known = unmeasured(by_vertex[None].astype(np.float32))[0] if is_cut_out(head) else by_vertex
    try:
        picture = drawn.picture(shown.mesh.vertices, heat(known, end))
    finally:
        drawn.close()
    axes.imshow(picture)
    axes.axis("off")
    axes.set_title("mean distance from the truth, mm", fontsize=10, loc="left", weight="bold")
    scale = ScalarMappable(Normalize(0, end), "viridis")
    axes.figure.colorbar(scale, ax=axes, shrink=0.8, pad=0.02).ax.tick_params(labelsize=8)


def _parts(axes: Axes, head: JudgedHead, by_vertex: Numbers) -> None:
    parts = {"lips": head.lips.vertices}
    if head.upper is not None:
        parts["upper face"] = head.upper.vertices
    parts["rest"] = np.setdiff1d(np.arange(len(by_vertex)), np.concatenate(list(parts.values())))
    means = [float(by_vertex[part].mean()) if np.size(part) else 0.0 for part in parts.values()]
    bars = axes.bar(list(parts), means, color=COLOURS[MODEL], width=0.6)
    axes.bar_label(bars, fmt="%.2f", fontsize=9)
    _tidy(axes, "by part, mm")


def _spread(axes: Axes, report: Report) -> None:
    for who in (MODEL, MEAN, OTHER):
        errors = np.sort(np.concatenate([line.curves[LIP_ERROR][who] for line in report.lines]))
        share = np.arange(1, len(errors) + 1) / len(errors)
        axes.plot(errors, 100 * share, color=COLOURS[who], label=who)
    axes.set(xlim=(0, None), ylim=(0, 101), xlabel="mean lip error, mm")
    axes.legend(fontsize=8, frameon=False, loc="lower right")
    _tidy(axes, "% of frames with less")


def _lines(axes: Axes, report: Report) -> None:
    ranked: Sequence[LineReport] = report.ranked
    place = np.arange(len(ranked))
    for who in (OTHER, MEAN, MODEL):
        values = [line.figures[who].get(LIP_ERROR, np.nan) for line in ranked]
        axes.plot(place, values, "o", markersize=3.5, color=COLOURS[who], label=who)
    axes.margins(0.08)  # the outermost dots are whole, however few lines there are
    axes.set(ylim=(0, None), xlabel="lines, best to worst", xticks=[])
    _tidy(axes, "mean lip error of each line, mm")


def _tidy(axes: Axes, title: str) -> None:
    axes.set_title(title, fontsize=10, loc="left", weight="bold")
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
