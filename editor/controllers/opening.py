"""Whatever is dropped on the window goes where it belongs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from core.errors import InputError
from core.inference.models import SUFFIX as MODEL_SUFFIX
from core.livelink import read_live_link
from core.meshes.load import READERS
from core.project.project_file import SUFFIX
from core.templates.names import channel_of
from core.transcript import LANGUAGE, read_transcript
from editor.controllers.media import Media
from editor.controllers.models import Models
from editor.controllers.projects import Projects
from editor.session import Session, Tone

AUDIO = (".wav", ".mp3", ".flac", ".ogg", ".opus", ".m4a", ".aac", ".aif", ".aiff", ".aifc", ".au", ".caf",
         ".w64", ".wv", ".wma", ".amr", ".mka", ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi")  # fmt: skip
MESHES = tuple(READERS)
HEADS = (*MESHES, ".npz")
TEXTS = (".txt",)
STYLES = (".csv", ".json")
PRESETS = (".yaml", ".yml")
MODELS = (MODEL_SUFFIX,)


class Kind(StrEnum):
    """What a file or folder is to this program."""

    PROJECT = "project"
    AUDIO = "recording"
    TEMPLATE = "head"
    EMOTIONS = "emotion folder"
    TRANSCRIPT = "transcript"
    STYLE = "capture or speaking style"
    PRESET = "preset of Audio2Face"
    MODEL = "speech model"


KINDS = {
    Kind.PROJECT: (SUFFIX,),
    Kind.TEMPLATE: HEADS,
    Kind.AUDIO: AUDIO,
    Kind.TRANSCRIPT: TEXTS,
    Kind.STYLE: STYLES,
    Kind.PRESET: PRESETS,
    Kind.MODEL: MODELS,
}
"""Suffixes of each kind of file."""


def kind_of(path: Path) -> Kind:
    """Tell what a file or folder is, by its name alone.

    Raises
    ------
    InputError
        If it is missing, or nothing this program opens.
    """
    if not path.exists():
        raise InputError(path, "no such file or folder")
    if path.is_dir():
        return _kind_of_folder(path)
    suffix = path.suffix.lower()
    for kind, suffixes in KINDS.items():
        if suffix in suffixes:
            return kind
    raise InputError(path, "not a recording, a head, an emotion folder, a speech model or a project")


def _kind_of_folder(folder: Path) -> Kind:
    places = [place for place in (folder, folder / "shapes") if place.is_dir()]
    names = [p.stem for place in places for p in place.iterdir() if p.suffix.lower() in MESHES]
    if not names:
        raise InputError(folder, "a folder without meshes")
    # A head speaks with a shape that opens the jaw; a folder of emotions has none.
    speaks = any(channel_of(name) == "jawOpen" for name in names)
    return Kind.TEMPLATE if speaks else Kind.EMOTIONS


class Opening:
    """Routes files to those who load them.

    Parameters
    ----------
    session : Session
    projects : Projects
    media : Media
    models : Models
    """

    def __init__(self, session: Session, projects: Projects, media: Media, models: Models) -> None:
        self._session = session
        self._open = {
            Kind.PROJECT: projects.open,
            Kind.AUDIO: media.open_audio,
            Kind.TEMPLATE: media.open_template,
            Kind.EMOTIONS: media.open_emotions,
            Kind.TRANSCRIPT: self._open_transcript,
            Kind.STYLE: self._open_style,
            Kind.PRESET: self._open_preset,
            Kind.MODEL: models.open,
        }

    def open(self, path: Path) -> None:
        """Open one file or folder; what it cannot be becomes a message."""
        try:
            kind = kind_of(path)
        except InputError as error:
            self._session.say(str(error))
            return
        self._open[kind](path)

    def _open_transcript(self, path: Path) -> None:
        before = self._session.document.transcript
        try:
            transcript = read_transcript(path, before.language if before else LANGUAGE, None)
        except InputError as error:
            self._session.say(str(error))
            return
        self._session.history.apply(f"Open {path.name}", lambda d: replace(d, transcript=transcript))

    def _open_style(self, path: Path) -> None:
        from emotion.calibration import NO_STYLE, calibrate, load_style  # SciPy: the window must not wait

        try:
            if path.suffix.lower() == ".json":
                style = load_style(path)
            else:
                style = calibrate(read_live_link(path), self._session.neutral)
        except InputError as error:
            if error.reason == NO_STYLE:
                self._open_preset(path)
            else:
                self._session.say(str(error))
            return
        self._session.history.apply(f"Speak like {path.stem}", style.applied)

    def _open_preset(self, path: Path) -> None:
        from emotion.audio2face import load_preset

        try:
            preset = load_preset(path)
        except InputError as error:
            self._session.say(str(error))
            return
        self._session.history.apply(f"Use {path.name}", preset.applied)
        if preset.passed_over:
            names = ", ".join(preset.passed_over)
            self._session.say(f"{path.name}: {names} have no counterpart here and were left out", Tone.INFO)

    def drop(self, paths: Iterable[Path]) -> None:
        """Open several at once: a project first, for it would replace the others."""
        for path in sorted(paths, key=lambda p: p.suffix.lower() != SUFFIX):
            self.open(path)
