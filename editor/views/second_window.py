"""The face in a window of its own, for a second screen: pyvistaqt's native view, best with a GPU.

The viewport in the main window is drawn off the screen instead, because without a GPU a native view costs
several times as much (docs/ARCHITECTURE.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pyvistaqt import QtInteractor

from core.mesh import Floats
from editor.render.scene import FaceScene
from editor.render.subject import Subject


class SecondWindow(QWidget):
    """Shows the same face as the viewport; closing hides it.

    Parameters
    ----------
    actions : sequence of QAction
        Whose shortcuts work here, too.

    Signals
    -------
    drawing
        A picture is about to be drawn: now is the time for `set_vertices`.
    """

    drawing = Signal()

    def __init__(self, actions: Sequence[QAction] = ()) -> None:
        # Nobody's child: Qt would draw the parent's whole window by OpenGL as well.
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setObjectName("secondWindow")
        self.setWindowTitle("Face - Editable Lipsync")
        self.addActions(list(actions))
        self.resize(900, 900)
        self._plotter = QtInteractor(self, auto_update=False, multi_samples=1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plotter)
        self._scene: FaceScene | None = None
        # However many changes one turn of the event loop brings, one picture is drawn.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._draw)

    def show_face(self, subject: Subject) -> None:
        """Show another face."""
        if self._scene is not None:
            self._scene.remove()
        self._scene = FaceScene(self._plotter.renderer, subject)
        self.schedule()

    def schedule(self) -> None:
        """Ask for a picture; nothing is drawn while the window is hidden."""
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def set_vertices(self, vertices: Floats) -> None:
        """Pose the face, vertices (V, 3); in answer to `drawing`."""
        if self._scene is not None:
            self._scene.update(vertices)

    def close_face(self) -> None:
        """Free the graphics memory; nothing is drawn afterwards."""
        self._soon.stop()
        self._plotter.close()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Catch up with what changed while hidden."""
        super().showEvent(event)
        self.schedule()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Draw no more."""
        self._soon.stop()
        super().hideEvent(event)

    def _draw(self) -> None:
        self.drawing.emit()
        self._plotter.update()  # its painting renders; rendering here as well would do it twice
