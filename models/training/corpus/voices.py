"""Recorded voices that say which phone they speak when: flite and Festival."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import soundfile

from models.phones import Segment, from_arpabet
from models.training.corpus.festival_phones import phone_of
from models.training.corpus.utterances import Prompt, Utterance, at_16k

FLITE = ("slt", "rms", "awb", "kal16")
MISMATCH = 0.3
"""Seconds by which segments may end before or after the sound."""


def missing(festival_voices: Sequence[str]) -> list[str]:
    """Names of the programs and Festival voices that are not installed."""
    programs = [name for name in ("flite", "festival") if shutil.which(name) is None]
    if programs:
        return programs
    command = ["festival", "-b", "(print (voice.list))"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sorted(set(festival_voices) - set(listed.strip().strip("()").split()))


def speak_flite(prompt: Prompt) -> Utterance | None:
    """Speak with flite; None where its phones and its sound disagree."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder, "speech.wav")
        options = [f"duration_stretch={prompt.stretch:.2f}", f"int_f0_target_mean={prompt.pitch:.0f}"]
        sets = [word for option in options for word in ("--setf", option)]
        command = ["flite", "-voice", prompt.voice, "-psdur", *sets, "-t", prompt.text, "-o", str(wav)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        ends = [(name, float(end)) for name, _, end in (w.rpartition(":") for w in done.stdout.split())]
        return _utterance(wav, [(from_arpabet(name), end) for name, end in ends], prompt.voice)


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


def speak_festival(prompts: Sequence[Prompt]) -> Iterator[Utterance | None]:
    """Speak with one Festival voice (that of the first prompt); start-up costs more than a sentence.

    Yields None for a sentence the voice cannot say.
    """
    voice = prompts[0].voice
    with tempfile.TemporaryDirectory() as folder:
        stems = [Path(folder, str(number)) for number in range(len(prompts))]
        said = [
            _SAY.format(stretch=prompt.stretch, text=prompt.text.replace('"', ""), stem=stem)
            for prompt, stem in zip(prompts, stems, strict=True)
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


def _utterance(wav: Path, ends: list[tuple[str, float]], voice: str) -> Utterance | None:
    samples, rate = soundfile.read(wav, dtype="float32")
    if not ends or abs(ends[-1][1] - len(samples) / rate) > MISMATCH:
        return None
    starts = [0.0, *(end for _, end in ends)]
    segments = tuple(Segment(name, start, end) for (name, end), start in zip(ends, starts, strict=False))
    return Utterance(at_16k(samples, rate), segments, voice)
