"""From the performance to files, in the background."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.export.registry import FORMATS, check_output, export
from core.take import Take
from editor.background import Background, Job, Report
from editor.controllers.inference import SLOT as LIPSYNC
from editor.session import Session, Tone

if TYPE_CHECKING:
    from core.export.video import FrameRenderer

SLOT = "export"
SEQUENCE, VIDEO = ".obj", ".mp4"


@dataclass(frozen=True)
class ExportOrder:
    """What to export, and where to.

    Attributes
    ----------
    suffixes : tuple of str
        Keys of `core.export.registry.FORMATS`.
    folder : Path
    name : str
        Files are called this; a sequence gets a folder of this name.
    fps : float
    start, end : float
        Seconds.
    """

    suffixes: tuple[str, ...]
    folder: Path
    name: str
    fps: float
    start: float
    end: float

    @property
    def outputs(self) -> tuple[str, ...]:
        """Where each format goes, as the registry takes it; a slash at the end makes a sequence."""
        base = self.folder / self.name
        return tuple(f"{base}_obj/" if suffix == SEQUENCE else f"{base}{suffix}" for suffix in self.suffixes)


class Exporting:
    """Exports the session's performance.

    Parameters
    ----------
    session : Session
    background : Background
    renderer : FrameRenderer
        Draws the pictures of a video.
    """

    def __init__(self, session: Session, background: Background, renderer: FrameRenderer) -> None:
        self._session, self._background, self._renderer = session, background, renderer
        self.last: ExportOrder | None = None
        self._waiting: ExportOrder | None = None
        session.ready_changed.connect(self._on_ready)

    def suggestion(self) -> ExportOrder:
        """Return an order to start from: the last one, or all of the recording beside the project."""
        session = self._session
        start, end = session.play_range
        audio, fps = session.document.audio, session.document.fps
        if self.last is not None:
            return replace(self.last, fps=fps, start=start, end=end)
        home = session.project or (audio.path if audio else Path.home() / "take")
        return ExportOrder(tuple(FORMATS)[:1], home.parent, home.stem, fps, start, end)

    def start(self, order: ExportOrder) -> None:
        """Export, once the lipsync is ready; the outcome becomes a message."""
        session = self._session
        if session.performance is None:
            return
        self.last = order
        if not session.is_ready:
            self._wait(order)
            return
        renderer, performance = self._renderer, session.final_performance()

        def work(report: Report) -> None:
            take = performance().take(order.start, order.end, order.fps)
            _write(take, order.outputs, renderer, report)

        def finish(_result: object) -> None:
            names = ", ".join(Path(out).name for out in order.outputs)
            session.say(f"Exported {names} to {order.folder}", Tone.INFO)

        self._background.start(Job(SLOT, f"Exporting {order.name}", work, finish))

    def _wait(self, order: ExportOrder) -> None:
        if self._background.busy(LIPSYNC):
            self._waiting = order
            self._session.note(f"Exports {order.name} as soon as the lipsync is ready")
        else:
            text = "There is no lipsync to export; choose Make lipsync again in the menu Edit."
            self._session.say(text, Tone.WARNING)

    def _on_ready(self) -> None:
        order, self._waiting = self._waiting, None
        if order is None:
            return
        if self._session.is_ready:
            self.start(order)
        elif self._background.busy(LIPSYNC):
            self._waiting = order


def _write(take: Take, outputs: tuple[str, ...], renderer: FrameRenderer, report: Report) -> None:
    for out in outputs:
        check_output(out)
    for number, out in enumerate(outputs):

        def progress(frame: int, frames: int, number: int = number) -> None:
            report.progress((number + frame / frames) / len(outputs))

        export(take, out, progress, lambda: report.cancelled, renderer if out.endswith(VIDEO) else None)
