"""Figures: how a mouth agrees with measured lips, and with the phones that were spoken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from core.evaluation.movement import Movement
from core.evaluation.recordings import Aligned, Capture
from models.phones import BILABIALS, SILENCE

Numbers = NDArray[np.float64]
LAGS = np.arange(-6, 7) / 60
"""Seconds tried; a lag above 0 means that the mouth is late."""
SLOW = 1.0
"""Hz; faster motion is detail."""
SHUT = 0.1
"""Share of the mouth's reach under which the lips count as closed."""
AT_REST = 0.15
MARGIN = 0.04
"""Seconds around a bilabial in which the lips may meet."""
PAUSE, SHOULDER = 0.15, 0.06
"""Seconds from which a pause counts, and that are left out at its ends."""
CLASSES: dict[str, tuple[str, ...]] = {
    "p b m": BILABIALS,
    "f v": ("F", "V"),
    "open": ("AA", "AE", "AO", "AH", "AW", "AY", "EH"),
    "mid": ("EY", "IH", "OW", "ER", "OY", "UH"),
    "close": ("IY", "UW"),
    "s sh": ("S", "Z", "SH", "ZH", "CH", "JH"),
    "t d n l": ("T", "D", "N", "L"),
    "w r": ("W", "R"),
}


@dataclass(frozen=True)
class CaptureScore:
    """Agreement with one capture.

    Attributes
    ----------
    r, best_r : float
        Correlation of the lips' gap at lag 0, and at the lag where it is best.
    lag : float
        Seconds by which the mouth is late there.
    detail : float
        Fast motion beside the measured, after scaling all motion to the same size: 1 is as lively.
    width, jaw : float
        Correlations; NaN where the capture lacks the curve.
    """

    capture: Capture
    r: float
    best_r: float
    lag: float
    detail: float
    width: float
    jaw: float


@dataclass(frozen=True)
class SpeechScore:
    """Agreement with the phones of some recordings.

    Attributes
    ----------
    met, false : float
        Share of /p b m/ at which the lips meet, and of open vowels in whose middle they do.
    told_apart : float
        Probability that an open vowel is more open than a /p b m/.
    rested : float
        Share of pauses in which the mouth is shut.
    means : mapping of str to float
        Mean gap in the middle of the phones of `CLASSES`, 0 shut to 1 wide; in /p b m/ the least.
    """

    bilabials: int
    met: float
    false: float
    told_apart: float
    rested: float
    means: dict[str, float]


def correlate(one: Numbers, other: Numbers) -> float:
    """Pearson correlation; 0 where one of them does not move."""
    if one.std() < 1e-9 or other.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def score_capture(capture: Capture, mouth: Movement) -> CaptureScore:
    """Compare a mouth with measured lips, at the frames of the camera."""
    times, interval = capture.times, 1 / capture.fps
    gap, measured = mouth.at("gap", times, interval), capture.curves["gap"]
    by_lag = [correlate(mouth.at("gap", times + lag, interval), measured) for lag in LAGS]
    best = int(np.argmax(by_lag))
    others = {
        name: correlate(mouth.at(name, times, interval), capture.curves[name])
        if name in capture.curves
        else float("nan")
        for name in ("width", "jaw")
    }
    detail = _detail(gap, measured, capture.fps)
    return CaptureScore(capture, correlate(gap, measured), by_lag[best], float(LAGS[best]), detail, **others)


def errors_by_phone(pairs: Sequence[tuple[CaptureScore, Movement]]) -> dict[str, Numbers]:
    """Collect how much wider than measured the mouth is in the middle of the phones it heard.

    Returns
    -------
    dict of str to ndarray
        For each of `CLASSES`, one number a phone, in standard deviations of the clip's gap.
    """
    found: dict[str, list[float]] = {name: [] for name in CLASSES}
    for score, mouth in pairs:
        capture = score.capture
        gap = standardised(mouth.at("gap", capture.times, 1 / capture.fps))
        error = gap - standardised(capture.curves["gap"])
        for phone in mouth.phones:
            middle = (phone.start + phone.end) / 2
            if capture.times[0] <= middle <= capture.times[-1]:
                for name, members in CLASSES.items():
                    if phone.text in members:
                        found[name].append(float(np.interp(middle, capture.times, error)))
    return {name: np.array(errors) for name, errors in found.items()}


def standardised(curve: Numbers) -> Numbers:
    """Shift and scale to mean 0 and unit spread."""
    return np.asarray((curve - curve.mean()) / max(float(curve.std()), 1e-9))


def _detail(gap: Numbers, measured: Numbers, fps: float) -> float:
    filter_ = signal.butter(2, SLOW, "high", fs=fps, output="sos")
    fast, fast_measured = (signal.sosfiltfilt(filter_, each).std() for each in (gap, measured))
    return float(measured.std() / max(gap.std(), 1e-9) * fast / max(fast_measured, 1e-9))


def score_speech(pairs: Sequence[tuple[Aligned, Movement]]) -> SpeechScore:
    """Compare mouths with the phones that were spoken."""
    least: list[float] = []
    pauses: list[float] = []
    middles: dict[str, list[float]] = {name: [] for name in CLASSES}
    for aligned, mouth in pairs:
        times, gap = _relative(mouth)
        for phone in aligned.phones:
            near = (times >= phone.start - MARGIN) & (times <= phone.end + MARGIN)
            if phone.phone in BILABIALS:
                least.append(float(gap[near].min(initial=1.0)))
            inner = (times >= phone.start + SHOULDER) & (times <= phone.end - SHOULDER)
            if phone.phone == SILENCE and phone.end - phone.start > PAUSE and inner.any():
                pauses.append(float(gap[inner].mean()))
            middle = float(np.interp((phone.start + phone.end) / 2, times, gap))
            for name, members in CLASSES.items():
                if phone.phone in members:
                    middles[name].append(middle)
    shut, open_ = np.array(least), np.array(middles["open"])
    means = {name: _share(values, np.mean) for name, values in {**middles, "p b m": least}.items()}
    return SpeechScore(
        *(len(shut), _share(shut < SHUT, np.mean), _share(open_ < SHUT, np.mean)),
        told_apart=_share(open_[:, None] > shut[None], np.mean),
        rested=_share(np.array(pauses) < AT_REST, np.mean),
        means=means,
    )


def _relative(mouth: Movement) -> tuple[Numbers, Numbers]:
    """Return times every 10 ms, and the gap there: 0 its 2nd percentile, 1 its 95th."""
    times = np.arange(0, len(mouth.gap) / mouth.fps, 0.01)
    gap = mouth.at("gap", times, 0.0)
    low, high = np.percentile(gap, (2, 95))
    return times, (gap - low) / max(high - low, 1e-9)


def _share(values: Sequence[float] | NDArray[np.generic], mean: Callable[..., object]) -> float:
    return float(mean(values)) if np.size(values) else float("nan")  # type: ignore[arg-type]  # numpy's mean


def speaker_mean(scores: Sequence[CaptureScore], value: str) -> float:
    """Mean over each speaker's recordings, then over speakers; recordings without the value left out."""
    of_speaker: dict[str, list[float]] = {}
    for score in scores:
        number = float(getattr(score, value))
        if not np.isnan(number):
            of_speaker.setdefault(score.capture.speaker, []).append(number)
    return fmean(map(fmean, of_speaker.values())) if of_speaker else float("nan")
