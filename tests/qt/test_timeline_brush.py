from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication

from core.brush import Brush
from core.curve import Tangent
from tests.qt.timeline_desk import ALT, CTRL, SHIFT, Desk, Hand


@pytest.fixture
def painting(desk: Desk) -> Desk:
    desk.timeline.set_tool("brush")
    desk.timeline.set_brush(Brush(radius=0.3, strength=1.0, hardness=0.5))
    return desk


def test_a_stroke_is_one_gesture_with_few_keys(painting: Desk, hand: Hand) -> None:
    hand.drag(painting.place("fear", 2.0, 1.0), painting.place("fear", 5.0, 1.0))
    curve = painting.curve("fear")
    assert painting.gestures() == ["begin Paint Fear", "edit fear", "end"]
    assert painting.history.undo_label == "Paint Fear"
    assert curve([2.5, 3.5, 4.5]).tolist() == pytest.approx([1.0, 1.0, 1.0], abs=0.05)
    assert curve([1.0, 6.0]).tolist() == pytest.approx([0.0, 0.0], abs=0.02)
    assert len(curve) < 20
    assert set(curve.tangents.tolist()) == {Tangent.AUTO}


def test_the_preview_is_shown_while_the_button_is_down(painting: Desk, hand: Hand) -> None:
    hand.press(painting.place("fear", 2.0, 1.0))
    hand.move(painting.place("fear", 3.0, 1.0))
    assert set(painting.curve("fear").tangents.tolist()) == {Tangent.LINEAR}
    assert painting.timeline.state.painted_lane == "fear"
    hand.release(painting.place("fear", 3.0, 1.0))
    assert painting.timeline.state.painted_lane == ""


def test_a_fast_drag_leaves_no_gaps(painting: Desk, hand: Hand) -> None:
    hand.press(painting.place("fear", 1.0, 1.0))
    hand.move(painting.place("fear", 9.0, 1.0))
    hand.release(painting.place("fear", 9.0, 1.0))
    times = [1.0 + 0.1 * i for i in range(80)]
    assert painting.curve("fear")(times).min() > 0.95


def test_escape_takes_the_stroke_back(painting: Desk, hand: Hand) -> None:
    before = painting.curve("joy")
    hand.press(painting.place("joy", 2.0, 1.0))
    hand.move(painting.place("joy", 3.0, 1.0))
    hand.key(Qt.Key.Key_Escape)
    assert painting.curve("joy") == before
    assert painting.gestures()[-1] == "abort"
    assert painting.timeline.state.painted_lane == ""


def test_ctrl_erases_and_shift_smooths(painting: Desk, hand: Hand) -> None:
    hand.drag(painting.place("anger", 5.0, 1.0), painting.place("anger", 7.0, 1.0), CTRL)
    assert painting.curve("anger")([5.5, 6.5]).max() < 0.05
    hand.drag(painting.place("joy", 3.8, 0.0), painting.place("joy", 4.2, 0.0), SHIFT)
    assert 0.5 < float(painting.curve("joy")(4.0)) < 0.8
    assert painting.heard[-1] == "end"
    assert "begin Erase Anger" in painting.heard
    assert "begin Smooth Joy" in painting.heard


def test_a_locked_lane_refuses_the_brush(painting: Desk, hand: Hand) -> None:
    joy = painting.history.present.track("joy")
    painting.history.apply("lock", lambda document: document.with_track(replace(joy, locked=True)))
    hand.drag(painting.place("joy", 2.0, 1.0), painting.place("joy", 5.0, 1.0))
    assert painting.heard == []


def test_brackets_change_the_radius_and_the_wheel_the_strength(painting: Desk, hand: Hand) -> None:
    heard: list[Brush] = []
    painting.timeline.brush_changed.connect(heard.append)
    hand.key(Qt.Key.Key_BracketRight)
    hand.key(Qt.Key.Key_BracketLeft)
    assert [brush.radius for brush in heard] == pytest.approx([0.375, 0.3])
    at = painting.place("fear", 4.0, 0.5)
    zoom = painting.timeline.state.axis.scale
    hand.press(at)
    hand.wheel(at, -4)
    hand.release(at)
    assert painting.timeline.state.brush.strength == pytest.approx(0.8)
    assert painting.timeline.state.axis.scale == zoom


def test_strokes_stay_in_the_lane_they_began_in(painting: Desk, hand: Hand) -> None:
    before = painting.curve("anger")
    hand.drag(painting.place("joy", 2.0, 1.0), painting.place("anger", 5.0, 1.0) + QPointF(0, 5))
    assert painting.curve("anger") == before
    assert painting.curve("joy")(4.9) < 0.3


def test_the_pen_s_pressure_scales_the_strength(painting: Desk, hand: Hand) -> None:
    canvas, at = painting.timeline.canvas, painting.place("fear", 4.0, 1.0)
    pen = QTabletEvent(
        QEvent.Type.TabletPress,
        QPointingDevice.primaryPointingDevice(),
        at,
        QPointF(canvas.mapToGlobal(at)),
        0.5,
        *(0.0, 0.0, 0.0, 0.0, 0.0),
        Qt.KeyboardModifier.NoModifier,
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
    )
    QApplication.sendEvent(canvas, pen)
    assert not pen.isAccepted()  # so that it comes again as a mouse event
    hand.click(at)
    assert float(painting.curve("fear")(4.0)) == pytest.approx(0.5, abs=0.03)


def test_alt_and_the_wheel_change_the_strength_without_painting(painting: Desk, hand: Hand) -> None:
    hand.wheel(painting.place("fear", 4.0, 1.0), -2, ALT)
    assert painting.timeline.state.brush.strength == pytest.approx(0.9)
    assert painting.heard == []


def test_a_brush_is_never_finer_than_can_be_seen(painting: Desk, hand: Hand) -> None:
    painting.timeline.set_brush(Brush(radius=0.005, strength=1.0))
    pixel = 1 / painting.timeline.state.axis.scale
    hand.click(painting.place("fear", 5.0, 1.0))
    curve = painting.curve("fear")
    assert float(curve(5.0)) == pytest.approx(1.0, abs=0.02)
    assert curve.times[-1] - curve.times[0] >= 6 * pixel
