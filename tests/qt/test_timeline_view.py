from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QScrollBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.audio import AudioClip
from core.peaks import Peaks
from editor.lanes import LaneState
from editor.views.timeline.ticks import TimeUnit
from tests.qt.timeline_desk import CTRL, MIDDLE, SHIFT, Desk, Hand


class PaintWatcher(QObject):
    """Widths of what a widget repaints."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.widths: list[int] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if isinstance(event, QPaintEvent):
            self.widths += [event.region().boundingRect().width()]
        return False


def switched(lane: LaneState, role: str) -> LaneState:
    on = {"muted": (True, False, False), "solo": (False, True, False), "locked": (False, False, True)}[role]
    return replace(lane, muted=on[0], solo=on[1], locked=on[2])


def button(desk: Desk, name: str) -> QToolButton:
    found = desk.timeline.findChild(QToolButton, name)
    assert found is not None
    return found


def test_the_wheel_zooms_about_the_mouse(desk: Desk, hand: Hand) -> None:
    at = desk.place("joy", 6.3, 0.5)
    before = desk.timeline.state.axis
    for notches in (1, 3, 5):
        hand.wheel(at, notches)
        assert desk.timeline.state.axis.time_at(at.x()) == pytest.approx(6.3)
    assert desk.timeline.state.axis.scale > 4 * before.scale


def test_the_wheel_scrolls_and_resizes_lanes(desk: Desk, hand: Hand) -> None:
    at = desk.place("joy", 5.0, 0.5)
    hand.wheel(at, 8, CTRL)
    assert desk.timeline.state.layout.row("anger").height > 100
    desk.timeline.resize(1216, 260)
    top = desk.timeline.state.layout.row("joy").top
    hand.wheel(at, -2, SHIFT)
    assert desk.timeline.state.layout.row("joy").top < top
    head = desk.timeline.heads.head("joy")
    assert head.y() == round(desk.timeline.state.layout.row("joy").top)


def test_the_middle_button_pans(desk: Desk, hand: Hand) -> None:
    at = desk.place("joy", 5.0, 0.5)
    hand.wheel(at, 6)
    hand.drag(at, at + QPointF(200, 0), button=MIDDLE)
    assert desk.timeline.state.axis.time_at(at.x() + 200) == pytest.approx(5.0)
    assert desk.heard == []


@pytest.mark.parametrize("strip", ["ruler", "waveform"])
def test_scrubbing(desk: Desk, qtbot: QtBot, strip: str) -> None:
    timeline, times = desk.timeline, []
    timeline.scrub_begun.connect(lambda t: times.append(("begun", t)))
    timeline.scrubbed.connect(lambda t: times.append(("scrubbed", t)))
    timeline.scrub_ended.connect(lambda: times.append(("ended", None)))
    x = timeline.state.axis.x_of
    widget = getattr(timeline, strip)
    Hand(widget).drag(QPointF(x(2.0), 25), QPointF(x(3.0), 25))
    assert [what for what, _ in times] == ["begun", *["scrubbed"] * 5, "ended"]
    assert times[0][1] == pytest.approx(2.0)
    assert times[5][1] == pytest.approx(3.0)


def test_scrubbing_past_the_ends_stays_in_the_recording(desk: Desk) -> None:
    times: list[float] = []
    desk.timeline.scrubbed.connect(times.append)
    Hand(desk.timeline.waveform).drag(QPointF(400, 10), QPointF(-300, 10))
    Hand(desk.timeline.waveform).drag(QPointF(400, 10), QPointF(3000, 10))
    assert min(times) == 0.0
    assert max(times) == 10.0


def test_escape_brings_the_playhead_back(desk: Desk) -> None:
    desk.timeline.scrubbed.connect(desk.timeline.set_playhead)
    desk.timeline.set_playhead(7.0)
    hand = Hand(desk.timeline.ruler)
    hand.press(QPointF(200, 25))
    hand.move(QPointF(300, 25))
    assert desk.timeline.state.playhead < 5
    hand.key(Qt.Key.Key_Escape)
    assert desk.timeline.state.playhead == 7.0


def test_the_page_turns_when_the_playhead_leaves(desk: Desk, hand: Hand) -> None:
    hand.wheel(desk.place("joy", 1.0, 0.5), 8)
    end = desk.timeline.state.axis.end
    desk.timeline.set_playhead(end - 0.01)
    desk.timeline.set_playhead(end + 0.01)
    assert desk.timeline.state.axis.start < end < desk.timeline.state.axis.end
    assert desk.timeline.state.axis.x_of(end) < 0.2 * desk.timeline.state.axis.width


def test_dragging_the_ends_of_the_loop(desk: Desk) -> None:
    heard: list[tuple[float, float] | None] = []
    desk.timeline.loop_changed.connect(heard.append)
    desk.timeline.loop_changed.connect(desk.timeline.set_loop)
    x, hand = desk.timeline.state.axis.x_of, Hand(desk.timeline.ruler)
    hand.drag(QPointF(x(3.0), 20), QPointF(x(5.0), 20), SHIFT)
    assert heard[-1] == pytest.approx((3.0, 5.0))
    hand.drag(QPointF(x(5.0), 4), QPointF(x(7.0), 4))
    assert heard[-1] == pytest.approx((3.0, 7.0))
    hand.drag(QPointF(x(4.0), 4), QPointF(x(5.0), 4))
    assert heard[-1] == pytest.approx((4.0, 8.0))
    assert desk.heard == ["begin Change loop range", "end"] * 3
    hand.double_click(QPointF(x(6.0), 4))
    assert heard[-1] is None


@pytest.mark.parametrize("role", ["muted", "solo", "locked"])
def test_switches_ask_and_show_what_holds(desk: Desk, qtbot: QtBot, role: str) -> None:
    switch = button(desk, f"{role}:anger")
    with qtbot.waitSignal(desk.timeline.lane_toggled) as asked:
        qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert asked.args == ["anger", role]
    assert not switch.isChecked()
    lanes = desk.timeline.state.lanes
    desk.timeline.set_lanes(tuple(switched(lane, role) if lane.name == "anger" else lane for lane in lanes))
    assert switch.isChecked()


def test_a_lane_is_removed_and_added_from_its_head(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.timeline.lane_removed) as removed:
        button(desk, "remove:fear").click()
    assert removed.args == ["fear"]
    with qtbot.waitSignal(desk.timeline.add_lane_requested):
        qtbot.mouseClick(button(desk, "add_lane"), Qt.MouseButton.LeftButton)


def test_pressing_a_lane_makes_it_active_and_taller(desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    height = desk.timeline.state.layout.row("anger").height
    with qtbot.waitSignal(desk.timeline.active_lane_changed) as changed:
        hand.click(desk.place("anger", 1.0, 0.2))
    assert changed.args == ["anger"]
    qtbot.waitUntil(lambda: desk.timeline.state.layout.row("anger").height > 2 * height)
    assert desk.timeline.state.layout.row("joy").height == height


def test_keys_walk_through_lanes_and_tools(desk: Desk, hand: Hand) -> None:
    hand.key(Qt.Key.Key_Down)
    assert desk.timeline.state.active == "anger"
    hand.key(Qt.Key.Key_B)
    assert button(desk, "tool_brush").isChecked()
    hand.key(Qt.Key.Key_V)
    assert button(desk, "tool_select").isChecked()
    hand.key(Qt.Key.Key_T, CTRL)
    assert desk.timeline.state.unit is TimeUnit.FRAMES


def test_frame_selection_shows_the_selected_keys(desk: Desk, hand: Hand) -> None:
    hand.drag(desk.place("joy", 1.5, 1.4), desk.place("joy", 4.5, 0.0))
    hand.key(Qt.Key.Key_F)
    axis = desk.timeline.state.axis
    assert 1.0 < axis.start < 2.0
    assert 4.0 < axis.end < 5.0
    hand.key(Qt.Key.Key_A)
    assert desk.timeline.state.axis.start < 0.0
    assert desk.timeline.state.axis.end > 10.0


def test_undo_of_an_insertion_keeps_other_keys_selected(desk: Desk, hand: Hand) -> None:
    hand.click(desk.place("joy", 5.0, 1.4), CTRL)
    hand.click(desk.key_place("joy", 3))
    desk.history.undo()
    assert desk.timeline.selected_keys()["joy"].tolist() == [2]


def test_every_control_says_what_it_does(desk: Desk) -> None:
    for control in desk.timeline.findChildren(QToolButton):
        assert control.toolTip()
        assert control.accessibleName()
        assert control.objectName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_loud_and_a_silent_half_look_different(desk: Desk) -> None:
    samples = np.zeros((1, 80_000), np.float32)
    samples[0, :40_000] = np.sin(np.arange(40_000)) * 0.8
    desk.timeline.set_peaks(Peaks(AudioClip(samples, 8_000)))
    picture = desk.timeline.waveform.grab().toImage()
    x = desk.timeline.state.axis.x_of
    ratio, y = picture.devicePixelRatio(), 14
    loud, silent = (picture.pixelColor(int(x(t) * ratio), int(y * ratio)).lightness() for t in (2.5, 7.5))
    assert loud > silent + 60


def test_a_playhead_repaints_only_its_strip(desk: Desk, qtbot: QtBot) -> None:
    watcher = PaintWatcher(desk.timeline.canvas)
    desk.timeline.set_playhead(2.96)
    qtbot.waitUntil(lambda: bool(watcher.widths))
    qtbot.wait(50)
    watcher.widths.clear()
    desk.timeline.set_playhead(3.0)
    qtbot.waitUntil(lambda: bool(watcher.widths))
    assert sum(watcher.widths) < 20


def test_lanes_that_cannot_be_switched_have_no_switches(desk: Desk) -> None:
    lanes = desk.timeline.state.lanes
    desk.timeline.set_lanes((replace(lanes[0], switchable=False), *lanes[1:]))
    assert not button(desk, "muted:joy").isVisible()
    assert button(desk, "muted:anger").isVisible()


def test_the_lower_edge_of_a_head_sets_the_height_of_lanes(desk: Desk) -> None:
    head = desk.timeline.heads.head("anger")
    at = QPointF(100, head.height() - 2)
    Hand(head).drag(at, at + QPointF(0, 30))
    assert desk.timeline.state.layout.row("anger").height > 60
    assert desk.timeline.state.layout.row("fear").height == desk.timeline.state.layout.row("anger").height


def test_a_removed_lane_takes_its_selection_along(desk: Desk, hand: Hand) -> None:
    hand.click(desk.key_place("joy", 0))
    desk.history.apply("remove", lambda document: document.without_track("joy"))
    desk.timeline.set_playhead(3.0)
    assert desk.timeline.selected_keys() == {}
    assert desk.timeline.state.active == "anger"
    desk.timeline.set_lanes(())
    assert desk.timeline.state.active == ""
    hand.click(QPointF(300, 100))
    hand.key(Qt.Key.Key_Down)
    assert desk.heard == []


def test_setting_what_already_holds_repaints_nothing(desk: Desk, qtbot: QtBot) -> None:
    watcher = PaintWatcher(desk.timeline.canvas)
    qtbot.wait(50)
    watcher.widths.clear()
    timeline = desk.timeline
    timeline.set_fps(25.0)
    timeline.set_loop(None)
    timeline.set_ready(())
    timeline.set_active_lane(timeline.state.active)
    timeline.set_playhead(timeline.state.playhead)
    desk.show_document()
    qtbot.wait(50)
    assert watcher.widths == []


def test_the_page_does_not_turn_under_a_pressed_button(desk: Desk, hand: Hand) -> None:
    hand.wheel(desk.place("joy", 1.0, 0.5), 8)
    end = desk.timeline.state.axis.end
    hand.press(QPointF(300, 60))
    desk.timeline.set_playhead(end - 0.01)
    desk.timeline.set_playhead(end + 0.01)
    assert desk.timeline.state.axis.end == end
    hand.release(QPointF(300, 60))


def test_the_scroll_bars_follow_and_lead(desk: Desk, hand: Hand) -> None:
    time, lanes = (desk.timeline.findChild(QScrollBar, f"timeline_{of}_bar") for of in ("time", "lane"))
    assert time is not None
    assert lanes is not None
    assert not time.isEnabled()
    hand.wheel(desk.place("joy", 5.0, 0.5), 6)
    assert time.isEnabled()
    time.setValue(0)
    assert desk.timeline.state.axis.x_of(0.0) == pytest.approx(16.0)
    time.setValue(time.maximum())
    assert desk.timeline.state.axis.x_of(10.0) == pytest.approx(desk.timeline.canvas.width() - 16.0, abs=1.0)
    hand.wheel(desk.place("joy", 9.5, 0.5), 12, CTRL)
    lanes.setValue(lanes.maximum())
    last = desk.timeline.state.layout.rows[-1]
    assert last.bottom == pytest.approx(desk.timeline.canvas.height(), abs=1.0)


def test_a_lane_chosen_elsewhere_right_after_a_click_stays_in_view(
    desk: Desk, hand: Hand, qtbot: QtBot
) -> None:
    state = desk.timeline.state
    desk.timeline.resize(1216, 330)
    hand.click(desk.key_place("joy", 0))
    desk.timeline.set_active_lane("fear")
    lower = state.layout.row("fear").height
    qtbot.waitUntil(lambda: state.layout.row("fear").height > lower)  # the click has settled
    row = state.layout.row("fear")
    assert row.top >= 0
    assert row.bottom <= state.sizes.viewport
