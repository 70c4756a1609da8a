"""Colours of the whole program: neutral greys, so that the face and the curves carry the colour."""

from __future__ import annotations

WINDOW = "#17181b"
"""Behind and between panels."""
PANEL = "#222428"
RAISED = "#2d3036"
"""Buttons, headers, menus."""
HOVER = "#393d45"
FIELD = "#191a1d"
"""Wells that hold numbers, lists and curves."""
LINE = "#363a41"
TEXT = "#d9dce1"
DIM = "#8f959f"
FAINT = "#5d626b"
ACCENT = "#5aa0f2"
ACCENT_DARK = "#33507a"
PLAYHEAD = "#ff8a1f"
GOOD = "#43b66b"
WARNING = "#d9912b"
ERROR = "#ff6257"

SPEECH = "#b9c4d4"
"""Intensity lanes."""
OFFSET = "#9d86d8"
"""Hand-made channel offsets."""
SHAPES = ("#56b4e9", "#e69f00", "#2fb58f", "#d98cbf", "#f0e442", "#c7763c", "#8da2ff")
"""Shapes of the user's own folder, by turns (after Okabe and Ito's colours for all eyes)."""
