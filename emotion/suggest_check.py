"""How good the suggestions are: ``python -m emotion.suggest_check RECORDINGS... [--expert FOLDER]``.

Recordings are files or folders of them; an expert is a network from elsewhere, see `emotion.expert`. The
emotion that was acted is taken from each file's name. Prints what was suggested most in each recording, and
how often.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from core.audio import load_audio
from core.errors import InputError
from emotion.expert import Expert, load_expert
from emotion.suggesting import WEIGHTS, suggest, suggest_with
from emotion.voice import voice_of

ACTED = {
    **{"anger": "anger", "angry": "anger", "joy": "joy", "happy": "joy", "sad": "sadness", "fear": "fear"},
    **{"surprise": "surprise", "disgust": "other", "contempt": "other"},
}
"""What words in file names mean; without any of them a recording counts as neutral."""
FAINT = 0.25
"""Mean intensity while speaking under which nothing is suggested."""
ANSWERS = (*WEIGHTS, "other", "nothing")


def acted(name: str) -> str:
    """Emotion that a file is named after."""
    return next((emotion for word, emotion in ACTED.items() if word in name.lower()), "neutral")


def suggested(recording: Path, expert: Expert | None = None) -> tuple[str, float]:
    """Return the emotion that is suggested most in a recording, and its mean intensity.

    Raises
    ------
    InputError
        If the recording cannot be read.
    """
    audio = load_audio(recording)
    voice = voice_of(audio)
    offered = suggest(voice) if expert is None else suggest_with(expert, audio, voice)
    times = np.arange(0.0, voice.duration, 0.1)
    spoken = np.interp(times, np.arange(len(voice.voiced)) / voice.fps, voice.voiced) + 1e-9
    means = {name: float(np.average(found.curve(times), weights=spoken)) for name, found in offered.items()}
    best = max(means, key=lambda name: means[name], default="nothing")
    return (best, means[best]) if means.get(best, 0.0) >= FAINT else ("nothing", means.get(best, 0.0))


def recordings(words: Iterable[str]) -> Iterator[Path]:
    """Files as they are, and the .wav files of folders in order."""
    for path in map(Path, words):
        yield from sorted(path.glob("*.wav")) if path.is_dir() else (path,)


def main(words: Sequence[str]) -> int:
    """Print one line a recording and the table; returns the exit code."""
    parser = argparse.ArgumentParser(prog="suggest_check", description=__doc__)
    parser.add_argument("recordings", nargs="+")
    parser.add_argument("--expert", type=Path)
    options = parser.parse_args(words)
    try:
        expert = load_expert(options.expert) if options.expert else None
        table = _heard(recordings(options.recordings), expert)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"\n{'acted':10}" + "".join(f"{answer:>10}" for answer in ANSWERS))
    for truth, answers in sorted(table.items()):
        print(f"{truth:10}" + "".join(f"{answers[answer]:10}" for answer in ANSWERS))
    return 0


def _heard(paths: Iterable[Path], expert: Expert | None) -> dict[str, Counter[str]]:
    table: dict[str, Counter[str]] = {}
    for path in paths:
        truth, (answer, intensity) = acted(path.stem), suggested(path, expert)
        table.setdefault(truth, Counter())[answer if answer in ANSWERS else "other"] += 1
        print(f"{path.stem:32} acted {truth:9} suggested {answer} {intensity:.2f}")
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
