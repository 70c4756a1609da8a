"""The layout in which the published systems hear: windows of 16 frames of DeepSpeech's 29 letters.

Here the letters are what the default speech model hears, spelt out, so that nothing has to be downloaded;
`models.toolbox.deepspeech_graph` runs DeepSpeech itself (Hannun et al. 2014).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.phones import PHONES, SILENCE

Frames = NDArray[np.float32]
BLANK = "_"
LETTERS = " abcdefghijklmnopqrstuvwxyz'" + BLANK
"""In the order of its outputs; the last is CTC's blank."""
WINDOW = 16
"""Frames about each frame of motion: half of them before it."""
SHAPE = (WINDOW, len(LETTERS))
SIZE = WINDOW * len(LETTERS)
_SPELLINGS = """
    AA:ao AE:a AH:aeou AO:oa AW:ou AY:iy EH:e ER:er EY:ay IH:i IY:ey OW:ow OY:oy UH:ou UW:uo
    B:b CH:ch D:d DH:th F:f G:g HH:h JH:jg K:kc L:l M:m N:n NG:ng
    P:p R:r S:s SH:sh T:t TH:th V:v W:w Y:y Z:zs ZH:sg
"""
SPELT = {SILENCE: " " + BLANK, **dict(entry.split(":") for entry in _SPELLINGS.split())}
"""Letters that English most often writes a phone with."""
FLOOR = 0.01
"""Probability that counts as little."""


def letters_of(phones: Frames) -> Frames:
    """Spell what is heard.

    Parameters
    ----------
    phones : ndarray of shape (T, P), float32
        Probabilities of `models.phones.PHONES`.

    Returns
    -------
    ndarray of shape (T, 29), float32
        Logarithms of the letters' probabilities against one that counts as little, which is near 0.
    """
    return np.asarray(np.log1p(phones @ _spelling() / FLOOR), np.float32)


def windows(letters: Frames) -> Frames:
    """Cut a window about each frame, zeros before the first and after the last; (F, 29) to (F, 16, 29)."""
    padded = np.pad(letters, ((WINDOW // 2, WINDOW // 2), (0, 0)))
    cut = np.lib.stride_tricks.sliding_window_view(padded, WINDOW, axis=0)[: len(letters)]
    return np.ascontiguousarray(cut.transpose(0, 2, 1))


@cache
def _spelling() -> Frames:
    """Shares of the letters in each phone, (P, 29)."""
    table = np.zeros((len(PHONES), len(LETTERS)), np.float32)
    for phone, letters in SPELT.items():
        for letter in letters:
            table[PHONES.index(phone), LETTERS.index(letter)] += 1 / len(letters)
    return table
