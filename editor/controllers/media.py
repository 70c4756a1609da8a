"""Recording, head and emotion folder: loads what the document refers to, whoever changed it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from core.audio import AudioClip, load_audio
from core.document import FileRef
from core.errors import InputError
from core.library import default_rig, shape_of
from core.mesh import Floats
from core.peaks import Peaks
from core.project.project_file import file_ref
from core.rig import Rig
from editor.background import Background, Job, Report
from editor.session import Session, Tone

Thing = TypeVar("Thing")

Load = Callable[[Path, Report], Thing]
"""Reads a file, in another thread."""

KEPT = 3
"""Loaded files at hand for undo, of each kind."""


class Source(Generic[Thing]):
    """One kind of file that the document refers to, and what of it is loaded.

    Parameters
    ----------
    background : Background
    name, title : str
        Slot of the jobs, and what the status bar says.
    loader : callable
        Returns what reads the file, in another thread: it may hold on to what it needs of the session.
    take : callable
        Shows what was read; gets None where there is no file, or none that can be read.
    """

    def __init__(
        self,
        background: Background,
        name: str,
        title: str,
        loader: Callable[[], Load[Thing]],
        take: Callable[[Thing | None], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._background = background
        self._name, self._title, self._loader = name, title, loader
        self._take, self._failed = take, failed
        self._shown: FileRef | None = None
        self._at_hand: OrderedDict[Path, Thing] = OrderedDict()

    def open(self, path: Path, adopt: Callable[[FileRef], None]) -> None:
        """Load a file first, and only if that went well let ``adopt`` put it into the document."""

        def done(loaded: tuple[FileRef, Thing]) -> None:
            ref, thing = loaded
            self._keep(ref.path, thing)
            if ref == self._shown:  # the same file again: it may have been written anew
                self._show(ref, thing)
            adopt(ref)

        self._start(path, done)

    def follow(self, ref: FileRef | None) -> None:
        """Show what the document refers to now; a file at hand is shown at once."""
        if ref == self._shown:
            return
        if ref is None or ref.path in self._at_hand:
            self._show(ref, self._at_hand[ref.path] if ref else None)
            return
        self._shown = ref
        self._start(ref.path, lambda loaded: self._arrived(ref, loaded[1]), lambda e: self._missing(ref, e))

    def forget(self) -> None:
        """Read everything anew when it is next asked for."""
        self._shown = None
        self._at_hand.clear()

    def _start(
        self,
        path: Path,
        done: Callable[[tuple[FileRef, Thing]], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        load = self._loader()
        title = f"{self._title} {path.name}"
        self._background.start(
            Job(self._name, title, lambda report: (file_ref(path), load(path, report)), done, failed=failed)
        )

    def _arrived(self, ref: FileRef, thing: Thing) -> None:
        self._keep(ref.path, thing)
        if ref == self._shown:
            self._take(thing)

    def _missing(self, ref: FileRef, error: Exception) -> None:
        self._failed(error)
        if ref == self._shown:
            self._take(None)

    def _show(self, ref: FileRef | None, thing: Thing | None) -> None:
        self._shown = ref
        self._take(thing)

    def _keep(self, path: Path, thing: Thing) -> None:
        self._at_hand[path] = thing
        self._at_hand.move_to_end(path)
        while len(self._at_hand) > KEPT:
            self._at_hand.popitem(last=False)


class Media:
    """Keeps what is loaded in step with what the document names.

    Parameters
    ----------
    session : Session
    background : Background
    """

    def __init__(self, session: Session, background: Background) -> None:
        self._session, self._background = session, background
        self._shape: float | None = None
        """That of the default head, while it is the one shown."""

        def failed(error: Exception) -> None:
            session.say(str(error))

        self.audio = Source(
            background, "recording", "Reading", lambda: _load_recording, self._take_audio, failed
        )
        self.template = Source(background, "head", "Fitting", lambda: _load_template, self._take_rig, failed)
        self.emotions = Source(
            background, "emotions", "Reading", self._shape_loader, self._take_shapes, failed
        )
        session.document_changed.connect(self.follow)

    def start(self) -> None:
        """Load the head that ships with the program."""
        self._background.start(Job("head", "", _default_head, lambda _rig: self._take_rig(None)))

    def follow(self) -> None:
        """Load what the document names and is not loaded yet."""
        document = self._session.document
        self.audio.follow(document.audio)
        self.template.follow(document.template)
        if self._shape not in (None, self._wanted_shape()):
            self._take_rig(None)
        if not self._background.busy("head"):  # shapes belong to a head: it comes first
            self.emotions.follow(document.emotions)

    def open_audio(self, path: Path) -> None:
        """Use a recording; one that cannot be read changes nothing."""
        self.audio.open(path, lambda ref: self._apply(path, audio=ref, loop=None))

    def open_template(self, path: Path) -> None:
        """Use a head; one that cannot be read changes nothing."""
        self.template.open(path, lambda ref: self._apply(path, template=ref))

    def open_emotions(self, path: Path) -> None:
        """Use a folder of emotions; one that does not fit the head changes nothing."""
        self.emotions.open(path, lambda ref: self._apply(path, emotions=ref))

    def use_default_head(self) -> None:
        """Use the head that ships with the program."""
        self._session.history.apply("Use the default head", lambda d: replace(d, template=None))

    def _apply(self, path: Path, **changes: Any) -> None:
        self._session.history.apply(f"Open {path.name}", lambda document: replace(document, **changes))

    def _shape_loader(self) -> Load[Mapping[str, Floats]]:
        mesh = (self._session.rig or default_rig()).mesh

        def load(path: Path, _report: Report) -> Mapping[str, Floats]:
            from emotion.shapes import load_shapes

            return load_shapes(path, mesh)

        return load

    def _take_audio(self, recording: tuple[AudioClip, Peaks] | None) -> None:
        self._session.set_audio(*(recording or (None, None)))

    def _take_rig(self, rig: Rig | None) -> None:
        self.emotions.forget()
        self._session.set_shapes({})
        self._shape = None if rig else self._wanted_shape()
        self._session.set_rig(rig or default_rig(self._wanted_shape()))
        for texture in rig.mesh.textures if rig else ():
            if texture.pixels is None:
                text = f"{texture.name} is missing or cannot be read; the head is shown without it."
                self._session.say(text, Tone.WARNING)
        self.emotions.follow(self._session.document.emotions)

    def _wanted_shape(self) -> float:
        try:
            return shape_of(self._session.document.settings)
        except InputError as error:
            self._session.say(str(error))
            return 0.0

    def _take_shapes(self, shapes: Mapping[str, Floats] | None) -> None:
        self._session.set_shapes(shapes or {})


def _load_recording(path: Path, _report: Report) -> tuple[AudioClip, Peaks]:
    clip = load_audio(path)
    return clip, Peaks(clip)


def _default_head(_report: Report) -> Rig:
    import emotion.performance  # noqa: F401 - SciPy takes its time: here rather than in the window's thread

    return default_rig()


def _load_template(path: Path, report: Report) -> Rig:
    from core.templates.load import load_template

    return load_template(path, report.progress)
