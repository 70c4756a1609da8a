"""Where the files that ship with the program are."""

from __future__ import annotations

from pathlib import Path

ASSETS = Path(__file__).resolve().parent.parent / "assets"
DEFAULT_RIG = ASSETS / "head" / "default.npz"
SECOND_RIG = ASSETS / "head" / "second.npz"
MEDIAPIPE_POINTS = ASSETS / "head" / "mediapipe468.npz"
BLENDS = ASSETS / "blends.json"
EMOTIONS = ASSETS / "emotions.json"
DEMO_CLIP = ASSETS / "demo" / "demo.flac"
RESIDUAL_MODEL = ASSETS / "residual.safetensors"
