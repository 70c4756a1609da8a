"""``main.py [FILE]``: the editor."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from core.command_line import OneLineParser
from core.errors import InputError


def run(words: Sequence[str]) -> int:
    """Open the editor, with a file if one is given; return the exit code once it is closed."""
    parser = OneLineParser("main.py", description="Open the editor.")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a project, a recording or a head")
    file = parser.parse_args(words).file
    if file is not None and not file.exists():
        raise InputError(file, "no such file, and no such command")
    if not has_display():
        raise InputError("display", "there is none to open the editor on; main.py export needs none")
    return open_editor(file)


def open_editor(file: Path | None) -> int:
    """Open the window and return the exit code once it is closed; Qt is imported only here."""
    from PySide6.QtCore import QCoreApplication

    from editor.app import run as open_window

    # An exception would end in the middle of whatever Qt is calling; the autosave keeps what is unsaved.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QCoreApplication.exit(130))
    return open_window(file)


def has_display() -> bool:
    """Tell whether a window can be shown."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
