from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from core.curve import Tangent
from tests.qt.timeline_desk import ALT, CTRL, RIGHT, SHIFT, Desk, Hand


def selected(desk: Desk) -> dict[str, list[int]]:
    return {name: keys.tolist() for name, keys in desk.timeline.selected_keys().items()}


def test_ctrl_click_on_the_curve_inserts_a_key_and_keeps_the_curve(desk: Desk, hand: Hand) -> None:
    before = desk.curve("joy")
    hand.click(desk.place("joy", 3.0, float(before(3.0))) + QPointF(0, 3), CTRL)
    after = desk.curve("joy")
    assert len(after) == 4
    assert after.times[1] == pytest.approx(3.0)
    assert after.values[1] == pytest.approx(float(before(3.0)))
    assert desk.gestures() == ["begin Insert key", "edit joy", "end"]
    assert selected(desk) == {"joy": [1]}


def test_double_click_inserts_a_key_where_the_mouse_is(desk: Desk, hand: Hand) -> None:
    hand.double_click(desk.place("fear", 5.0, 1.2))
    after = desk.curve("fear")
    assert after.times.tolist() == pytest.approx([5.0])
    assert after.values.tolist() == pytest.approx([1.2], abs=0.05)
    assert desk.gestures() == ["begin Insert key", "edit fear", "end"]


def test_a_new_key_snaps_to_a_frame(desk: Desk, hand: Hand) -> None:
    hand.click(desk.place("fear", 5.013, 0.5), CTRL)
    assert desk.curve("fear").times[0] * 25 == pytest.approx(round(5.013 * 25))


def test_dragging_a_key_is_one_gesture_and_one_undo(desk: Desk, hand: Hand) -> None:
    before = desk.curve("joy")
    hand.drag(desk.key_place("joy", 1), desk.place("joy", 5.0, 1.1))
    after = desk.curve("joy")
    assert after.times.tolist() == pytest.approx([2.0, 5.0, 6.0])
    assert after.values[1] == pytest.approx(1.1, abs=0.02)
    assert desk.gestures() == ["begin Move key", "edit joy", "end"]
    assert desk.history.undo_label == "Move key"
    desk.history.undo()
    assert desk.curve("joy") == before


def test_a_key_dragged_past_another_keeps_its_selection(desk: Desk, hand: Hand) -> None:
    hand.drag(desk.key_place("joy", 0), desk.place("joy", 5.0, 0.2))
    assert desk.curve("joy").times.tolist() == pytest.approx([4.0, 5.0, 6.0])
    assert selected(desk) == {"joy": [1]}


def test_keys_stop_at_the_limits_of_lane_and_recording(desk: Desk, hand: Hand) -> None:
    hand.drag(desk.key_place("joy", 2), desk.place("joy", 20.0, 9.0))
    after = desk.curve("joy")
    assert after.times[-1] == pytest.approx(10.0)
    assert after.values[-1] == pytest.approx(1.5)


def test_shift_holds_the_leading_axis(desk: Desk, hand: Hand) -> None:
    start = desk.key_place("joy", 1)
    hand.drag(start, start + QPointF(100, 12), SHIFT)
    after = desk.curve("joy")
    assert after.values[1] == 0.8
    assert after.times[1] > 4.5


def test_ctrl_turns_snapping_off_while_dragging(desk: Desk, hand: Hand) -> None:
    frames = []
    for keys in (Qt.KeyboardModifier.NoModifier, CTRL):
        start = desk.key_place("joy", 1)
        hand.press(start)
        hand.move(start + QPointF(47, 0), keys)
        frames.append(float(desk.curve("joy").times[1]) * 25)
        desk.timeline.cancel()
    assert frames[0] == pytest.approx(round(frames[0]))
    assert abs(frames[1] - round(frames[1])) > 0.01


def test_escape_brings_the_key_back(desk: Desk, hand: Hand) -> None:
    before = desk.curve("joy")
    start = desk.key_place("joy", 1)
    hand.press(start)
    hand.move(start + QPointF(80, 5))
    assert desk.curve("joy") != before
    hand.key(Qt.Key.Key_Escape)
    assert desk.curve("joy") == before
    hand.release(start)
    assert desk.gestures() == ["begin Move key", "edit joy", "abort"]
    assert desk.history.undo_label is None


def test_a_click_that_trembles_moves_nothing(desk: Desk, hand: Hand) -> None:
    start = desk.key_place("joy", 1)
    hand.drag(start, start + QPointF(2, 1))
    assert desk.heard == []
    assert selected(desk) == {"joy": [1]}


def test_box_selects_keys_of_several_lanes_and_shift_adds(desk: Desk, hand: Hand) -> None:
    hand.drag(desk.place("joy", 3.5, 1.4), desk.place("anger", 4.5, 0.1))
    assert selected(desk) == {"joy": [1], "anger": [0]}
    hand.drag(desk.place("joy", 5.5, 1.4), desk.place("joy", 6.5, 0.1), SHIFT)
    assert selected(desk) == {"joy": [1, 2], "anger": [0]}
    hand.click(desk.place("fear", 1.0, 1.0))
    assert selected(desk) == {}


def test_keys_of_several_lanes_move_as_one(desk: Desk, hand: Hand) -> None:
    hand.drag(desk.place("joy", 3.5, 1.4), desk.place("anger", 4.5, 0.1))
    start = desk.key_place("joy", 1)
    hand.drag(start, start + QPointF(desk.timeline.state.axis.scale * 1.0, 0))
    assert desk.curve("joy").times[1] == pytest.approx(5.0)
    assert desk.curve("anger").times[0] == pytest.approx(5.0)
    assert desk.heard.count("begin Move 2 keys") == desk.heard.count("end") == 1


def test_shift_click_adds_and_takes_out(desk: Desk, hand: Hand) -> None:
    hand.click(desk.key_place("joy", 0))
    hand.click(desk.key_place("joy", 2), SHIFT)
    assert selected(desk) == {"joy": [0, 2]}
    hand.click(desk.key_place("joy", 0), SHIFT)
    assert selected(desk) == {"joy": [2]}


def test_alt_click_selects_the_column(desk: Desk, hand: Hand) -> None:
    hand.click(desk.key_place("joy", 1), ALT)
    assert selected(desk) == {"joy": [1], "anger": [0]}


def test_delete_removes_selected_keys(desk: Desk, hand: Hand) -> None:
    hand.click(desk.key_place("joy", 1))
    hand.key(Qt.Key.Key_Delete)
    assert desk.curve("joy").times.tolist() == [2.0, 6.0]
    assert desk.gestures() == ["begin Delete key", "edit joy", "end"]
    assert selected(desk) == {}


def test_a_locked_lane_refuses(desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    joy = desk.history.present.track("joy")
    desk.history.apply("lock", lambda document: document.with_track(replace(joy, locked=True)))
    with qtbot.waitSignal(desk.timeline.state.refused):
        hand.drag(desk.key_place("joy", 1), desk.place("joy", 5.0, 1.1))
    with qtbot.waitSignal(desk.timeline.state.refused):
        hand.key(Qt.Key.Key_Delete)
    with qtbot.waitSignal(desk.timeline.state.refused):
        hand.click(desk.place("joy", 8.0, 1.0), CTRL)
    assert desk.heard == []


@pytest.mark.parametrize("tangent", list(Tangent))
def test_the_menu_sets_tangents(desk: Desk, hand: Hand, tangent: Tangent) -> None:
    desk.timeline.canvas.menu_requested.emit(desk.key_place("joy", 1).toPoint())
    menu = desk.timeline.findChild(QMenu, "key_menu")
    assert menu is not None
    next(a for a in menu.actions() if a.objectName() == f"tangent_{tangent.name.lower()}").trigger()
    menu.close()
    assert desk.curve("joy").tangents[1] == tangent
    assert desk.curve("joy").tangents[0] == Tangent.AUTO


def test_a_dragged_handle_keeps_the_other_in_line_until_alt_breaks_it(desk: Desk, hand: Hand) -> None:
    bezier = desk.curve("joy").with_tangent([1], Tangent.BEZIER)
    desk.history.apply("bezier", lambda d: d.with_track(type(d.tracks[0])("joy", bezier)))
    hand.click(desk.key_place("joy", 1))
    desk.heard.clear()

    def outgoing() -> QPointF:
        seconds, value = desk.curve("joy").handles[1, 1]
        return desk.place("joy", 4.0 + seconds, 0.8 + value)

    hand.drag(outgoing(), desk.place("joy", 4.8, 1.0))
    into, out = desk.curve("joy").handles[1]
    assert out == pytest.approx([0.8, 0.2], abs=0.02)
    assert into[1] / into[0] == pytest.approx(out[1] / out[0])
    assert desk.gestures() == ["begin Move tangent", "edit joy", "end"]
    hand.drag(outgoing(), desk.place("joy", 4.5, 0.5), ALT)
    broken_into, broken_out = desk.curve("joy").handles[1]
    assert broken_into == pytest.approx(into)
    assert broken_out == pytest.approx([0.5, -0.3], abs=0.02)


def test_double_click_on_a_key_types_its_value(desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    hand.double_click(desk.key_place("joy", 1))
    field = desk.timeline.canvas.findChild(QLineEdit, "value_editor")
    assert field is not None
    qtbot.keyClicks(field, "1.25")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert desk.curve("joy").values[1] == 1.25
    assert desk.gestures() == ["begin Set key value", "edit joy", "end"]


def test_arrows_with_alt_move_the_selection(desk: Desk, hand: Hand) -> None:
    hand.click(desk.key_place("joy", 1))
    hand.key(Qt.Key.Key_Right, ALT)
    hand.key(Qt.Key.Key_Up, ALT)
    np.testing.assert_allclose(desk.curve("joy").times[1], 4.0 + 1 / 25)
    np.testing.assert_allclose(desk.curve("joy").values[1], 0.85)


def test_right_click_on_a_key_opens_the_menu_there(desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.timeline.canvas.menu_requested):
        hand.click(desk.key_place("joy", 2), button=RIGHT)
        place = desk.key_place("joy", 2).toPoint()
        QApplication.sendEvent(
            desk.timeline.canvas, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, place)
        )
    assert selected(desk) == {"joy": [2]}


def test_a_drag_goes_on_while_the_window_is_zoomed(desk: Desk, hand: Hand) -> None:
    hand.press(desk.key_place("joy", 1))
    hand.move(desk.place("joy", 5.0, 0.8))
    hand.wheel(desk.place("joy", 5.0, 0.8), 3)
    hand.move(desk.place("joy", 5.2, 0.8))
    hand.release(desk.place("joy", 5.2, 0.8))
    assert desk.curve("joy").times[1] == pytest.approx(5.2)


def test_a_drag_past_the_edge_pulls_the_window_along(desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    hand.wheel(desk.place("joy", 4.0, 0.8), 8)
    end = desk.timeline.state.axis.end
    beyond = QPointF(desk.timeline.canvas.width() + 60, desk.key_place("joy", 1).y())
    hand.press(desk.key_place("joy", 1))
    hand.move(beyond)
    qtbot.waitUntil(lambda: float(desk.curve("joy").times[-1]) > end + 1.0)
    hand.release(beyond)
    assert desk.gestures()[0] == "begin Move key"
    assert desk.gestures()[-1] == "end"


def test_a_lane_without_keys_left_forgets_its_selection(desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    hand.click(desk.place("fear", 5.0, 1.0), CTRL)
    with qtbot.waitSignal(desk.timeline.selection_changed):
        desk.history.undo()
    assert selected(desk) == {}


def test_keys_are_reached_and_valued_by_keyboard_alone(desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    desk.timeline.scrub_begun.connect(desk.timeline.set_playhead)
    desk.timeline.set_playhead(3.0)
    hand.key(Qt.Key.Key_Period)
    assert (selected(desk), desk.timeline.state.playhead) == ({"joy": [1]}, 4.0)
    hand.key(Qt.Key.Key_Comma)
    hand.key(Qt.Key.Key_Comma)
    assert (selected(desk), desk.timeline.state.playhead) == ({"joy": [0]}, 2.0)
    hand.key(Qt.Key.Key_Return)
    field = desk.timeline.canvas.findChild(QLineEdit, "value_editor")
    assert field is not None
    qtbot.keyClicks(field, "0.9")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert desk.curve("joy").values[0] == 0.9


def test_the_menu_key_opens_the_menu_of_the_selected_key(desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    hand.click(desk.key_place("joy", 2))
    nowhere = QPoint(1, 1)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, nowhere, nowhere)
    with qtbot.waitSignal(desk.timeline.canvas.menu_requested) as asked:
        QApplication.sendEvent(desk.timeline.canvas, event)
    assert asked.args == [desk.key_place("joy", 2).toPoint()]


def test_a_value_that_is_not_wanted_is_left_by_escape(desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    before = desk.curve("joy")
    hand.double_click(desk.key_place("joy", 1))
    field = desk.timeline.canvas.findChild(QLineEdit, "value_editor")
    assert field is not None
    qtbot.keyClicks(field, "0.3")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert desk.curve("joy") == before
    assert desk.heard == []


def test_undo_during_a_drag_takes_the_drag_back(desk: Desk, hand: Hand) -> None:
    before = desk.curve("joy")
    hand.press(desk.key_place("joy", 1))
    hand.move(desk.place("joy", 5.0, 1.0))
    hand.key(Qt.Key.Key_Delete)
    assert len(desk.curve("joy")) == 3
    hand.key(Qt.Key.Key_Z, CTRL)
    hand.move(desk.place("joy", 5.5, 1.0))
    hand.release(desk.place("joy", 5.5, 1.0))
    assert desk.curve("joy") == before
    assert desk.gestures() == ["begin Move key", "edit joy", "abort"]


def test_a_click_elsewhere_takes_a_number_and_drops_half_a_number(
    desk: Desk, hand: Hand, qtbot: QtBot
) -> None:
    with qtbot.waitActive(desk.timeline):
        desk.timeline.activateWindow()
    for typed, value in (("", 0.8), ("0.3", 0.3)):
        hand.double_click(desk.key_place("joy", 1))
        field = desk.timeline.canvas.findChild(QLineEdit, "value_editor")
        assert field is not None
        field.clear()
        qtbot.keyClicks(field, typed)
        hand.click(desk.place("joy", 9.0, 0.1))
        qtbot.waitUntil(lambda: desk.timeline.canvas.findChild(QLineEdit, "value_editor") is None)
        assert desk.curve("joy").values[1] == value


def test_copied_keys_are_pasted_at_the_playhead_of_another_lane(desk: Desk, hand: Hand) -> None:
    before = desk.curve("joy")
    hand.drag(desk.place("joy", 3.5, 1.3), desk.place("joy", 6.5, 0.05))
    assert selected(desk) == {"joy": [1, 2]}
    hand.key(Qt.Key.Key_C, CTRL)
    desk.timeline.set_active_lane("fear")
    desk.timeline.set_playhead(7.0)
    hand.key(Qt.Key.Key_V, CTRL)
    pasted = desk.curve("fear")
    assert pasted.times.tolist() == pytest.approx([7.0, 9.0])
    assert pasted.values.tolist() == before.values[1:].tolist()
    assert selected(desk) == {"fear": [0, 1]}
    assert desk.curve("joy") == before
    assert desk.history.undo_label == "Paste keys"


def test_keys_of_several_lanes_go_back_to_their_lanes_and_those_beyond_the_end_are_left_out(
    desk: Desk, hand: Hand
) -> None:
    hand.key(Qt.Key.Key_A, CTRL)
    hand.key(Qt.Key.Key_X, CTRL)
    assert len(desk.curve("joy")) == len(desk.curve("anger")) == 0
    desk.timeline.set_playhead(5.0)
    hand.key(Qt.Key.Key_V, CTRL)
    assert desk.curve("joy").times.tolist() == pytest.approx([5.0, 7.0, 9.0])
    assert desk.curve("anger").times.tolist() == pytest.approx([7.0])
    desk.history.undo()
    desk.history.undo()
    assert desk.curve("anger").times.tolist() == pytest.approx([4.0, 8.0])


def test_a_locked_lane_refuses_what_is_pasted(desk: Desk, hand: Hand) -> None:
    hand.click(desk.key_place("joy", 0))
    hand.key(Qt.Key.Key_C, CTRL)
    desk.history.apply("lock", lambda d: d.with_track(replace(d.track("fear"), locked=True)))
    desk.timeline.set_active_lane("fear")
    hand.key(Qt.Key.Key_V, CTRL)
    assert len(desk.curve("fear")) == 0


def test_text_from_elsewhere_is_not_pasted(desk: Desk, hand: Hand) -> None:
    QApplication.clipboard().setText('{"joy": {"keys": [[1, 1, "auto"]], "default": 0}}')
    before = desk.history.present
    desk.timeline.set_active_lane("joy")
    hand.key(Qt.Key.Key_V, CTRL)
    assert desk.history.present == before
