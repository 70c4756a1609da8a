"""Poses drawn from captures, checked: ``python -m assets.head.check CSV... [--poses 10000] [--frames]``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assets.head.crossings import CrossingFinder
from assets.head.flips import FlipFinder
from core.composing import decode
from core.library import default_rig
from core.livelink import read_live_link
from core.mesh import Floats
from core.rig import Rig

FEWEST, MOST = 3, 8
"""Channels that a sparse pose moves."""
DEEP = 0.2
"""Millimetres from which a crossing counts."""


@dataclass(frozen=True)
class Findings:
    """What is wrong in how many poses.

    Attributes
    ----------
    poses : int
    flipped, lips, lids : int
        Poses with a triangle inside out, and with lips or lids that cross by more than 0.2 mm.
    deepest_lips, deepest_lids : float
        In millimetres.
    """

    poses: int
    flipped: int
    lips: int
    lids: int
    deepest_lips: float
    deepest_lids: float

    def __str__(self) -> str:
        share = 100 / self.poses
        return (
            f"{self.poses} poses: {share * self.flipped:.2f} % with a flipped triangle, "
            f"{share * self.lips:.2f} % with crossing lips (deepest {self.deepest_lips:.2f} mm), "
            f"{share * self.lids:.2f} % with crossing lids (deepest {self.deepest_lids:.2f} mm)"
        )


def captured(rig: Rig, captures: Sequence[Path]) -> Floats:
    """Return all frames of Live Link Face recordings as weights of the rig, shape (F, C)."""
    return np.concatenate([read_live_link(path).arranged(rig.channels).weights for path in captures])


def sparse_poses(frames: Floats, count: int, seed: int = 0) -> Floats:
    """Draw poses of a few channels, each with a weight that was captured for it, shape (count, C)."""
    rng = np.random.default_rng(seed)
    poses = np.zeros((count, frames.shape[1]), np.float32)
    alive = np.flatnonzero(frames.max(axis=0) > 0.01)
    for pose in poses:
        chosen = rng.choice(alive, rng.integers(FEWEST, MOST + 1), replace=False)
        pose[chosen] = frames[rng.integers(0, len(frames), len(chosen)), chosen]
    return poses


def check(rig: Rig, poses: Floats) -> Findings:
    """Count flips and crossings in poses (N, C)."""
    flips, crossings = FlipFinder(rig.mesh), CrossingFinder(rig)
    flipped, depths = 0, []
    for weights in poses:
        vertices = decode(rig, weights[None])[0]
        flipped += len(flips(vertices)) > 0
        found = crossings(vertices)
        depths.append((found.lips, found.lids))
    lips, lids = np.array(depths).T
    counts = (int((lips > DEEP).sum()), int((lids > DEEP).sum()))
    return Findings(len(poses), flipped, *counts, float(lips.max()), float(lids.max()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what is found in sparse poses or, with ``--frames``, in the captured frames themselves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("captures", nargs="+", type=Path)
    parser.add_argument("--poses", type=int, default=10_000)
    parser.add_argument("--frames", action="store_true")
    options = parser.parse_args(arguments)
    rig = default_rig()
    frames = captured(rig, options.captures)
    print(check(rig, frames if options.frames else sparse_poses(frames, options.poses)))


if __name__ == "__main__":
    main()
