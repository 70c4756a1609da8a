"""Session to viewport: the face at the playhead, composed only when a picture is about to be drawn."""

from __future__ import annotations

from typing import Protocol

from core.mesh import Floats
from core.rig import Rig
from editor.session import Session


class FaceView(Protocol):
    """What `editor.views.viewport.Viewport` takes."""

    def show_face(self, subject: Rig) -> None: ...  # noqa: D102
    def schedule(self) -> None: ...  # noqa: D102
    def set_vertices(self, vertices: Floats) -> None: ...  # noqa: D102


class FaceFeed:
    """Keeps a viewport in step with the session; `compose` answers the viewport's call for a pose."""

    def __init__(self, session: Session, view: FaceView) -> None:
        self._session, self._view = session, view
        self._shown: Rig | None = None
        session.face_changed.connect(self.refresh)
        session.playhead_changed.connect(lambda _seconds: view.schedule())

    def compose(self) -> None:
        """Pose the face as it is at the playhead."""
        vertices = self._session.pose(self._session.playhead)
        if vertices is not None:
            self._view.set_vertices(vertices)

    def refresh(self) -> None:
        """Show the session's head as it is now."""
        rig = self._session.rig
        if rig is not None and rig is not self._shown:
            self._shown = rig
            self._view.show_face(rig)
        self._view.schedule()
