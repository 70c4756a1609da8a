"""The figures: known agreement gives known numbers."""

from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from core.channels import CHANNELS
from core.evaluation.measures import CaptureScore, score_capture, score_speech, speaker_mean
from core.evaluation.movement import Movement, movement
from core.evaluation.recordings import Aligned, Capture
from core.neutral import Neutral
from models.phones import Segment
from tests.factories import mouth_rig


def wander(seconds: float, seed: int = 0) -> np.ndarray:
    """Draw a smooth random curve at 60 Hz."""
    draw = np.random.default_rng(seed).normal(size=int(seconds * 60))
    curve = ndimage.gaussian_filter1d(draw, 4)
    return (curve - curve.min()) / np.ptp(curve)


def mouth(gap: np.ndarray) -> Movement:
    return Movement(60.0, gap, 50 - gap, gap / 2)


def capture(gap: np.ndarray, speaker: str = "a", **curves: np.ndarray) -> Capture:
    times = np.arange(0.2, len(gap) / 60 - 0.3, 1 / 30)
    at = {name: mouth(curve).at("gap", times, 1 / 30) for name, curve in {"gap": gap, **curves}.items()}
    return Capture(speaker, speaker, "en", Path("a.wav"), times, 30.0, at)


def test_the_same_motion_in_another_unit_agrees_fully() -> None:
    gap = wander(8)
    score = score_capture(capture(3 * gap + 1, width=-gap, jaw=gap), mouth(gap))
    assert score.lag == 0
    assert [score.r, score.width, score.jaw, score.detail] == pytest.approx([1] * 4)


def test_lateness_is_found_and_signed() -> None:
    gap = wander(8)
    late = np.concatenate([np.repeat(gap[:1], 3), gap[:-3]])
    score = score_capture(capture(gap), mouth(late))
    assert score.lag == pytest.approx(0.05)
    assert score.best_r > 0.99 > score.r


def test_blurred_motion_lacks_detail() -> None:
    gap = wander(20)
    assert score_capture(capture(gap), mouth(ndimage.gaussian_filter1d(gap, 12))).detail < 0.7


def test_a_mouth_that_does_not_move_agrees_with_nothing() -> None:
    score = score_capture(capture(wander(4)), mouth(np.zeros(240)))
    assert score.r == score.best_r == 0
    assert np.isnan(score.width)


def test_a_speaker_counts_once_however_often_he_speaks() -> None:
    def scored(speaker: str, r: float) -> CaptureScore:
        return CaptureScore(capture(wander(4), speaker), r, r, 0.0, 1.0, float("nan"), r)

    scores = [scored("a", 0.2), scored("a", 0.4), scored("b", 0.9)]
    assert speaker_mean(scores, "r") == pytest.approx(0.6)
    assert np.isnan(speaker_mean(scores, "width"))


def phones(*names: str) -> Aligned:
    segments = tuple(Segment(name, 0.2 * n, 0.2 * n + 0.2) for n, name in enumerate(names))
    return Aligned("x", "a", "en", Path("x.wav"), segments)


def opened(*openings: float) -> Movement:
    return mouth(np.repeat(openings, 12).astype(float))


def test_closures_and_pauses_are_counted() -> None:
    spoken = phones("AA", "P", "AE", "B", "AH", "SIL", "M", "AA")
    score = score_speech([(spoken, opened(1, 0, 1, 0.5, 0, 0, 0, 1))])
    assert score.bilabials == 3
    assert score.met == 1.0  # the lips close 20 ms after /b/, which is near enough
    assert score.false == pytest.approx(1 / 4)
    assert score.rested == 1.0
    score = score_speech([(spoken, opened(1, 0, 1, 0.5, 0.6, 0.5, 0.3, 1))])
    assert score.met == pytest.approx(1 / 3)
    assert (score.false, score.rested) == (0, 0)
    assert score.means["p b m"] == pytest.approx((0 + 0.5 + 0.3) / 3, abs=0.01)


def test_a_rig_is_measured_in_millimetres() -> None:
    weights = np.zeros((3, len(CHANNELS)), np.float32)
    weights[1, CHANNELS.index("jawOpen")] = 0.5
    rig = mouth_rig()
    moved = movement(rig, Neutral(60.0, CHANNELS, weights))
    assert moved.gap == pytest.approx([0, 20, 0], abs=1e-4)
    assert moved.width == pytest.approx([60, 60, 60], abs=1e-4)
    assert moved.jaw[1] == pytest.approx(20, abs=1e-4)
