"""Models of the user's own: files that were trained, imported or opened once, offered again ever after."""

from __future__ import annotations

import json
import os
from pathlib import Path

import platformdirs

from core.atomic import write_bytes
from core.errors import InputError

LIST_VARIABLE = "EDITABLE_LIPSYNC_MODELS"
MOST = 30


def list_file() -> Path:
    """Where the list is kept: the user's data folder, or what ``EDITABLE_LIPSYNC_MODELS`` says."""
    chosen = os.environ.get(LIST_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("editable-lipsync")) / "models.json"


def remembered_models() -> list[Path]:
    """Files that are still there, the latest first."""
    try:
        stored = json.loads(list_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    paths = [Path(name) for name in stored if isinstance(name, str)] if isinstance(stored, list) else []
    return [path for path in paths if path.is_file()]


def remember_model(path: Path) -> None:
    """Put a file at the head of the list; a list that cannot be written is no reason to stop."""
    chosen = path.absolute()
    paths = [chosen, *(other for other in remembered_models() if other != chosen)][:MOST]
    try:
        list_file().parent.mkdir(parents=True, exist_ok=True)
        write_bytes(list_file(), json.dumps([str(each) for each in paths], indent=0).encode())
    except (OSError, InputError):
        return
