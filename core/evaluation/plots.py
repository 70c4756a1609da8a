"""Pictures of how a mouth agrees with measured lips (PNG)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.audio import load_audio
from core.evaluation.measures import CaptureScore, Numbers, standardised
from core.evaluation.movement import Movement

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OURS, MEASURED, SOUND = "#c8502d", "#23527c", "#9aa4af"
PEAK = 80  # samples, 5 ms: a peak of the waveform
SHOWN = 10.0
"""Seconds of a clip that are drawn."""


def draw_scatter(pairs: Sequence[tuple[CaptureScore, Movement]], path: Path) -> None:
    """Gap of the model against the measured, all frames, and r of each speaker."""
    from matplotlib.figure import Figure

    figure = Figure((11, 5), layout="constrained")
    frames, speakers = figure.subplots(1, 2, width_ratios=(1, 1.2))
    ours = np.concatenate([standardised(_ours(*pair)) for pair in pairs])
    measured = np.concatenate([standardised(score.capture.curves["gap"]) for score, _ in pairs])
    frames.hexbin(
        measured, ours, gridsize=45, extent=(-2.5, 3.5, -2.5, 3.5), mincnt=1, bins="log", cmap="Blues"
    )
    frames.plot((-2.5, 3.5), (-2.5, 3.5), color=OURS, linewidth=1)
    frames.set(
        xlabel="measured gap", ylabel="gap of the model", title="Every frame, each clip to unit spread"
    )
    _bars(speakers, [score for score, _ in pairs])
    figure.savefig(path, dpi=110)


def _bars(axes: Axes, scores: Sequence[CaptureScore]) -> None:
    of_speaker: dict[str, list[float]] = {}
    for score in scores:
        of_speaker.setdefault(score.capture.speaker, []).append(score.r)
    means = sorted((float(np.mean(each)), name) for name, each in of_speaker.items())
    axes.barh([name for _, name in means], [mean for mean, _ in means], color=MEASURED)
    axes.set(title="Correlation of each speaker's gap at lag 0", xlim=(min(0, means[0][0]), 1))
    axes.tick_params("y", labelsize=7)


def draw_curves(pairs: Sequence[tuple[CaptureScore, Movement]], path: Path) -> None:
    """Draw the best, the median and the worst clip over their sound."""
    from matplotlib.figure import Figure

    ranked = sorted(pairs, key=lambda pair: -pair[0].r)
    chosen = {"best": ranked[0], "median": ranked[len(ranked) // 2], "worst": ranked[-1]}
    figure = Figure((12, 8), layout="constrained")
    for axes, (rank, (score, mouth)) in zip(figure.subplots(3, 1), chosen.items(), strict=True):
        _clip(axes, score, mouth)
        axes.set_title(f"{rank}: {score.capture.name}, r {score.r:.2f}", loc="left", fontsize=10)
    figure.savefig(path, dpi=110)


def _clip(axes: Axes, score: CaptureScore, mouth: Movement) -> None:
    times = score.capture.times
    sound = load_audio(score.capture.sound).mono(16_000)[: int(SHOWN * 16_000)]
    peaks = np.abs(sound[: len(sound) // PEAK * PEAK].reshape(-1, PEAK)).max(1)
    wave = peaks / max(float(peaks.max()), 1e-9)
    axes.fill_between(np.arange(len(wave)) * PEAK / 16_000, -2.4 - wave, -2.4 + wave, color=SOUND)
    shown = times <= SHOWN
    for label, curve, colour in (
        ("measured", score.capture.curves["gap"], MEASURED),
        ("model", _ours(score, mouth), OURS),
    ):
        axes.plot(times[shown], standardised(curve)[shown], color=colour, linewidth=1.4, label=label)
    axes.set(xlim=(0, min(SHOWN, times[-1])), yticks=[], xlabel="seconds")
    axes.legend(loc="upper right", fontsize=8, frameon=False)


def _ours(score: CaptureScore, mouth: Movement) -> Numbers:
    return mouth.at("gap", score.capture.times, 1 / score.capture.fps)
