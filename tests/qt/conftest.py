"""Fixtures of the tests that need a display."""

import os
import sys

import pytest
from pytestqt.qtbot import QtBot

from tests.qt.timeline_desk import Desk, Hand


@pytest.fixture(autouse=True)
def _display() -> None:
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        pytest.fail("no display: run these tests as `xvfb-run -a pytest tests/qt`")


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    made = Desk()
    qtbot.addWidget(made.timeline)
    with qtbot.waitExposed(made.timeline):
        made.timeline.show()
    return made


@pytest.fixture
def hand(desk: Desk) -> Hand:
    return Hand(desk.timeline.canvas)
