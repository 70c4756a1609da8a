"""Session and controllers run on a machine without Qt, VTK and PyTorch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import sys
for name in ("PySide6", "shiboken6", "vtkmodules", "pyvista", "torch"):
    sys.modules[name] = None
import pkgutil
import editor.actions, editor.session, editor.controllers, editor.sound, editor.background
for package in (editor.controllers, editor.sound):
    for module in pkgutil.iter_modules(package.__path__):
        __import__(f"{package.__name__}.{module.name}")
from editor.controllers.curves import Curves
from tests.editor_factories import open_session
session = open_session()
curves = Curves(session, {})
before = session.pose(1.0)
curves.set_value("joy", 1.0)
assert abs(session.pose(1.0) - before).max() > 1.0
session.history.undo()
assert abs(session.pose(1.0) - before).max() == 0.0
"""


def test_session_and_controllers_need_neither_window_nor_network() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
