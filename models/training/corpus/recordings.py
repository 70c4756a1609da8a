"""Recorded voices that may be used freely; what they say is what an earlier network hears.

The prompts of the Asterisk telephone exchange as Debian packages them. The Italian and the Russian ones are
under CC BY 3.0, which asks for the names of those who spoke them; the other languages are under CC BY-SA,
which might claim what is trained on them, and stay out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.checkpoint import Checkpoint
from models.hearing import Listener
from models.phones import INDEX, PHONES, SILENCE, Segment
from models.training.corpus.utterances import RATE, Utterance

FOLDER = Path("/usr/share/asterisk/sounds")
SPEAKERS = {
    "it_IT_m_Carlo": "Carlo Flora (www.segreterietelefoniche.it)",
    "ru_RU_f_IvrvoiceRU": "Maxim Topal (www.ivrvoice.ru)",
}
DEBIAN_PACKAGES = ("asterisk-core-sounds-it-g722", "asterisk-core-sounds-ru-g722")
NO_SPEECH = ("beep", "tone", "silence")
SHORTEST = 0.4  # seconds of speech
SURE = 0.45
"""Mean probability of the likeliest phones under which a recording is left out."""
CHANGE = 1.2
"""What a change of phone costs, in natural logarithms of probability: fewer are heard, and longer ones."""
FLOOR = 1e-4


def missing() -> list[str]:
    """Speakers whose recordings are not installed."""
    return [speaker for speaker in SPEAKERS if not (FOLDER / speaker).is_dir()]


def recorded(model: Checkpoint) -> Iterator[Utterance]:
    """Listen to the recordings; yields those in which the model is sure enough of itself."""
    for speaker in SPEAKERS:
        for path in sorted((FOLDER / speaker).rglob("*.g722")):
            samples = _decode(path)
            if len(samples) < SHORTEST * RATE or any(word in path.name for word in NO_SPEECH):
                continue
            utterance = label(samples, speaker, model)
            if utterance is not None:
                yield utterance


def label(samples: NDArray[np.float32], voice: str, model: Checkpoint) -> Utterance | None:
    """Say which phones are heard when; None where the model doubts."""
    listener = Listener(model, samples)
    phones_FP = listener.hear(0, listener.frames).phones
    speech = phones_FP[:, INDEX[SILENCE]] < 0.5
    if speech.sum() < SHORTEST * 60 or phones_FP[speech].max(1).mean() < SURE:
        return None
    path = likeliest(phones_FP)
    cuts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    # A frame stands for the half before it and the half after.
    segments = tuple(
        Segment(PHONES[path[start]], max(0.0, (start - 0.5) / 60), (end - 0.5) / 60)
        for start, end in pairwise(cuts)
    )
    return Utterance(samples, segments, voice)


def likeliest(phones_FP: NDArray[np.float32]) -> NDArray[np.intp]:
    """Find the likeliest row of phones when each change costs `CHANGE` (Viterbi search), shape (F,)."""
    score_FP = np.log(phones_FP + FLOOR)
    came_from = np.zeros(score_FP.shape, np.intp)
    best = score_FP[0]
    for frame, heard in enumerate(score_FP[1:], 1):
        changed = best.max() - CHANGE
        came_from[frame] = np.where(best >= changed, np.arange(len(best)), best.argmax())
        best = np.maximum(best, changed) + heard
    path = np.full(len(score_FP), best.argmax())
    for frame in range(len(path) - 1, 0, -1):
        path[frame - 1] = came_from[frame, path[frame]]
    return path


def _decode(path: Path) -> NDArray[np.float32]:
    import av

    with av.open(str(path)) as file:
        parts = [frame.to_ndarray().ravel() for frame in file.decode(audio=0)]
    return np.concatenate([np.zeros(0, np.float32), *parts], dtype=np.float32) / np.float32(32768)
