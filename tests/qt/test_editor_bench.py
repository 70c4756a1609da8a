"""From an edit to the pixels, at 1280 x 800."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.library import default_rig, emotion_poses
from core.peaks import Peaks
from editor.controllers.curves import Curves
from editor.controllers.face import FaceFeed
from editor.session import Session
from editor.views.viewport import Viewport
from tests.editor_factories import tone
from tests.factories import speech

EDITS, WARM = 150, 40
pytestmark = pytest.mark.bench


def test_edit_to_pixels(qtbot: QtBot, tmp_path: Path) -> None:
    session, view = Session(emotion_poses()), Viewport()
    qtbot.addWidget(view)
    feed = FaceFeed(session, view)
    view.drawing.connect(feed.compose)
    view.resize(1280, 800)
    view.show()
    qtbot.waitExposed(view)
    clip = tone(4.0)
    session.set_rig(default_rig())
    session.set_audio(clip, Peaks(clip))
    session.set_neutral(speech([0.0, 0.5, 1.0] * 80), ((0.0, 4.0),))
    curves, painted = Curves(session, {}), []
    view.drawn.connect(lambda: painted.append(time.perf_counter()))
    times, work = [], []
    curves.begin("paint")
    for number in range(EDITS):
        session.playhead = 1.0 + number / EDITS
        before = len(painted)
        began, cpu = time.perf_counter(), time.process_time()
        curves.set_value("joy", number % 10 / 10)
        while len(painted) == before:
            QApplication.processEvents()
        QApplication.processEvents()
        times.append(time.perf_counter() - began)
        work.append(time.process_time() - cpu)
    p50, p95 = np.percentile(times[WARM:], [50, 95]) * 1e3
    count = len(default_rig().mesh.vertices)
    print(
        f"\nedit -> pixels, {count:,} vertices, 1280 x 800: median {p50:.1f} ms, p95 {p95:.1f} ms,"
        f" processor {np.median(work[WARM:]) * 1e3:.1f} ms, {view.quality}"
    )
    assert p95 < 33.0
