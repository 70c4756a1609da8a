"""A listener from elsewhere: any speech-emotion network in a folder as Hugging Face's transformers keeps it.

Such networks hear pleasure from displeasure far better than prosody tells. None is shipped: most were
trained on recordings that forbid commercial use, so the choice is the user's.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError

from core.audio import AudioClip
from core.errors import InputError

WINDOW_S, STEP_S = 4.0, 1.0
BATCH = 8
EMOTIONS = {
    **{"joy": "joy", "hap": "joy", "ang": "anger", "sad": "sadness", "fea": "fear", "sur": "surprise"},
    **{"disg": "disgust", "cont": "contempt"},
}
"""How labels begin, and the emotions of the library they mean; any other label means none."""
Numbers = NDArray[np.float64]


class Expert:
    """A network that tells emotions of short recordings.

    Attributes
    ----------
    emotions : tuple of str
        Those it knows, by the names of the emotion library.
    """

    def __init__(self, network: Any, extractor: Any, columns: Mapping[str, tuple[int, ...]]) -> None:
        self._network, self._extractor, self._columns = network, extractor, columns
        self.emotions = tuple(columns)

    def probabilities(self, audio: AudioClip, times: Numbers) -> Numbers:
        """Listen to four seconds about every second.

        Parameters
        ----------
        audio : AudioClip
        times : ndarray of shape (T,)
            Seconds.

        Returns
        -------
        ndarray of shape (T, len(emotions))
            0..1; what is missing from a sum of 1 is no emotion, or one that is unknown here.
        """
        rate = int(self._extractor.sampling_rate)
        centres = np.arange(0.0, audio.duration + STEP_S, STEP_S)
        pieces = _pieces(audio.mono(rate), centres, rate)
        batches = [self._heard(pieces[at : at + BATCH], rate) for at in range(0, len(pieces), BATCH)]
        labels = np.concatenate(batches)
        grouped = [labels[:, list(columns)].sum(axis=1) for columns in self._columns.values()]
        return np.stack([np.interp(times, centres, each) for each in grouped], axis=1)

    def _heard(self, pieces: NDArray[np.float32], rate: int) -> Numbers:
        import torch

        inputs = self._extractor(list(pieces), sampling_rate=rate, return_tensors="pt", padding=True)
        with torch.inference_mode():
            scores = self._network(**inputs).logits
        return np.asarray(scores.double().softmax(dim=-1).numpy())


def load_expert(folder: Path) -> Expert:
    """Open a network with a head for audio classification; nothing is downloaded, no code in it is run.

    Parameters
    ----------
    folder : Path
        Holds ``config.json``, ``preprocessor_config.json`` and ``model.safetensors``.

    Raises
    ------
    InputError
        If it is no such folder, none of its labels is an emotion, or transformers is not installed.
    """
    if not (folder / "config.json").is_file():
        raise InputError(folder, "not a folder with a network: there is no config.json")
    try:
        # By name, as its types take the checker minutes.
        transformers = importlib.import_module("transformers")
    except ImportError as error:
        raise InputError(folder, "cannot be opened: transformers is not installed") from error
    try:
        network, report = transformers.AutoModelForAudioClassification.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
        extractor = transformers.AutoFeatureExtractor.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise InputError(folder, "not a network that classifies sound, or a damaged one") from error
    if report["missing_keys"]:  # else they would be random numbers
        raise InputError(folder, f"lacks weights: {', '.join(sorted(report['missing_keys']))}")
    columns = emotions_of(network.config.id2label)
    if not columns:
        raise InputError(folder, f"knows no emotion: {', '.join(network.config.id2label.values())}")
    return Expert(network.eval(), extractor, columns)


def emotions_of(labels: Mapping[int, str]) -> dict[str, tuple[int, ...]]:
    """Find emotions of the library among a network's labels, and the columns that mean each."""
    found: dict[str, tuple[int, ...]] = {}
    for column, label in sorted(labels.items()):
        for start, emotion in EMOTIONS.items():
            if label.lower().startswith(start):
                found[emotion] = (*found.get(emotion, ()), column)
    return found


def _pieces(samples: NDArray[np.float32], centres: Numbers, rate: int) -> NDArray[np.float32]:
    """Cut a window about each centre, shape (C, W); before and after the recording there is silence."""
    width = int(WINDOW_S * rate)
    padded = np.pad(samples, (width // 2, width + int(STEP_S * rate)))
    starts = np.rint(centres * rate).astype(np.intp)
    return np.asarray(padded[starts[:, None] + np.arange(width)])
