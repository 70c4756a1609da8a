"""What the timeline shows of one curve of the document."""

from __future__ import annotations

from dataclasses import dataclass

from core.curve import Curve


@dataclass(frozen=True)
class LaneState:
    """One lane.

    Attributes
    ----------
    name : str
        As in `core.document.lane_names`.
    label : str
        Shown in the lane's head.
    colour : str
        ``#rrggbb``, the same for an emotion wherever it is shown.
    curve : Curve
    limits : tuple of (float, float)
        Range of values of the lane.
    muted, solo, locked : bool
    removable : bool
        Whether the lane can be removed from its head.
    switchable : bool
        Whether the lane can be muted, soloed and locked, as tracks can and intensities cannot.
    """

    name: str
    label: str
    colour: str
    curve: Curve
    limits: tuple[float, float] = (0.0, 1.5)
    muted: bool = False
    solo: bool = False
    locked: bool = False
    removable: bool = True
    switchable: bool = True


@dataclass(frozen=True)
class Ghost:
    """A curve that is offered for a lane.

    Attributes
    ----------
    curve : Curve
    low, high : Curve
        Band of doubt about it.
    """

    curve: Curve
    low: Curve
    high: Curve
