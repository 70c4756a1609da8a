"""``main.py demo``: the whole job on the clip that ships with the program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.command_line import OneLineParser
from core.curve import Curve
from core.document import Document, Track
from core.errors import InputError
from core.paths import DEMO_CLIP
from core.project.project_file import SUFFIX, file_ref, save_project
from editor.commands.edit import has_display, open_editor
from editor.commands.export import export_to

# "so happy to meet you" ends at 3.8 s, "oh, what a beautiful voice" begins at 5.7 s, "but please" at 7.3 s.
PAINTED = {
    "joy": [(0.0, 0.2), (0.7, 0.5), (2.6, 0.9), (3.9, 0.5), (5.0, 0.0)],
    "surprise": [(5.1, 0.0), (5.8, 0.8), (6.8, 0.3), (7.3, 0.0)],
    "sadness": [(6.9, 0.0), (7.7, 0.8), (8.7, 1.0)],
}
ALIVE = {"life.blinks": 1.0, "life.gaze": 0.7, "life.head": 1.0, "life.breath": 1.0, "life.seed": 4.0}
"""Parameters that let the face live."""
STILL = 2.75
"""Second of the picture: the middle of "happy"."""


def run(words: Sequence[str]) -> int:
    """Make the demo's files, then open the editor on them if there is a display; return the exit code."""
    parser = OneLineParser("main.py demo", description="Make a talking head from the bundled clip.")
    parser.add_argument("--out", type=Path, default=Path("demo"), metavar="DIR", help="demo where not given")
    folder: Path = parser.parse_args(words).out
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(folder, f"cannot be written: {error.strerror or error}") from error
    project = folder / f"demo{SUFFIX}"
    save_project(painted(), project)
    _make(folder)
    return open_editor(project) if has_display() else 0


def painted() -> Document:
    """Return the demo's document: the bundled clip on the default head, with emotions painted over it."""
    tracks = tuple(Track(name, Curve.of(keys)) for name, keys in PAINTED.items())
    alive = {key: Curve.constant(value) for key, value in ALIVE.items()}
    return Document(audio=file_ref(DEMO_CLIP), tracks=tracks, parameters=alive)


def _make(folder: Path) -> None:
    from editor.commands.staging import perform
    from editor.render.pictures import film_strip, save_png, still

    take = perform(painted()).take()
    for name in ("demo.abc", "demo_obj/", "demo.mp4"):
        export_to(take, f"{folder}/{name}")
    pictures = {"demo.png": still(take, STILL), "demo_strip.png": film_strip(take)}
    for name, picture in pictures.items():
        save_png(picture, folder / name)
        print(f"{folder / name}: {picture.shape[1]} x {picture.shape[0]}")
