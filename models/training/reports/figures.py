"""All figures of one answer beside the truth of one line.

Letters: F frames, V vertices. Positions are in mm on a `JudgedHead`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.training.datasets.line import Floats
from models.training.metrics.channel_errors import PARTS, channel_errors
from models.training.metrics.dynamics import dynamics_deviation, face_dynamics, jitter
from models.training.metrics.mouth import (
    closure_recall,
    closures,
    false_closures,
    mouth_opening,
    movement_kept,
    opening_difference,
)
from models.training.metrics.timing import beat_alignment, motion_beats, temporal_misalignment
from models.training.metrics.vertex_errors import (
    face_vertex_error,
    lip_vertex_error,
    mean_lip_distance,
    velocity_error,
    worst_lip_distance,
)
from models.training.metrics.warping import warped_lip_distance
from models.training.reports.judged_head import JudgedHead

Figures = Mapping[str, float]
PUBLISHED = 0.1
"""1e-5 square metres in a square millimetre: the unit that tables of VOCASET print."""
CLOSED = 0.1
"""Share of the mouth's reach up to which lips count as closed."""
CHANNELS = "blendshape error, "
FDD, FDD_SIZE = "FDD, signed, 1e-5 m²", "FDD, absolute, 1e-5 m²"
BY_FRAME = (
    "LVE, squared maximum, 1e-5 m²",
    "LVE, maximum, mm",
    "mean lip error, mm",
    "FVE, mm",
    "MOD, mm",
    "velocity error, mm/s",
    *(CHANNELS + part for part in PARTS),
)
"""Figures that are means over frames: long lines count for more, as in publications."""


@dataclass(frozen=True, eq=False)
class Sounding:
    """What figures of timing need of a line.

    Attributes
    ----------
    valid : ndarray of shape (F,), bool
    beats : ndarray of float64
        Seconds at which sounds begin.
    closed : float
        Opening in mm up to which lips count as closed.
    """

    fps: float
    valid: NDArray[np.bool_]
    beats: NDArray[np.float64]
    closed: float

    def cut(self, span: slice) -> Sounding:
        """Return what is left of it in some frames."""
        inside = (self.beats >= span.start / self.fps) & (self.beats < span.stop / self.fps)
        beats = self.beats[inside] - span.start / self.fps
        return replace(self, valid=self.valid[span], beats=beats)


def figures(head: JudgedHead, truth: Floats, answer: Floats, template: Floats, heard: Sounding) -> Figures:
    """Measure one answer.

    Parameters
    ----------
    head : JudgedHead
    truth, answer : ndarray of shape (F, V, 3)
    template : ndarray of shape (V, 3)
        The speaker at rest.
    heard : Sounding
        Frames that were not measured count nowhere; timing is that of the longest stretch without such.
    """
    valid = heard.valid
    if not valid.any():
        return {}
    distances = lip_vertex_error(truth[valid], answer[valid], head.lips)
    found = {
        "LVE, squared maximum, 1e-5 m²": float(distances.mean()) * PUBLISHED,
        "LVE, maximum, mm": float(worst_lip_distance(truth[valid], answer[valid], head.lips, 1.0).mean()),
        "mean lip error, mm": float(mean_lip_distance(truth[valid], answer[valid], head.lips, 1.0).mean()),
        "FVE, mm": float(face_vertex_error(truth[valid], answer[valid]).mean()),
    }
    run = longest_run(valid)
    truth, answer, heard = truth[run], answer[run], heard.cut(run)
    if len(truth) >= 4:
        found |= _moving(head, truth, answer, template, heard)
    if head.inner is not None and len(truth):
        openings = [mouth_opening(each, head.inner) for each in (truth, answer)]
        found |= _mouth(openings[0], openings[1], heard)
    return found


def _moving(
    head: JudgedHead, truth: Floats, answer: Floats, template: Floats, heard: Sounding
) -> dict[str, float]:
    lips = head.lips.of(answer)
    still = jitter(head.lips.of(truth), heard.fps)
    beats = motion_beats(lips.reshape(len(lips), -1), heard.fps)
    return {
        "velocity error, mm/s": float(velocity_error(truth, answer, heard.fps).mean()),
        **_upper_face(head, truth, answer, template),
        "lip DTW, mm": warped_lip_distance(truth, answer, head.lips, 1.0),
        "beat alignment": beat_alignment(heard.beats, beats),
        "jitter of the lips / true": jitter(lips, heard.fps) / still if still > 0 else float("nan"),
    }


def _upper_face(head: JudgedHead, truth: Floats, answer: Floats, template: Floats) -> dict[str, float]:
    if head.upper is None:
        return {}
    lively = [face_dynamics(each, template, head.upper) for each in (truth, answer)]
    deviation = dynamics_deviation(lively[:1], lively[1:])
    return {FDD: deviation.signed * PUBLISHED, FDD_SIZE: deviation.absolute * PUBLISHED}


def _mouth(truth: NDArray[np.float64], answer: NDArray[np.float64], heard: Sounding) -> dict[str, float]:
    times = closures(truth, heard.fps, heard.closed)
    return {
        "MOD, mm": float(opening_difference(truth, answer).mean()),
        "movement kept": movement_kept(truth, answer),
        "MTM, ms": temporal_misalignment(truth, answer, heard.fps),
        "closure recall": closure_recall(answer, heard.fps, list(times), heard.closed),
        "false closures": false_closures(truth, answer, heard.closed),
    }


def weight_figures(truth: Floats, answer: Floats, names: Sequence[str]) -> Figures:
    """Mean absolute errors of channels (F, C), by part of the face."""
    return {CHANNELS + part: error for part, error in channel_errors(truth, answer, names).items()}


def pooled_figures(rows: Sequence[Figures], frames: Sequence[int]) -> Figures:
    """Figures of a test set from those of its lines; what no line has is left out."""
    found = {}
    for key in dict.fromkeys(key for row in rows for key in row):
        values = np.array([row.get(key, np.nan) for row in rows])
        known = ~np.isnan(values)
        weights = np.array(frames, np.float64) if key in BY_FRAME else np.ones(len(rows))
        found[key] = float(np.average(values[known], weights=weights[known])) if known.any() else np.nan
    return found


def longest_run(valid: NDArray[np.bool_]) -> slice:
    """Find the longest stretch of frames that were all measured."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], valid, [False]]).astype(np.int8)))
    if not len(edges):
        return slice(0, 0)
    longest = int((edges[1::2] - edges[::2]).argmax())
    return slice(int(edges[2 * longest]), int(edges[2 * longest + 1]))


def closed_below(openings: Sequence[NDArray[np.float64]]) -> float:
    """Find the opening up to which lips count as closed, from the true openings of all lines."""
    if not openings:
        return 0.0
    low, high = np.percentile(np.concatenate(openings), (2, 95))
    return float(low + CLOSED * (high - low))
