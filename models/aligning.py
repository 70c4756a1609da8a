"""Forced alignment: where the phones of a known text are in what the network heard.

Viterbi search (Rabiner 1989) through the text's phones, with a pause allowed before, between and after words.
Only states near the best one are followed, so that the time grows with the recording's length alone.

Letters: F animation frames, P phones, S states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.phones import INDEX, PHONES, SILENCE, Segment

BEAM = 400
"""States followed to either side of the best one: about half a minute of speech."""
FLOOR = 1e-4
"""Least probability of a phone: what is written may be heard as something else."""
STAY, MOVE, SKIP = 0, 1, 2
"""How a state was reached: from itself, from the one before, past a pause that was not made."""


@dataclass(frozen=True)
class SpokenWord:
    """A word and what it sounds like.

    Attributes
    ----------
    text : str
    phones : tuple of str
        Of `models.phones.PHONES`.
    """

    text: str
    phones: tuple[str, ...]


@dataclass(frozen=True)
class Alignment:
    """A text in time.

    Attributes
    ----------
    phones : tuple of Segment
        Without gaps from the start to the end of the recording.
    words : tuple of (str, float, float)
        Text, start and end in seconds.
    confidence : float
        Mean probability that the network gives the text's phones where they were put, 0..1.
    """

    phones: tuple[Segment, ...]
    words: tuple[tuple[str, float, float], ...]
    confidence: float


def align(phones_FP: NDArray[np.float32], words: Sequence[SpokenWord], fps: float) -> Alignment:
    """Find the most likely times of words that were spoken in this order.

    Parameters
    ----------
    phones_FP : ndarray of shape (F, P), float32
        Probabilities.
    words : sequence of SpokenWord
    fps : float

    Raises
    ------
    ValueError
        If there are more phones than frames.
    """
    states, owner = _states(words)
    if len(owner) - len(words) - 1 > len(phones_FP):
        raise ValueError("the text has more sounds than the recording has frames")
    path = _best_path(np.log(np.maximum(phones_FP, FLOOR)), states)
    heard = phones_FP[np.arange(len(path)), states[path]]
    spoken = states[path] != INDEX[SILENCE]
    confidence = float(heard[spoken].mean()) if spoken.any() else 0.0
    return Alignment(_segments(path, states, fps), _words(path, owner, words, fps), confidence)


def _states(words: Sequence[SpokenWord]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Phone of each state, and the word it belongs to (-1 for a pause)."""
    phones, owner = [INDEX[SILENCE]], [-1]
    for number, word in enumerate(words):
        phones += [*(INDEX[phone] for phone in word.phones), INDEX[SILENCE]]
        owner += [*(number for _ in word.phones), -1]
    return np.array(phones), np.array(owner)


def _best_path(log_FP: NDArray[np.float32], states: NDArray[np.intp]) -> NDArray[np.intp]:
    """State of each frame, (F,)."""
    count, frames = len(states), len(log_FP)
    pause = states == INDEX[SILENCE]
    score = np.full(count, -np.inf)
    score[:2] = log_FP[0, states[:2]]
    came = np.zeros((frames, min(2 * BEAM + 1, count)), np.uint8)
    low = np.zeros(frames, np.intp)
    for frame in range(1, frames):
        best = int(score.argmax())
        first = low[frame] = int(np.clip(best - BEAM, 0, count - came.shape[1]))
        near = slice(first, first + came.shape[1])
        ways = np.stack([_shifted(score, near, back) for back in (STAY, MOVE, SKIP)])
        ways[SKIP, ~np.roll(pause, 1)[near]] = -np.inf
        came[frame] = ways.argmax(0)
        score = np.full(count, -np.inf)
        score[near] = ways.max(0) + log_FP[frame, states[near]]
    state = count - 1 if score[count - 1] >= score[count - 2] else count - 2
    return _traced(state, came, low)


def _shifted(score: NDArray[np.float64], near: slice, back: int) -> NDArray[np.float64]:
    start, stop = near.start - back, near.stop - back
    return np.concatenate([np.full(max(-start, 0), -np.inf), score[max(start, 0) : stop]])


def _traced(state: int, came: NDArray[np.uint8], low: NDArray[np.intp]) -> NDArray[np.intp]:
    path = np.zeros(len(came), np.intp)
    for frame in range(len(came) - 1, -1, -1):
        path[frame] = state
        state -= int(came[frame, state - low[frame]])
    return path


def _segments(path: NDArray[np.intp], states: NDArray[np.intp], fps: float) -> tuple[Segment, ...]:
    cuts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    return tuple(
        Segment(PHONES[states[path[start]]], start / fps, end / fps) for start, end in pairwise(cuts)
    )


def _words(
    path: NDArray[np.intp], owner: NDArray[np.intp], words: Sequence[SpokenWord], fps: float
) -> tuple[tuple[str, float, float], ...]:
    found = []
    for number, word in enumerate(words):
        frames = np.flatnonzero(owner[path] == number)
        if len(frames):
            found.append((word.text, float(frames[0] / fps), float((frames[-1] + 1) / fps)))
    return tuple(found)
