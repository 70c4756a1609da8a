import numpy as np
import pytest
from PySide6.QtGui import QImage

from core.composing import decode
from core.library import default_rig
from editor.views.second_window import SecondWindow


@pytest.fixture
def window(qtbot):
    window = SecondWindow()
    qtbot.addWidget(window)
    window.resize(300, 300)
    window.show_face(default_rig())
    yield window
    window.close_face()


def picture(window: SecondWindow) -> np.ndarray:
    window._draw()
    image = window._plotter.grabFramebuffer().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.asarray(image.constBits()).reshape(image.height(), image.width(), 4)
    return pixels[..., :3].astype(np.float64)


def test_it_shows_the_pose_it_is_given(qtbot, window):
    with qtbot.waitExposed(window):
        window.show()
    rig = default_rig()
    weights = np.zeros((1, len(rig.channels)), np.float32)
    shut = picture(window)
    weights[0, rig.index["jawOpen"]] = 1.0
    window.set_vertices(decode(rig, weights)[0])
    changed = np.abs(picture(window) - shut).max(axis=2) > 40
    rows = np.flatnonzero(changed.any(axis=1))
    assert shut.std() > 20  # a face, not an empty window
    assert changed.mean() > 0.005
    assert rows.min() > 100  # the mouth, below the eyes


def test_many_changes_are_one_picture_and_none_while_hidden(qtbot, window):
    drawn = []
    window.drawing.connect(lambda: drawn.append(1))
    window.schedule()
    qtbot.wait(50)
    assert drawn == []
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: bool(drawn))
    drawn.clear()
    for _ in range(20):
        window.schedule()
    qtbot.waitUntil(lambda: bool(drawn))
    qtbot.wait(100)
    assert drawn == [1]
