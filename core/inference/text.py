"""The phones of a recording as labels: those heard or, where there is a transcript, those of its text."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.neutral import Label, Neutral
from core.transcript import Transcript
from models.phones import PHONES, SILENCE

if TYPE_CHECKING:
    from models.aligning import Alignment, SpokenWord
    from models.hearing import Heard

SOURCE = "transcript"
MISFIT = 0.38
"""Mean confidence in its words below which a text is probably another one."""
SHORTEST = 2
"""Frames; what is heard for less is a glide between two phones."""


def words_of(transcript: Transcript) -> tuple[SpokenWord, ...]:
    """Pronounce a transcript.

    Raises
    ------
    InputError
        If it has no words, its language is not known, or espeak-ng is needed and missing.
    """
    from models.pronouncing import NoLanguage, pronounce, read_dictionary

    try:
        words = pronounce(transcript.text, transcript.language, read_dictionary(transcript.dictionary))
    except NoLanguage as error:
        raise InputError(SOURCE, str(error)) from error
    except ImportError as error:
        needed = "needs the package espeakng-loader, or a dictionary with all of its words"
        raise InputError(SOURCE, needed) from error
    if not words:
        raise InputError(SOURCE, "has no words that can be pronounced")
    return words


def aligned(heard: Heard, words: tuple[SpokenWord, ...], fps: float) -> Alignment:
    """Find the words in what was heard.

    Raises
    ------
    InputError
        If the text is longer than the recording can be.
    """
    from models.aligning import align

    try:
        return align(heard.phones, words, fps)
    except ValueError as error:
        raise InputError(SOURCE, f"does not fit the recording: {error}") from error


def heard_phones(heard: Heard, fps: float) -> tuple[Label, ...]:
    """Phones as the model heard them."""
    labels, start = [], 0
    for phone, run in groupby(heard.phones.argmax(1).tolist()):
        end = start + len(list(run))
        if PHONES[phone] != SILENCE and end - start >= SHORTEST:
            sure = float(heard.phones[start:end, phone].mean())
            labels.append(Label(PHONES[phone], start / fps, end / fps, sure))
        start = end
    return tuple(labels)


def text_labels(text: Alignment, heard: Heard, fps: float) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
    """Phones and words of a text, with the confidence that the model has in them."""
    phones = tuple(
        Label(s.phone, s.start, s.end, _sure(heard, PHONES.index(s.phone), s.start, s.end, fps))
        for s in text.phones
        if s.phone != SILENCE
    )
    words = []
    for word, start, end in text.words:
        inside = [label.confidence for label in phones if start <= (label.start + label.end) / 2 < end]
        words.append(Label(word, start, end, float(np.mean(inside)) if inside else 0.0))
    return phones, tuple(words)


def misfits(neutral: Neutral) -> bool:
    """Tell whether the transcript that a lipsync was made with is probably that of another recording."""
    sure = [word.confidence for word in neutral.words]
    return bool(sure) and sum(sure) / len(sure) < MISFIT


def _sure(heard: Heard, phone: int, start: float, end: float, fps: float) -> float:
    return float(heard.phones[round(start * fps) : round(end * fps), phone].mean())
