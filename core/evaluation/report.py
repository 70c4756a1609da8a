"""Tables of figures, as lines of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from core.evaluation.judging import Withstood
from core.evaluation.measures import CaptureScore, SpeechScore, speaker_mean

CAPTURE_HEADING = ("speaker", "language", "clips", "r", "best r", "lag ms", "detail", "width r", "jaw r")
ALL = "mean of speakers"


def capture_table(scores: Sequence[CaptureScore]) -> list[str]:
    """One row per speaker, one per language, and the mean of speakers."""
    speakers = sorted({score.capture.speaker for score in scores})
    languages = sorted({score.capture.language for score in scores})
    rows = [_row(name, [s for s in scores if s.capture.speaker == name]) for name in speakers]
    if len(languages) > 1:
        rows += [_row(f"all {tag}", [s for s in scores if s.capture.language == tag]) for tag in languages]
    return table([CAPTURE_HEADING, *rows, _row(ALL, scores)])


def _row(name: str, scores: Sequence[CaptureScore]) -> tuple[str, ...]:
    r, best, detail, width, jaw = (
        f"{speaker_mean(scores, value):.2f}" for value in ("r", "best_r", "detail", "width", "jaw")
    )
    lag = f"{1000 * median(score.lag for score in scores):.0f}"
    if name == ALL:
        r, best = (f"{speaker_mean(scores, value):.3f}" for value in ("r", "best_r"))
    spoken = " ".join(sorted({score.capture.language for score in scores}))
    return (name, spoken, str(len(scores)), r, best, lag, detail, width, jaw)


def phone_lines(errors: Mapping[str, NDArray[np.float64]]) -> list[str]:
    """How much wider than measured the mouth is, by the phones it heard."""
    names = [name for name, of_class in errors.items() if len(of_class)]
    rows = [
        (name, str(len(errors[name])), f"{errors[name].mean():+.2f}", f"{errors[name].std():.2f}")
        for name in names
    ]
    heading = ("wider than measured, standard deviations", "phones heard", "mean", "spread")
    return table([heading, *rows]) if rows else []


def speech_lines(score: SpeechScore) -> list[str]:
    """Closures, pauses, and how open the mouth is in each class of phones."""
    classes = table([tuple(score.means), tuple(f"{mean:.2f}" for mean in score.means.values())])
    return [
        f"lips met at {score.met:.1%} of {score.bilabials} /p b m/, "
        f"and in the middle of {score.false:.1%} of the open vowels",
        f"an open vowel is more open than a /p b m/ in {score.told_apart:.1%} of pairs; "
        f"shut in {score.rested:.1%} of the pauses",
        "opening in the middle of phones, 0 shut to 1 wide (in /p b m/ the least):",
        *classes,
    ]


def condition_table(rows: Sequence[Withstood], quiet: Mapping[str, tuple[float, float]]) -> list[str]:
    """Voices under bad conditions, then sounds without a voice."""
    voices = table(
        [
            ("condition", "r", "met", "false"),
            *((row.condition, f"{row.r:.2f}", f"{row.met:.2f}", f"{row.false:.2f}") for row in rows),
        ]
    )
    rests = table(
        [
            ("without a voice, 10 s", "mean gap mm", "range mm"),
            *((name, f"{mean:.1f}", f"{reach:.1f}") for name, (mean, reach) in quiet.items()),
        ]
    )
    return [*voices, "", *rests]


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay out rows: the first column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if number == 0 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
