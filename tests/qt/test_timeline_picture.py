"""Single pixels that mean something."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from core.curve import Curve
from editor.lanes import Ghost
from editor.views.timeline import palette
from editor.views.timeline.gap_strip import FINAL, TALL_MM
from tests.qt.timeline_desk import COLOURS, Desk, Hand


def pixel(widget: QWidget, at: QPointF) -> QColor:
    picture = widget.grab().toImage()
    ratio = picture.devicePixelRatio()
    return picture.pixelColor(int(at.x() * ratio), int(at.y() * ratio))


def distance(one: QColor, other: QColor) -> int:
    return abs(one.red() - other.red()) + abs(one.green() - other.green()) + abs(one.blue() - other.blue())


def test_the_status_line_is_green_where_speech_is_ready_and_amber_elsewhere(desk: Desk) -> None:
    desk.timeline.set_ready(((0.0, 4.0),))
    ruler, x = desk.timeline.ruler, desk.timeline.state.axis.x_of
    y = ruler.height() - 2
    assert pixel(ruler, QPointF(x(2.0), y)) == palette.READY
    assert pixel(ruler, QPointF(x(7.0), y)) == palette.WAITING


@pytest.mark.parametrize("strip", ["ruler", "waveform", "canvas"])
def test_the_playhead_crosses_every_strip(desk: Desk, strip: str) -> None:
    desk.timeline.set_playhead(3.3)
    widget = getattr(desk.timeline, strip)
    x = round(desk.timeline.state.axis.x_of(3.3))
    assert pixel(widget, QPointF(x, widget.height() - 6)) == palette.PLAYHEAD


def test_a_curve_has_its_colour_and_fills_what_is_below(desk: Desk) -> None:
    canvas, colour = desk.timeline.canvas, QColor(COLOURS["joy"]).lighter(118)
    at = desk.place("joy", 5.0, float(desk.curve("joy")(5.0)))
    above, below = (pixel(canvas, at + QPointF(0, shift)) for shift in (-12, 12))
    assert distance(pixel(canvas, at), colour) < 60
    assert below.lightness() > above.lightness() + 10


def test_a_muted_lane_loses_its_colour(desk: Desk) -> None:
    at = desk.place("anger", 9.0, 1.0)
    vivid = pixel(desk.timeline.canvas, at).hsvSaturation()
    anger = desk.history.present.track("anger")
    muted = type(anger)("anger", anger.curve, muted=True)
    desk.history.apply("mute", lambda document: document.with_track(muted))
    assert pixel(desk.timeline.canvas, at).hsvSaturation() < vivid / 2


def test_a_ghost_is_seen_behind_the_curve(desk: Desk) -> None:
    at = desk.place("fear", 5.0, 1.2)
    row = [desk.place("fear", 5.0 + 0.01 * i, 1.2) for i in range(20)]
    plain = pixel(desk.timeline.canvas, at)
    desk.timeline.set_ghosts({"fear": Ghost(*map(Curve.constant, (1.2, 1.0, 1.4)))})
    assert max(distance(pixel(desk.timeline.canvas, place), plain) for place in row) > 60


def test_a_selected_key_is_white(desk: Desk, hand: Hand) -> None:
    at = desk.key_place("joy", 1)
    assert distance(pixel(desk.timeline.canvas, at), palette.SELECTED) > 100
    hand.click(at)
    assert pixel(desk.timeline.canvas, at) == palette.SELECTED


def test_the_active_lane_is_set_from_outside(desk: Desk) -> None:
    at = QPointF(700, 4)
    low = desk.timeline.state.layout.row("fear").height
    desk.timeline.set_active_lane("fear")
    row = desk.timeline.state.layout.row("fear")
    assert row.height > 2 * low
    assert pixel(desk.timeline.canvas, at + QPointF(0, row.top)) == palette.LANE_ACTIVE
    desk.timeline.set_active_lane("no such lane")
    assert desk.timeline.state.active == "fear"


@pytest.mark.parametrize("seconds", [0.0, 10.0])
def test_the_playhead_s_label_is_whole_at_the_ends(desk: Desk, seconds: float) -> None:
    desk.timeline.set_playhead(seconds)
    picture = desk.timeline.ruler.grab().toImage()
    row = [picture.pixelColor(x, 20) for x in range(picture.width())]
    orange = [x for x, colour in enumerate(row) if distance(colour, palette.PLAYHEAD) < 40]
    assert orange[-1] - orange[0] > 60


def test_the_lips_are_marked_where_they_close_and_drawn_where_they_open(desk: Desk) -> None:
    def gaps(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros_like(times), np.where(times < 5, 0.0, 10.0)

    desk.timeline.set_gaps(gaps)
    desk.timeline.set_ready(((0.0, 8.5),))
    strip, x = desk.timeline.gaps, desk.timeline.state.axis.x_of
    foot = strip.height() - 4
    assert distance(pixel(strip, QPointF(x(2.0), foot)), FINAL) < 30
    assert distance(pixel(strip, QPointF(x(8.0), foot)), FINAL) > 100
    middle = strip.height() - 6 - 10 / TALL_MM * (strip.height() - 10)
    assert distance(pixel(strip, QPointF(x(8.0), middle)), FINAL) < 200
    assert distance(pixel(strip, QPointF(x(9.0), middle)), FINAL) > 300  # the lips are not made there yet
    desk.timeline.set_gaps(lambda _times: None)
    assert distance(pixel(strip, QPointF(x(2.0), foot)), FINAL) > 100


def test_nothing_is_awaited_without_a_recording(desk: Desk) -> None:
    ruler, x = desk.timeline.ruler, desk.timeline.state.axis.x_of(5.0)
    place = QPointF(x, ruler.height() - 1)
    desk.timeline.set_ready(())
    assert distance(pixel(ruler, place), palette.WAITING) < 30
    desk.timeline.set_ready(((4.0, 6.0),))
    assert distance(pixel(ruler, place), palette.READY) < 30
    desk.timeline.set_ready(None)
    assert distance(pixel(ruler, place), palette.WAITING) > 100
