"""Lines spoken neutrally and with emotions, as recordings named after what was acted.

``python -m models.training.emotional_speech.acted_lines FOLDER [--lines N] [--seed N]``; ``python -m
emotion.suggest_check FOLDER`` then tells what is heard in them.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile

from models.training.corpus.espeak import Espeak
from models.training.corpus.speaking import ESPEAK_ENGLISH, ESPEAK_FOREIGN
from models.training.corpus.texts import sentence
from models.training.corpus.utterances import RATE, Prompt, Utterance
from models.training.corpus.voices import FLITE, speak_flite
from models.training.emotional_speech.prosody import EMOTIONS, Prosody, someone
from models.training.emotional_speech.vocoder import Dissected

HEARD = ("joy", "anger", "sadness", "fear", "surprise")
"""Those whose sound the literature agrees upon."""
VOICES = (*FLITE, *(voice for voice in (*ESPEAK_ENGLISH, *ESPEAK_FOREIGN) if "whisper" not in voice))
PEAK = 0.5


def lines(count: int, draw: random.Random) -> Iterator[Utterance]:
    """Speak sentences, two of the grammar's each, in all voices in turn."""
    espeak = Espeak()
    for number in range(count):
        voice = VOICES[number % len(VOICES)]
        pitch = draw.uniform(140, 230) if voice == "slt" or "+f" in voice else draw.uniform(80, 145)
        line = Prompt(f"{sentence(draw)} {sentence(draw)}", voice, draw.uniform(0.85, 1.15), pitch)
        spoken = speak_flite(line) if voice in FLITE else espeak.speak(line)
        if spoken is not None:
            yield spoken


def record(
    folder: Path, spoken: Iterator[Utterance], seed: int, emotions: Sequence[str] = HEARD
) -> list[Path]:
    """Write each line as ``NUMBER_VOICE_neutral.wav`` and once for each emotion in full.

    Returns
    -------
    list of Path
    """
    folder.mkdir(parents=True, exist_ok=True)
    draw, written = np.random.default_rng(seed), []
    for number, utterance in enumerate(spoken):
        parts = Dissected.of(utterance)
        own = someone(draw, parts.liveliness)
        for name in ("neutral", *emotions):
            acted = EMOTIONS.get(name, Prosody()).in_someones_way(draw)
            samples = parts.spoken(own + acted, draw).samples
            path = folder / f"{number:03}_{utterance.voice}_{name}.wav"
            # At one level, as recordings come: how loud the actor was is not in the file.
            soundfile.write(path, samples * (PEAK / max(float(np.abs(samples).max()), 1e-4)), RATE)
            written.append(path)
    return written


def main() -> None:
    """Speak and write."""
    parser = argparse.ArgumentParser(prog="acted_lines", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lines", type=int, default=len(VOICES))
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    written = record(options.folder, lines(options.lines, random.Random(options.seed)), options.seed)
    print(f"{len(written)} recordings in {options.folder}")


if __name__ == "__main__":
    main()
