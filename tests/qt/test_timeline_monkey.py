"""Whatever is pressed, gestures are paired, curves stay sound and undo leads back to the start."""

import random

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from tests.qt.timeline_desk import ALT, CTRL, LEFT, MIDDLE, NONE, SHIFT, Desk, Hand

KEYS = (
    *(Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_B, Qt.Key.Key_V, Qt.Key.Key_BracketLeft),
    *(Qt.Key.Key_BracketRight, Qt.Key.Key_S, Qt.Key.Key_F, Qt.Key.Key_A, Qt.Key.Key_Up, Qt.Key.Key_Down),
    *(Qt.Key.Key_Period, Qt.Key.Key_Comma, Qt.Key.Key_Left, Qt.Key.Key_Right),
)


class Monkey:
    """Presses what it likes, but as a hand would: a button is released before the next is pressed."""

    def __init__(self, desk: Desk, hand: Hand, seed: int) -> None:
        self._desk, self._hand = desk, hand
        self._random = random.Random(seed)
        self._down: Qt.MouseButton | None = None

    def act(self) -> None:
        if self._down is not None:
            act = self._random.choice((self._move, self._move, self._move, self._release, self._key))
        else:
            act = self._random.choice(
                (self._press, self._press, self._double, self._wheel, self._key, self._undo)
            )
        act()

    def rest(self) -> None:
        if self._down is not None:
            self._release()

    def _place(self) -> QPointF:
        lanes = [name for name in ("joy", "anger", "fear") if len(self._desk.curve(name))]
        if lanes and self._random.random() < 0.6:
            lane = self._random.choice(lanes)
            return self._desk.key_place(lane, self._random.randrange(len(self._desk.curve(lane))))
        canvas = self._desk.timeline.canvas
        return QPointF(
            self._random.uniform(-40, canvas.width() + 40), self._random.uniform(-20, canvas.height())
        )

    def _held(self) -> Qt.KeyboardModifier:
        return self._random.choice((NONE, NONE, NONE, SHIFT, CTRL, ALT))

    def _press(self) -> None:
        self._down = self._random.choice((LEFT, LEFT, LEFT, MIDDLE))
        self._hand.press(self._place(), self._held(), self._down)

    def _move(self) -> None:
        self._hand.move(self._place(), self._held())

    def _release(self) -> None:
        self._down = None
        self._hand.release(self._place(), self._held())

    def _double(self) -> None:
        self._hand.double_click(self._place())

    def _wheel(self) -> None:
        self._hand.wheel(self._place(), self._random.randint(-3, 3), self._held())

    def _key(self) -> None:
        self._hand.key(self._random.choice(KEYS), self._held())

    def _undo(self) -> None:
        self._random.choice((self._desk.history.undo, self._desk.history.redo))()


@pytest.mark.parametrize("seed", range(2))
def test_a_monkey_cannot_break_it(desk: Desk, hand: Hand, qtbot: QtBot, seed: int) -> None:
    first = desk.history.present
    monkey = Monkey(desk, hand, seed)
    for _ in range(300):
        monkey.act()
        for name in ("joy", "anger", "fear"):
            check_sound(desk, name)
    monkey.rest()
    assert not desk.history.in_gesture
    marks = [heard.split()[0] for heard in desk.heard if not heard.startswith("edit")]
    assert marks[::2] == ["begin"] * len(marks[::2])
    assert set(marks[1::2]) <= {"end", "abort"}
    while desk.history.undo_label:
        desk.history.undo()
    if len(marks) < 200:  # fewer entries than the history keeps
        assert desk.history.present == first


def check_sound(desk: Desk, name: str) -> None:
    curve, keys = desk.curve(name), desk.timeline.selected_keys().get(name, np.empty(0, np.intp))
    assert (np.diff(curve.times) > 0).all()
    assert not len(keys) or keys.max() < len(curve)
    if len(curve):
        assert curve.times[0] >= -1e-9
        assert curve.values.min() >= -1e-9
        assert curve.values.max() <= 1.5 + 1e-9
