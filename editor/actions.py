"""Every command of the editor, in one table: menus, toolbars and the page of shortcuts are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from editor.session import Session

When = Callable[[Session], bool]


def always(_session: Session) -> bool:
    """Allow a command at any time."""
    return True


def has_audio(session: Session) -> bool:
    """Allow a command once a recording is open."""
    return session.audio is not None


def has_take(session: Session) -> bool:
    """Allow a command once a head can speak."""
    return session.audio is not None and session.rig is not None


def has_face(session: Session) -> bool:
    """Allow a command once a head is shown."""
    return session.rig is not None


def has_suggestions(session: Session) -> bool:
    """Whether emotions are suggested."""
    return bool(session.suggestions)


def can_undo(session: Session) -> bool:
    """Allow undo."""
    return session.history.undo_label is not None


def can_redo(session: Session) -> bool:
    """Allow redo."""
    return session.history.redo_label is not None


@dataclass(frozen=True)
class Action:
    """One command.

    Attributes
    ----------
    id : str
        What its handler is bound to.
    title, menu : str
        Shown in which menu; "-" before the title draws a line above it.
    shortcuts : tuple of str
    icon : str
        A file of assets/icons, empty for none.
    tip : str
        What the tooltip says beyond the title.
    when : callable
        Whether it can be used now.
    checked : callable or None
        Whether its tick is set; None for a command without one.
    """

    id: str
    title: str
    menu: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    when: When = always
    checked: When | None = None

    @property
    def label(self) -> str:
        """The title without what is only for the menu."""
        return self.title.removeprefix("-").removesuffix("...")


MENUS = ("File", "Edit", "Playback", "View", "Help")

ACTIONS: tuple[Action, ...] = (
    Action("new", "New", "File", ("Ctrl+N",), "plus"),
    Action(
        "open",
        "Open...",
        "File",
        ("Ctrl+O",),
        "folder-open",
        "A recording, a head, a speech model, a project",
    ),
    Action(
        "open-emotions", "Open emotion folder...", "File", (), "smile", "neutral.obj and one mesh an emotion"
    ),
    Action("default-head", "Use the default head", "File", when=lambda s: s.document.template is not None),
    Action("save", "-Save", "File", ("Ctrl+S",), "save"),
    Action("save-as", "Save as...", "File", ("Ctrl+Shift+S",)),
    Action("export", "-Export...", "File", ("Ctrl+E",), "upload", "Alembic, OBJ frames, video ...", has_take),
    Action("export-again", "Export again", "File", ("Ctrl+Shift+E",), tip="As last time", when=has_take),
    Action("quit", "-Quit", "File", ("Ctrl+Q",)),
    Action("undo", "Undo", "Edit", ("Ctrl+Z",), "undo-2", when=can_undo),
    Action("redo", "Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", when=can_redo),
    Action("key", "-Key at the playhead", "Edit", ("S",), when=has_audio),
    Action("select-tool", "Select tool", "Edit", ("V", "Q"), "mouse-pointer-2"),
    Action("brush-tool", "Brush tool", "Edit", ("B",), "brush"),
    Action("transcript", "-Transcript...", "Edit", ("Ctrl+Shift+T",), "", "Sharper lips", has_audio),
    Action(
        "style",
        "Speak like a capture...",
        "Edit",
        (),
        "",
        "A Live Link Face recording of the actor",
        has_audio,
    ),
    Action("suggest", "-Suggest emotions", "Edit", ("Ctrl+G",), "smile", "From the voice", has_audio),
    Action("accept", "Accept the suggestion", "Edit", ("G",), tip="Of the chosen lane", when=has_suggestions),
    Action("accept-half", "Accept half of it", "Edit", ("Shift+G",), when=has_suggestions),
    Action("ignore", "Ignore all suggestions", "Edit", ("Ctrl+Shift+G",), when=has_suggestions),
    Action("bake", "Bake life to keys", "Edit", tip="Blinks, gaze, breath, head", when=has_audio),
    Action(
        "other-model",
        "-Compare with the other speech model",
        "Edit",
        ("C",),
        tip="The one used before, and back again",
        when=has_audio,
    ),
    Action("listen-again", "Make lipsync again", "Edit", (), "audio-lines", when=has_audio),
    Action("play", "Play or pause", "Playback", ("Space",), "play", when=has_audio),
    Action("back", "Shuttle backward", "Playback", ("J",), tip="Again for faster", when=has_audio),
    Action("stop", "Shuttle stop", "Playback", ("K",), when=has_audio),
    Action("forward", "Shuttle forward", "Playback", ("L",), tip="Again for faster", when=has_audio),
    Action("previous-frame", "-Previous frame", "Playback", ("Left",), "step-back", when=has_audio),
    Action("next-frame", "Next frame", "Playback", ("Right",), "step-forward", when=has_audio),
    Action("ten-back", "Ten frames back", "Playback", ("Shift+Left",), when=has_audio),
    Action("ten-forward", "Ten frames on", "Playback", ("Shift+Right",), when=has_audio),
    Action("start", "To the start", "Playback", ("Home",), "skip-back", when=has_audio),
    Action("end", "To the end", "Playback", ("End",), "skip-forward", when=has_audio),
    Action("previous-key", "Previous key", "Playback", (",",), when=has_audio),
    Action("next-key", "Next key", "Playback", (".",), when=has_audio),
    Action("mark-in", "-Set in point", "Playback", ("I",), when=has_audio),
    Action("mark-out", "Set out point", "Playback", ("O",), when=has_audio),
    Action("clear-range", "Clear range", "Playback", ("Alt+X",), when=lambda s: s.document.loop is not None),
    Action("loop", "Loop", "Playback", ("Ctrl+L",), "repeat", when=has_audio, checked=lambda s: s.looping),
    Action(
        "frame",
        "Frame the face",
        "View",
        ("F",),
        "scan-face",
        "Selected keys with the mouse over the timeline",
        has_face,
    ),
    Action("frame-all", "Whole recording", "View", ("A",), when=has_audio),
    Action("wireframe", "-Wireframe", "View", ("4",), when=has_face),
    Action("clay", "Clay", "View", ("5",), when=has_face),
    Action("colours", "Colours", "View", ("6",), when=has_face),
    Action(
        "occlusion",
        "Ambient occlusion",
        "View",
        ("7",),
        "",
        "Slow without a GPU",
        has_face,
        checked=lambda s: s.occluded,
    ),
    Action(
        "second-window", "-Face in its own window", "View", ("Ctrl+2",), "", "For a second screen", has_face
    ),
    Action("reset-layout", "-Reset layout", "View"),
    Action("shortcuts", "Keyboard and mouse", "Help", ("F1", "?"), "info"),
)


@dataclass(frozen=True)
class Gesture:
    """What the mouse or a key does in one panel; for the page of shortcuts only."""

    place: str
    keys: str
    does: str


GESTURES: tuple[Gesture, ...] = (
    Gesture("Face", "Left drag", "Orbit"),
    Gesture("Face", "Middle drag", "Pan"),
    Gesture("Face", "Right drag, wheel", "Nearer, farther"),
    Gesture("Face", "Alt + drag", "The same, as in Maya"),
    Gesture("Timeline", "Ctrl + click", "Insert a key; drag on to move it"),
    Gesture("Timeline", "Drag a key", "Move all selected keys; Shift keeps one axis, Ctrl turns snapping"),
    Gesture("Timeline", "Drag on empty", "Select keys in a box; Shift adds"),
    Gesture("Timeline", "Alt + click", "Select the keys of all lanes on this frame"),
    Gesture("Timeline", "Double click a key", "Type its value"),
    Gesture("Timeline", "Brush: drag", "Paint; Shift smooths, Ctrl erases"),
    Gesture("Timeline", "Brush: [ and ], wheel", "Radius, strength"),
    Gesture("Timeline", "Wheel, middle drag", "Zoom, move along time"),
    Gesture("Timeline", "Drag in ruler or voice", "Scrub with sound"),
    Gesture("Timeline", "Up, Down", "Lane above, lane below"),
    Gesture("Timeline", "Alt + arrows", "Nudge the selected keys"),
    Gesture("Timeline", "Del", "Delete the selected keys"),
    Gesture("Timeline", "Ctrl + X, C, V", "Cut, copy, paste keys at the playhead, also into another project"),
    Gesture("Timeline", "Ctrl + A", "Select all keys"),
    Gesture("Timeline", "Ctrl + T", "Seconds, frames, timecode"),
    Gesture("Panels", "Drag a value", "Key it at the playhead; Shift for fine steps"),
    Gesture("Panels", "Click an emotion", "Add its lane, or choose it"),
    Gesture("Panels", "Double click a value", "Type it"),
    Gesture("Panels", "Tab, Up, Down, Enter", "Go to a list, walk along it, type a value"),
)
