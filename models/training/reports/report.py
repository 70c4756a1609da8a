"""A network beside the truth of lines that were held out: figures of each line, and of what needs no ears."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray
from tqdm import tqdm

from models.toolbox.motion_model import MotionModel
from models.training.datasets.arkit import CHANNELS
from models.training.datasets.arkit import SPACE as ARKIT
from models.training.datasets.line import Entry, Floats, Line
from models.training.metrics.dynamics import diversity
from models.training.metrics.mouth import mouth_opening
from models.training.metrics.timing import sound_beats
from models.training.metrics.vertex_errors import mean_lip_distance
from models.training.reports.figures import (
    Figures,
    Sounding,
    figures,
    pooled_figures,
    weight_figures,
)
from models.training.reports.judged_head import JudgedHead
from models.training.reports.positions import at_rest, check_comparable, spoken_positions, true_positions

MODEL, MEAN, OTHER, TRUTH = "model", "mean face", "another line's sound", "truth"
ANSWERS = (MODEL, MEAN, OTHER, TRUTH)
"""What is measured: the network, two answers that need no ears, and the truth as an answer to itself."""
DRAWN = ("jawOpen", "mouthFunnel", "mouthPucker")
"""Channels whose curves are kept."""
OPENING, LIP_ERROR = "mouth opening, mm", "mean lip error, mm"
LONGEST = 20.0
"""Seconds that are measured at once; longer lines are measured in pieces."""
VARIED_LINES = 4
"""Lines on which styles are compared."""
MANNER: Mapping[str, Any] = {
    "delay": 2.0,
    "leave": False,
    "mininterval": 0.2 if sys.stderr.isatty() else 10.0,
}
"""How work that takes a while tells so."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LineReport:
    """One line.

    Attributes
    ----------
    figures : mapping of str to Figures
        By `ANSWERS`.
    curves : mapping of str to mapping of str to ndarray of shape (F,)
        By what they show, and whose they are.
    by_vertex : ndarray of shape (V,)
        Mean distance of the model's vertices from the truth, in mm.
    """

    name: str
    speaker: str
    fps: float
    frames: int
    figures: Mapping[str, Figures]
    curves: Mapping[str, Mapping[str, Numbers]]
    by_vertex: Numbers


@dataclass(frozen=True, eq=False)
class Report:
    """All lines of one network on one head."""

    model: str
    head: JudgedHead
    lines: Sequence[LineReport]

    def pooled(self, answer: str) -> Figures:
        """Figures of the whole test set."""
        rows = [line.figures[answer] for line in self.lines]
        return pooled_figures(rows, [line.frames for line in self.lines])

    @property
    def ranked(self) -> list[LineReport]:
        """Lines from best to worst, by their lips."""
        return sorted(self.lines, key=lambda line: line.figures[MODEL].get(LIP_ERROR, np.inf))


def report(
    name: str, model: MotionModel, entries: Sequence[Entry], head: JudgedHead, closed: float
) -> Report:
    """Let a network speak held-out lines, and measure it.

    Raises
    ------
    DatasetError
        A file is at fault, or moves something else than the network does.
    """
    before = spoken(model, entries[-1].load())
    if len(entries) == 1:  # what it hears half a line later stands for another line
        before = np.roll(before, len(before) // 2, axis=0)
    lines = []
    for number, entry in enumerate(tqdm(entries, name, unit="line", **MANNER)):
        line = entry.load()
        check_comparable(model, line, head)
        own = spoken(model, line)
        found = _line(model, line, head, closed, {MODEL: own, OTHER: before})
        if number < VARIED_LINES and len(model.card.speakers) > 1:
            found = _varied(found, model, line, head)
        lines.append(found)
        before = own
    return Report(name, head, lines)


def spoken(model: MotionModel, line: Line, speaker: str | None = None) -> Floats:
    """Let a model speak a line, at the line's own frames, in its speaker's manner or another's."""
    rate = model.card.sample_rate
    samples = line.samples
    if line.rate != rate:
        samples = np.asarray(soxr.resample(samples, line.rate, rate), np.float32)
    motion = model.speak(samples, speaker=line.speaker if speaker is None else speaker)
    times = np.arange(len(line.motion)) / line.fps * model.card.fps
    place = np.clip(times, 0, len(motion) - 1)
    before = place.astype(np.intp)
    share = (place - before)[:, None].astype(np.float32)
    return np.asarray(
        motion[before] * (1 - share) + motion[np.minimum(before + 1, len(motion) - 1)] * share, np.float32
    )


def mean_face(model: MotionModel) -> Floats:
    """Return the mean motion of the lines a network learnt from, (D,)."""
    return model.mean if model.components is None else model.components.decode(model.mean[None])[0]


def _line(
    model: MotionModel, line: Line, head: JudgedHead, closed: float, answers: Mapping[str, Floats]
) -> LineReport:
    frames = min(len(line.motion), *(len(each) for each in answers.values()))
    beats = sound_beats(line.samples, line.rate)
    heard = Sounding(line.fps, line.valid[:frames], beats, closed)
    motions = {**answers, MEAN: np.repeat(mean_face(model)[None], frames, axis=0)}
    rows: dict[str, list[Figures]] = {answer: [] for answer in ANSWERS}
    curves: list[Mapping[str, Mapping[str, Numbers]]] = []
    by_vertex, sizes = np.zeros(len(head.mesh.vertices)), []
    for span in _pieces(frames, round(LONGEST * line.fps)):
        truth = true_positions(line, head, span)
        placed = {answer: spoken_positions(model, line, head, motions[answer][span]) for answer in motions}
        placed[TRUTH] = truth
        for answer, positions in placed.items():
            rows[answer].append(figures(head, truth, positions, at_rest(line, head), heard.cut(span)))
        curves.append(_curves(head, truth, placed))
        by_vertex += np.linalg.norm(placed[MODEL] - truth, axis=2)[line.valid[span]].sum(axis=0)
        sizes.append(span.stop - span.start)
    found = {answer: pooled_figures(parts, sizes) for answer, parts in rows.items()}
    drawn: dict[str, Mapping[str, Numbers]] = {
        key: {who: np.concatenate([part[key][who] for part in curves]) for who in curves[0][key]}
        for key in curves[0]
    }
    if ARKIT == line.space == model.card.motion_space:
        weights, channels = _weights(line, motions, model.card.columns, frames)
        found = {answer: {**weights[answer], **found[answer]} for answer in ANSWERS}
        drawn |= channels
    measured = max(int(heard.valid.sum()), 1)
    return LineReport(line.name, line.speaker, line.fps, frames, found, drawn, by_vertex / measured)


def _pieces(frames: int, longest: int) -> Iterator[slice]:
    count = -(-frames // longest)
    for number in range(count):
        yield slice(frames * number // count, frames * (number + 1) // count)


def _curves(
    head: JudgedHead, truth: Floats, placed: Mapping[str, Floats]
) -> Mapping[str, Mapping[str, Numbers]]:
    found: dict[str, Mapping[str, Numbers]] = {}
    if head.inner is not None:
        inner = head.inner
        found[OPENING] = {who: mouth_opening(placed[who], inner) for who in (TRUTH, MODEL, MEAN)}
    found[LIP_ERROR] = {
        who: mean_lip_distance(truth, placed[who], head.lips, 1.0) for who in (MODEL, MEAN, OTHER)
    }
    return found


def _weights(
    line: Line, motions: Mapping[str, Floats], columns: Sequence[str], frames: int
) -> tuple[Mapping[str, Figures], Mapping[str, Mapping[str, Numbers]]]:
    valid = line.valid[:frames]
    names = [name for name, known in zip(CHANNELS, line.known, strict=True) if known and name in columns]
    here, there = [CHANNELS.index(name) for name in names], [columns.index(name) for name in names]
    truth = line.motion[:frames][:, here]
    answers = {who: np.asarray(motion[:frames][:, there]) for who, motion in motions.items()} | {TRUTH: truth}
    found = {who: weight_figures(truth[valid], each[valid], names) for who, each in answers.items()}
    drawn = {
        name: {
            who: np.asarray(answers[who][:, names.index(name)], np.float64) for who in (TRUTH, MODEL, MEAN)
        }
        for name in DRAWN
        if name in names
    }
    return found, drawn


def _varied(found: LineReport, model: MotionModel, line: Line, head: JudgedHead) -> LineReport:
    """Add how far the styles that a network knows are from each other."""
    span = slice(0, min(found.frames, round(LONGEST * line.fps)))
    styles = [spoken(model, line, speaker)[span] for speaker in model.card.speakers]
    faces = np.stack([spoken_positions(model, line, head, motion) for motion in styles])
    varied = {**found.figures[MODEL], f"diversity of {len(styles)} styles, mm": diversity(faces)}
    return LineReport(
        *(found.name, found.speaker, found.fps, found.frames),
        {**found.figures, MODEL: varied},
        *(found.curves, found.by_vertex),
    )


def true_openings(lines: Iterable[Line], head: JudgedHead) -> Iterator[Numbers]:
    """Measure how wide the true mouths are open, by which it is decided when lips count as closed."""
    for line in lines:
        if head.inner is not None:
            for span in _pieces(len(line.motion), round(LONGEST * line.fps)):
                yield mouth_opening(true_positions(line, head, span), head.inner)[line.valid[span]]
