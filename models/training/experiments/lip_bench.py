"""What motions of a synthetic corpus are judged by: readers of lips, and the distance from the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.phones import Segment
from models.training.datasets.line import Floats, Line
from models.training.lipreading.films import filmed
from models.training.lipreading.guidance import at
from models.training.lipreading.mouth_decoder import MouthDecoder
from models.training.lipreading.reader import FPS, LipReader
from models.training.lipreading.renderer import MouthRenderer
from models.training.lipreading.transcripts import best_path
from models.training.lipreading.visemes import error_rate, spoken_visemes
from models.training.metrics.masks import Mask
from models.training.metrics.vertex_errors import (
    lip_vertex_error,
    mean_lip_distance,
    pooled,
    worst_lip_distance,
)

FIGURES = ("VER guide", "VER judge", "LVE mm²", "worst lip mm", "mean lip mm")
Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bench:
    """Lines, and who reads what they become.

    Attributes
    ----------
    lines : sequence of Line
        Of a held-out speaker.
    said : mapping of str to tuple of Segment
        Which phone is when in each.
    readers : sequence of LipReader
        The guide and the judge.
    """

    lines: Sequence[Line]
    said: dict[str, tuple[Segment, ...]]
    decoder: MouthDecoder
    readers: Sequence[LipReader]

    @torch.inference_mode()
    def figures(self, answer: Callable[[Line], Floats]) -> Numbers:
        """Measure the motions (F, 52) that lines are answered with: `FIGURES`."""
        motions = [answer(line) for line in self.lines]
        truths = [spoken_visemes(self.said[line.name]) for line in self.lines]
        films = [self._filmed(m, line.fps) for m, line in zip(motions, self.lines, strict=True)]
        rates = [
            error_rate(truths, [best_path(reader(film).ctc[0]) for film in films]) for reader in self.readers
        ]
        pairs = [
            (self._lips(line.motion), self._lips(m)) for m, line in zip(motions, self.lines, strict=True)
        ]
        mask = Mask("inner lips", np.arange(len(self.decoder.mouth.lips)))
        return np.array(
            [
                *rates,
                pooled(lip_vertex_error(*pair, mask) for pair in pairs),
                pooled(worst_lip_distance(*pair, mask, 1.0) for pair in pairs),
                pooled(mean_lip_distance(*pair, mask, 1.0) for pair in pairs),
            ]
        )

    def _filmed(self, motion: Floats, fps: float) -> torch.Tensor:
        """Film a motion at the readers' rate, (1, F, S, S)."""
        times = torch.arange(int(len(motion) / fps * FPS)) * (fps / FPS)
        slower = at(torch.from_numpy(motion)[None], times)[0].numpy()
        render = MouthRenderer(self.decoder.mouth, self.readers[0].size)
        return torch.from_numpy(filmed(slower, self.decoder, render))[None] / 255

    def _lips(self, motion: Floats) -> NDArray[np.float32]:
        return np.asarray(self.decoder.lips(torch.from_numpy(np.ascontiguousarray(motion))).numpy())
