"""The face in the window: drawn at most once per turn of the event loop, never while hidden or closed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QOpenGLContext,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from core.errors import InputError
from core.mesh import Floats
from editor import palette
from editor.render.live import LiveFace, Quality
from editor.render.scene import Shading
from editor.render.subject import Subject
from editor.views import orbit

STILL = 400
"""Milliseconds without movement after which the finest picture is drawn."""


class Viewport(QWidget):
    """Shows one face; passive but for the camera, which is its own.

    Signals
    -------
    drawing
        A picture is about to be drawn: now is the time for `set_vertices`.
    drawn
        A picture is on its way to the screen.
    resized
        What lies over the picture has to move.
    """

    drawing = Signal()
    drawn = Signal()
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("viewport")
        self.setMinimumSize(240, 180)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._face: LiveFace | None = None
        self._failure = ""
        self._image = QImage()
        self._dirty = self._moving = self._pose_due = False
        self._last = QPointF()
        self._still = QTimer(self, singleShot=True, interval=STILL)
        self._still.timeout.connect(self._refine)

    # ---- setters

    def show_face(self, subject: Subject) -> None:
        """Show another face."""
        if self._open():
            self._live.show(subject)
            self._redraw()

    def schedule(self) -> None:
        """Ask for a new pose when the next picture is drawn."""
        self._pose_due = True
        self._redraw()

    def set_vertices(self, vertices: Floats) -> None:
        """Pose the face, vertices (V, 3); in answer to `drawing`."""
        if self._face is not None:
            self._face.update(vertices)

    def set_shading(self, shading: Shading) -> None:
        """Draw colours, clay or wireframe."""
        if self._open():
            self._live.set_shading(shading)
            self._redraw()

    def set_occluded(self, occluded: bool) -> None:
        """Darken what is hidden from the light of the room, or not."""
        if self._open():
            self._live.set_occluded(occluded)
            self._redraw()

    @property
    def refined(self) -> bool:
        """Whether the finest picture of what is to be seen is drawn."""
        return not (self._moving or self._dirty)

    @property
    def quality(self) -> Quality:
        """How finely the face is drawn while it moves."""
        return self._live.quality

    def frame_face(self) -> None:
        """Put the camera in front of the face."""
        if self._face is not None:
            self._face.frame()
            self._redraw()

    def close_face(self) -> None:
        """Free the graphics memory; nothing is drawn afterwards."""
        self._still.stop()
        self._dirty = False
        if self._face is not None:
            _let_go_of_qt()
            self._face.close()
            self._face = None

    # ---- the camera

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take the camera in hand."""
        self._last = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Orbit, pan or dolly by the button that is held."""
        if self._face is None or not event.buttons():
            return
        step = event.position() - self._last
        self._last = event.position()
        camera, buttons = self._face.camera, event.buttons()
        if buttons & Qt.MouseButton.LeftButton:
            orbit.orbit(camera, step.x(), step.y())
        elif buttons & Qt.MouseButton.MiddleButton:
            orbit.pan(camera, step.x(), step.y(), self.height())
        elif buttons & Qt.MouseButton.RightButton:
            orbit.dolly(camera, orbit.DOLLY_PER_PIXEL ** (step.x() - step.y()))
        self._redraw()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Dolly by the wheel."""
        if self._face is not None:
            orbit.dolly(self._face.camera, orbit.DOLLY_PER_NOTCH ** (event.angleDelta().y() / 120))
            self._redraw()

    # ---- drawing

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw in the new size."""
        if self._face is not None:
            self._fit()
        self._redraw()
        super().resizeEvent(event)
        self.resized.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the face if it changed, then lay its picture down."""
        if self._dirty and self._face is not None:
            self._draw()
        painter = QPainter(self)
        if self._image.isNull():
            painter.fillRect(self.rect(), QColor(palette.WINDOW))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), self._image)
        painter.setPen(QColor(palette.DIM))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._failure)

    def _draw(self) -> None:
        if self._pose_due:
            self._pose_due = False
            self.drawing.emit()
        _let_go_of_qt()
        pixels = self._live.draw(self._moving)
        height, width = pixels.shape[:2]
        # The picture's memory is drawn over next time, hence the copy; its first row is the lowest.
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBX8888)
        self._image = image.flipped(Qt.Orientation.Vertical)
        self._dirty = False
        if self._moving:
            self._still.start()
        self.drawn.emit()

    def _redraw(self) -> None:
        self._dirty = self._moving = True
        self.update()

    @Slot()
    def _refine(self) -> None:
        self._moving = False
        self._dirty = True
        self.update()

    def _open(self) -> bool:
        """Make the drawing window when it is first needed; say whether there is one."""
        _let_go_of_qt()
        if self._face is None and not self._failure:
            try:
                self._face = LiveFace()
                self._fit()
            except InputError as error:
                self._failure = str(error)
        return self._face is not None

    @property
    def _live(self) -> LiveFace:
        assert self._face is not None
        return self._face

    def _fit(self) -> None:
        size = QPoint(self.width(), self.height()) * self.devicePixelRatioF()
        self._live.resize(size.x(), size.y())


def _let_go_of_qt() -> None:
    """Release the context of the second window: while it is current, no other can be made so."""
    held = QOpenGLContext.currentContext()
    if held is not None:
        held.doneCurrent()
