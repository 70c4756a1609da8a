"""Phones and their times -> what the mouth does: the rule that makes the network's training targets.

Each articulator is a weighted mean of the targets of the phones around, in the manner of Cohen and Massaro
(1993): a phone's weight is its dominance, full in its middle half and decaying exponentially to either side.
So a lax consonant takes the shape of its neighbours, and a dominant one (lips for /p/) bends them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.gestures import ARTICULATORS, CLASSES, GESTURES, REST, Gesture
from models.phones import BILABIALS, SILENCE, Segment

LONG_PAUSE = 0.25
"""Seconds of silence from which the mouth takes its rest posture."""
GLIDES = {"AW": "UW", "OW": "UW", "AY": "IH", "OY": "IH", "EY": "IY"}
GLIDE_AT = 0.6
CLOSURE_LEAD, CLOSURE_SOFTNESS, CLOSURE_CORE = 0.041, 0.021, 0.8


def articulate(segments: Sequence[Segment], times: NDArray[np.float64]) -> NDArray[np.float32]:
    """Move the mouth through the phones.

    Parameters
    ----------
    segments : sequence of Segment
        In order; before the first and after the last there is a long pause.
    times : ndarray of shape (F,)
        Seconds at which to look.

    Returns
    -------
    ndarray of shape (F, len (ARTICULATORS)), float32
    """
    classes, spans = _classes(segments, float(times[-1]) if len(times) else 0.0)
    closure = _closure(classes, spans, times)
    curves = {name: _blend(gesture, classes, spans, times) for name, gesture in GESTURES.items()}
    curves["opening"] = curves["opening"] * (1 - closure)
    curves["closure"] = closure
    return np.stack([curves[name] for name in ARTICULATORS], axis=1).astype(np.float32)


def _classes(segments: Sequence[Segment], duration: float) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Classes and (S, 2) times: pauses joined and told short from long, diphthongs split, ends padded."""
    merged = [Segment(SILENCE, -0.5, 0.0)]
    for segment in (*segments, Segment(SILENCE, duration, duration + 0.5)):
        if segment.phone == SILENCE == merged[-1].phone:
            merged[-1] = Segment(SILENCE, merged[-1].start, max(segment.end, merged[-1].end))
        elif segment.end > segment.start:
            merged.append(segment)
    parts: list[tuple[str, float, float]] = []
    for segment in merged:
        long = segment.phone == SILENCE and segment.end - segment.start > LONG_PAUSE
        cut = segment.start + GLIDE_AT * (segment.end - segment.start)
        if segment.phone in GLIDES:
            parts += [(segment.phone, segment.start, cut), (GLIDES[segment.phone], cut, segment.end)]
        else:
            parts.append((REST if long else segment.phone, segment.start, segment.end))
    classes = np.array([CLASSES.index(name) for name, _, _ in parts])
    return classes, np.array([(start, end) for _, start, end in parts])


def _blend(
    gesture: Gesture, classes: NDArray[np.intp], spans: NDArray[np.float64], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    start, end = spans.T
    flank = (end - start) / 4
    now = times[:, None] + gesture.lead[classes]
    early = np.maximum(start + flank - now, 0) / gesture.before[classes]
    late = np.maximum(now - end + flank, 0) / gesture.after[classes]
    weight = gesture.dominance[classes] * np.exp(-early - late) + 1e-9
    return np.asarray((weight * gesture.target[classes]).sum(1) / weight.sum(1))


def _closure(
    classes: NDArray[np.intp], spans: NDArray[np.float64], times: NDArray[np.float64]
) -> NDArray[np.float64]:
    lips = spans[np.isin(classes, [CLASSES.index(phone) for phone in BILABIALS])]
    if not len(lips):
        return np.zeros(len(times))
    centre, half = lips.mean(1), CLOSURE_CORE * np.diff(lips, axis=1)[:, 0] / 2
    distance = np.maximum(np.abs(times[:, None] + CLOSURE_LEAD - centre) - half, 0)
    return np.asarray(np.exp(-((distance / CLOSURE_SOFTNESS) ** 2)).max(1))
