"""A timeline wired to a document's history as the editor wires it, and a hand for its mouse."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from core.curve import Curve
from core.document import Document, Track, with_lane_curve
from core.history import History
from editor.lanes import LaneState
from editor.views.timeline import Timeline

COLOURS = {"joy": "#e6b422", "anger": "#e0523f", "fear": "#a879d8"}
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Desk:
    """Ten seconds: joy with keys at 2, 4 and 6 s, anger with keys at 4 and 8 s, fear without any."""

    def __init__(self) -> None:
        joy = Curve.of([(2.0, 0.2), (4.0, 0.8), (6.0, 0.4)])
        anger = Curve.of([(4.0, 0.5), (8.0, 1.0)])
        tracks = (Track("joy", joy), Track("anger", anger), Track("fear"))
        self.history = History(Document(tracks=tracks))
        self.timeline = Timeline()
        self.heard: list[str] = []
        self._wire()
        self.timeline.resize(1216, 520)
        self.timeline.set_fps(25.0)
        self.timeline.set_duration(10.0)
        self.show_document()

    def _wire(self) -> None:
        timeline, history = self.timeline, self.history
        timeline.gesture_begun.connect(lambda label: self.heard.append(f"begin {label}"))
        timeline.gesture_begun.connect(history.begin)
        timeline.curve_edited.connect(self._edit)
        timeline.gesture_ended.connect(lambda: self.heard.append("end"))
        timeline.gesture_ended.connect(history.commit)
        timeline.gesture_aborted.connect(lambda: self.heard.append("abort"))
        timeline.gesture_aborted.connect(history.abort)
        history.changed.connect(self.show_document)

    def _edit(self, lane: str, curve: Curve) -> None:
        self.heard.append(f"edit {lane}")
        self.history.apply("edit", lambda document: with_lane_curve(document, lane, curve))

    def show_document(self) -> None:
        self.timeline.set_lanes(
            tuple(
                LaneState(
                    t.name, t.name.capitalize(), COLOURS[t.name], t.curve, muted=t.muted, locked=t.locked
                )
                for t in self.history.present.tracks
            )
        )

    def curve(self, lane: str) -> Curve:
        return self.history.present.track(lane).curve

    def gestures(self) -> list[str]:
        """What was heard, runs of edits written once."""
        return [h for i, h in enumerate(self.heard) if not (h.startswith("edit") and self.heard[i - 1] == h)]

    # ---- places

    def place(self, lane: str, seconds: float, value: float) -> QPointF:
        row = self.timeline.state.layout.row(lane)
        return QPointF(self.timeline.state.axis.x_of(seconds), row.y_of(value))

    def key_place(self, lane: str, key: int) -> QPointF:
        curve = self.curve(lane)
        return self.place(lane, float(curve.times[key]), float(curve.values[key]))


class Hand:
    """Mouse events as the window system sends them."""

    def __init__(self, widget: QWidget) -> None:
        self.widget = widget
        self._button = LEFT

    def press(self, at: QPointF, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
        self._button = button
        self._send(QEvent.Type.MouseButtonPress, at, button, button, keys)

    def move(self, at: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
        self._send(QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, self._button, keys)

    def release(self, at: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
        self._send(QEvent.Type.MouseButtonRelease, at, self._button, Qt.MouseButton.NoButton, keys)

    def click(self, at: QPointF, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
        self.press(at, keys, button)
        self.release(at, keys)

    def double_click(self, at: QPointF) -> None:
        self.click(at)
        self._send(QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT, NONE)
        self.release(at)

    def drag(
        self, start: QPointF, end: QPointF, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT
    ) -> None:
        self.press(start, keys, button)
        for at in self.way(start, end):
            self.move(at, keys)
        self.release(end, keys)

    @staticmethod
    def way(start: QPointF, end: QPointF, steps: int = 5) -> Iterator[QPointF]:
        yield from (start + (end - start) * (i / steps) for i in range(1, steps + 1))

    def wheel(self, at: QPointF, notches: int, keys: Qt.KeyboardModifier = NONE) -> None:
        where = QPointF(self.widget.mapToGlobal(at))
        turn = QPoint(0, 120 * notches)
        buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, where, QPoint(), turn, buttons, keys, phase, False)
        QApplication.sendEvent(self.widget, event)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.widget, key, keys)

    def _send(
        self,
        kind: QEvent.Type,
        at: QPointF,
        button: Qt.MouseButton,
        buttons: Qt.MouseButton,
        keys: Qt.KeyboardModifier,
    ) -> None:
        where = QPointF(self.widget.mapToGlobal(at))
        QApplication.sendEvent(self.widget, QMouseEvent(kind, at, where, button, buttons, keys))
