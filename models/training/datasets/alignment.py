"""Sound and motion on one grid of time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.training.datasets.line import Line


@dataclass(frozen=True, eq=False)
class Aligned:
    """A line whose sound and motion end together.

    Attributes
    ----------
    line : Line
        Frame n is at n / fps seconds of the sound.
    excess : float
        Seconds by which the sound was longer than the motion; negative where it was shorter.
    """

    line: Line
    excess: float

    @property
    def suspicious(self) -> bool:
        """Whether they differed by more than a frame: one of them may begin elsewhere than the other."""
        return abs(self.excess) * self.line.fps > 1 + 1e-6


def aligned(line: Line) -> Aligned:
    """Cut sound and motion to the shorter of both, in whole frames."""
    seconds = len(line.samples) / line.rate
    excess = seconds - len(line.motion) / line.fps
    frames = min(len(line.motion), int(seconds * line.fps + 1e-6))
    cut = replace(
        line,
        samples=line.samples[: round(frames / line.fps * line.rate)],
        motion=line.motion[:frames],
        valid=line.valid[:frames],
        deepspeech=None if line.deepspeech is None else line.deepspeech[:frames],
    )
    return Aligned(cut, excess)
