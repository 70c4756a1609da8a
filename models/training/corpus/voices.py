"""Recorded voices that say which phone they speak when: flite and Festival."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import gcd
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy import signal

from models.phones import Segment, from_arpabet
from models.training.corpus.festival_phones import phone_of

RATE = 16_000
FLITE = ("slt", "rms", "awb", "kal16")
MISMATCH = 0.3  # seconds by which segments may end before or after the sound


@dataclass(frozen=True)
class Line:
    """One sentence to speak; `stretch` multiplies its duration, `pitch` (Hz) is the wished mean."""

    text: str
    voice: str
    stretch: float = 1.0
    pitch: float = 120.0


@dataclass(frozen=True)
class Utterance:
    """Speech with the times of its phones.

    Attributes
    ----------
    samples : ndarray of shape (N,), float32, 16 kHz
    segments : tuple of Segment, in order, without gaps
    voice : str
    """

    samples: NDArray[np.float32]
    segments: tuple[Segment, ...]
    voice: str

    def at_speed(self, factor: float) -> Utterance:
        """Play `factor` times as fast: shorter, and with higher pitch and formants, as of a smaller head."""
        samples = np.asarray(signal.resample_poly(self.samples, 1000, round(1000 * factor)), np.float32)
        segments = tuple(Segment(s.phone, s.start / factor, s.end / factor) for s in self.segments)
        return replace(self, samples=samples, segments=segments)


def missing(festival_voices: Sequence[str]) -> list[str]:
    """Names of the programs and Festival voices that are not installed."""
    programs = [name for name in ("flite", "festival") if shutil.which(name) is None]
    if programs:
        return programs
    command = ["festival", "-b", "(print (voice.list))"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sorted(set(festival_voices) - set(listed.strip().strip("()").split()))


def speak_flite(line: Line) -> Utterance | None:
    """Speak with flite; None where its phones and its sound disagree."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder, "speech.wav")
        options = [f"duration_stretch={line.stretch:.2f}", f"int_f0_target_mean={line.pitch:.0f}"]
        sets = [word for option in options for word in ("--setf", option)]
        command = ["flite", "-voice", line.voice, "-psdur", *sets, "-t", line.text, "-o", str(wav)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        ends = [(name, float(end)) for name, _, end in (w.rpartition(":") for w in done.stdout.split())]
        return _utterance(wav, [(from_arpabet(name), end) for name, end in ends], line.voice)


_DUMP = """(define (dump utt path)
  (let ((out (fopen path "w")))
    (mapcar (lambda (s) (format out "%s %f\\n" (item.name s) (item.feat s 'end)))
            (utt.relation.items utt 'Segment))
    (fclose out)))
"""
_SAY = """(Parameter.set 'Duration_Stretch {stretch:.2f})
(unwind-protect
  (begin
    (set! utt (utt.synth (Utterance Text "{text}")))
    (utt.save.wave utt "{stem}.wav" 'riff)
    (dump utt "{stem}.txt"))
  (format t "not spoken"))
"""


def speak_festival(lines: Sequence[Line]) -> Iterator[Utterance | None]:
    """Speak with one Festival voice (that of the first line); start-up costs more than a sentence.

    Yields None for a sentence the voice cannot say.
    """
    voice = lines[0].voice
    with tempfile.TemporaryDirectory() as folder:
        stems = [Path(folder, str(number)) for number in range(len(lines))]
        said = [
            _SAY.format(stretch=line.stretch, text=line.text.replace('"', ""), stem=stem)
            for line, stem in zip(lines, stems, strict=True)
        ]
        script = Path(folder, "say.scm")
        script.write_text(f"{_DUMP}(voice_{voice})\n{''.join(said)}")
        subprocess.run(["festival", "-b", str(script)], capture_output=True, check=True)
        for stem in stems:
            if not stem.with_suffix(".txt").exists():
                yield None  # its letter-to-sound rules have no answer for some word
                continue
            pairs = [entry.split() for entry in stem.with_suffix(".txt").read_text().splitlines()]
            ends = [(phone_of(name, voice), float(end)) for name, end in pairs]
            yield _utterance(stem.with_suffix(".wav"), ends, voice)


def at_16k(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Resample to the corpus's rate."""
    shared = gcd(RATE, rate)
    return np.asarray(signal.resample_poly(samples, RATE // shared, rate // shared), np.float32)


def _utterance(wav: Path, ends: list[tuple[str, float]], voice: str) -> Utterance | None:
    samples, rate = soundfile.read(wav, dtype="float32")
    if not ends or abs(ends[-1][1] - len(samples) / rate) > MISMATCH:
        return None
    starts = [0.0, *(end for _, end in ends)]
    segments = tuple(Segment(name, start, end) for (name, end), start in zip(ends, starts, strict=False))
    return Utterance(at_16k(samples, rate), segments, voice)
