"""The protocol of tools and what they are told of the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

DRAG_PIXELS = 3.0
"""A press that moves less is a click."""


@dataclass(frozen=True)
class Pointer:
    """Where the mouse or the pen is.

    Attributes
    ----------
    x, y : float
        Pixels on the strip.
    shift, ctrl, alt : bool
        Keys held.
    pressure : float
        Of the pen, 0..1; 1 for a mouse.
    """

    x: float
    y: float
    shift: bool = False
    ctrl: bool = False
    alt: bool = False
    pressure: float = 1.0

    def is_drag_from(self, other: Pointer) -> bool:
        """Whether it went further than a hand trembles."""
        return max(abs(self.x - other.x), abs(self.y - other.y)) >= DRAG_PIXELS


class Tool(Protocol):
    """One press, drag and release. After `release` or `cancel` it is dropped."""

    def press(self, pointer: Pointer) -> None:
        """Begin."""

    def move(self, pointer: Pointer) -> None:
        """Follow the pointer."""

    def release(self, pointer: Pointer, /) -> None:
        """Finish."""

    def cancel(self) -> None:
        """Bring everything back as it was before the press."""
