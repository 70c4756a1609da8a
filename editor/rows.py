"""What a panel shows of one value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One named value.

    Attributes
    ----------
    name, label, colour : str
        The name is that of its lane.
    limits : tuple of (float, float)
    present : bool
        Whether it has a lane, or is set; others are drawn dim.
    tip : str
        What it does.
    heading : bool
        Whether it is no value but the title of those that follow.
    """

    name: str
    label: str
    colour: str
    limits: tuple[float, float]
    present: bool = True
    tip: str = ""
    heading: bool = False
