"""Progress on stderr; quick work says nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

PATIENCE = 1.0
"""Seconds before a bar appears."""


def _manner() -> dict[str, Any]:
    # A log wants a line now and then, a person at a terminal a bar that moves.
    return {"delay": PATIENCE, "leave": False, "mininterval": 0.1 if sys.stderr.isatty() else 10.0}


@contextmanager
def share_bar(title: str) -> Iterator[Callable[[float], None]]:
    """Show work that reports the share done, 0..1."""
    form = "{desc} {percentage:3.0f}% {bar}"
    with tqdm(total=1.0, desc=title, bar_format=form, **_manner()) as bar:

        def show(share: float) -> None:
            bar.update(share - bar.n)

        yield show


@contextmanager
def frame_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show work that reports frames done and frames in all."""
    with tqdm(desc=title, unit="frame", **_manner()) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
