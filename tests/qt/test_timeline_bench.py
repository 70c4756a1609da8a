"""How long the timeline takes to draw half an hour of speech with a dozen painted lanes."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.audio import AudioClip
from core.curve import Curve, Tangent
from core.peaks import Peaks
from editor.lanes import LaneState
from editor.views.timeline import Timeline
from tests.qt.timeline_desk import Hand

pytestmark = pytest.mark.bench

SECONDS, RATE, LANES, KEYS = 30 * 60, 48_000, 12, 2_000
FRAME_MS = 16.0


@pytest.fixture(scope="module")
def peaks() -> Peaks:
    rng = np.random.default_rng(0)
    samples = rng.standard_normal((1, SECONDS * RATE), dtype=np.float32)
    samples *= 0.3
    return Peaks(AudioClip(samples, RATE))


def lane(number: int) -> LaneState:
    rng = np.random.default_rng(number)
    count = KEYS // LANES
    times, values = np.sort(rng.uniform(0, SECONDS, count)), rng.uniform(0, 1.2, count)
    curve = Curve.of(zip(times, values, strict=True)).with_tangent([3, 40, 90], Tangent.BEZIER)
    return LaneState(
        f"lane{number}", f"Lane {number}", ("#e6b422", "#4f8fe6", "#e0523f", "#3fb8a8")[number % 4], curve
    )


@pytest.fixture
def timeline(qtbot: QtBot, peaks: Peaks) -> Timeline:
    made = Timeline()
    qtbot.addWidget(made)
    made.resize(1600, 500)
    made.set_duration(SECONDS)
    made.set_peaks(peaks)
    made.set_lanes(tuple(lane(number) for number in range(LANES)))
    made.set_ready(((0.0, SECONDS / 2),))
    with qtbot.waitExposed(made):
        made.show()
    return made


def milliseconds(act: Callable[[int], None], count: int = 60) -> tuple[float, float]:
    """Median and 95th percentile of the thread's own time for an act and the repaint it causes."""
    spent = []
    for number in range(count):
        begin = time.thread_time()
        act(number)
        QApplication.processEvents()
        spent.append((time.thread_time() - begin) * 1e3)
    return float(np.median(spent)), float(np.percentile(spent, 95))


def test_pan_and_zoom_fit_in_a_frame(timeline: Timeline) -> None:
    hand, canvas = Hand(timeline.canvas), timeline.canvas
    at = QPointF(canvas.width() / 2, canvas.height() / 2)
    zoom = milliseconds(lambda number: hand.wheel(at, 1 if number < 30 else -1))
    timeline.state.set_axis(timeline.state.axis.framed(600.0, 630.0))
    pan = milliseconds(lambda _: timeline.state.set_axis(timeline.state.axis.panned(7)))
    print(f"30 min, 12 lanes, 2000 keys, 1600x500: zoom {zoom[0]:.1f} (p95 {zoom[1]:.1f}) ms", end="")
    print(f", pan {pan[0]:.1f} (p95 {pan[1]:.1f}) ms")
    assert zoom[0] < FRAME_MS
    assert pan[0] < FRAME_MS


def test_playing_costs_little(timeline: Timeline) -> None:
    timeline.state.set_axis(timeline.state.axis.framed(600.0, 630.0))
    timeline.set_playhead(601.0)
    play = milliseconds(lambda number: timeline.set_playhead(601.0 + number / 60))
    print(f"playhead step: {play[0]:.1f} (p95 {play[1]:.1f}) ms")
    assert play[0] < FRAME_MS / 4


def test_a_change_of_one_lane_costs_little(timeline: Timeline) -> None:
    timeline.state.set_axis(timeline.state.axis.framed(600.0, 630.0))
    lanes = timeline.state.lanes

    def edit(number: int) -> None:
        moved = lanes[2].curve.with_key(615.0, number / 60)
        timeline.set_lanes((*lanes[:2], replace(lanes[2], curve=moved), *lanes[3:]))

    edited = milliseconds(edit)
    print(f"edit of one lane: {edited[0]:.1f} (p95 {edited[1]:.1f}) ms")
    assert edited[0] < FRAME_MS / 2
