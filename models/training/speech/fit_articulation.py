"""Fit the constants of the readout's opening to measured lips, and say how well they carry to new speakers.

``python -m models.training.speech.fit_articulation CAPTURES [--model FILE] [--out FILE]``

CAPTURES holds, for each recording, ``name.wav`` (16 kHz) and ``name.npz`` with ``t`` (seconds), ``lip_gap``,
``valid`` and ``fps``, and an ``index.json`` with ``name`` and ``speaker`` of each. A handful of constants is
fitted, by ridge regression on each recording's standardised gap; no weight of the network changes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy import ndimage

from models.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from models.gestures import ARTICULATORS
from models.hearing import Heard, Listener
from models.phones import BILABIALS, INDEX, SILENCE
from models.readout import RESTS, Readout

Numbers = NDArray[np.float64]
SHRINKAGE = 0.003
"""Ridge penalty, of the terms' own variance."""
WIDEST = 0.95
"""Opening of the 95th percentile of speech."""


@dataclass(frozen=True)
class Capture:
    """A recording, what the network hears in it, and the measured gap of the lips at some times."""

    name: str
    speaker: str
    heard: Heard
    times: Numbers
    gap: Numbers
    fps: float

    def at_frames(self, curves: Numbers) -> Numbers:
        """Mean of 60 Hz curves (F, ...) over each frame of the camera's."""
        width = max(1, round(60 / self.fps))
        smooth = ndimage.uniform_filter1d(curves, width, axis=0, mode="nearest")
        place = np.clip(self.times * 60, 0, len(curves) - 1.001)
        left = place.astype(int)
        share = (place - left).reshape(-1, *(1,) * (curves.ndim - 1))
        return np.asarray(smooth[left] * (1 - share) + smooth[left + 1] * share)


def read_captures(folder: Path, model: Checkpoint) -> list[Capture]:
    """Read the captures, and listen to them."""
    return [_read(folder, entry, model) for entry in json.loads((folder / "index.json").read_text())]


def _read(folder: Path, entry: dict[str, str], model: Checkpoint) -> Capture:
    samples, rate = soundfile.read(folder / f"{entry['name']}.wav", dtype="float32")
    if rate != model.card.sample_rate:
        raise ValueError(f"{entry['name']}.wav: {rate} Hz, not {model.card.sample_rate}")
    listener = Listener(model, samples)
    with np.load(folder / f"{entry['name']}.npz", allow_pickle=False) as stored:
        times, gap, fps = stored["t"].astype(float), stored["lip_gap"].astype(float), float(stored["fps"])
        kept = stored["valid"].astype(bool) & np.isfinite(gap) & (times >= 0)
    kept &= times <= len(samples) / rate
    heard = listener.hear(0, listener.frames)
    return Capture(entry["name"], entry["speaker"], heard, times[kept], gap[kept], fps)


def fit(captures: Sequence[Capture], start: Readout) -> Readout:
    """Return the readout with the weights that the captured lips ask for.

    The scale is not theirs: the surest bilabials come to lie at 0, the 95th percentile of speech at `WIDEST`.
    """
    terms, gaps = zip(*(_standard(capture, start) for capture in captures), strict=True)
    terms_TK, gap_T = np.concatenate(terms), np.concatenate(gaps)
    scale = np.sqrt(np.mean(terms_TK**2, 0)) + 1e-9
    terms_TK /= scale
    normal = terms_TK.T @ terms_TK / len(gap_T) + SHRINKAGE * np.eye(len(scale))
    weights = np.linalg.solve(normal, terms_TK.T @ gap_T / len(gap_T)) / scale
    opening = np.concatenate([start.terms(c.heard.phones, c.heard.articulation) @ weights for c in captures])
    phones = np.concatenate([capture.heard.phones for capture in captures])
    bilabial = phones[:, [INDEX[name] for name in BILABIALS]].sum(1)
    silence = phones[:, INDEX[SILENCE]]
    zero = np.median(opening[bilabial >= np.percentile(bilabial, 98)])
    unit = (np.percentile(opening[silence <= np.median(silence)], 95) - zero) / WIDEST
    own, *push = (round(float(weight), 3) for weight in weights / unit)
    return replace(start, own=own, push=tuple(push), offset=round(float(-zero / unit), 3))


def _standard(capture: Capture, readout: Readout) -> tuple[Numbers, Numbers]:
    """Terms and gap about their means, the gap of unit spread; a long recording weighs as its root."""
    terms = capture.at_frames(readout.terms(capture.heard.phones, capture.heard.articulation))
    weight = len(terms) ** -0.25
    gap = (capture.gap - capture.gap.mean()) / capture.gap.std()
    return (terms - terms.mean(0)) * weight, gap * weight


def correlation(captures: Sequence[Capture], readouts: Sequence[Readout], rest: str) -> float:
    """Pearson r of opening and gap at lag 0, mean over each speaker's recordings, then over speakers."""
    of_speaker: dict[str, list[float]] = {}
    for capture, readout in zip(captures, readouts, strict=True):
        curves = readout.curves(capture.heard.phones, capture.heard.articulation, rest)
        opening = capture.at_frames(curves[:, ARTICULATORS.index("opening")].astype(float))
        r = np.corrcoef(opening, capture.gap)[0, 1] if opening.std() > 1e-9 else 0.0
        of_speaker.setdefault(capture.speaker, []).append(float(r))
    return float(np.mean([np.mean(each) for each in of_speaker.values()]))


def without_speaker(captures: Sequence[Capture], start: Readout) -> list[Readout]:
    """Fit for each capture on those of the other speakers."""
    fitted = {
        speaker: fit([capture for capture in captures if capture.speaker != speaker], start)
        for speaker in {capture.speaker for capture in captures}
    }
    return [fitted[capture.speaker] for capture in captures]


def main(words: list[str]) -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="fit_articulation", description=__doc__)
    parser.add_argument("captures", type=Path)
    parser.add_argument("--model", type=Path, default=Path("assets/speech/default.safetensors"))
    parser.add_argument("--out", type=Path, help="write the model with the constants fitted to all captures")
    options = parser.parse_args(words)
    model = load_checkpoint(options.model)
    captures = read_captures(options.captures, model)
    start = model.card.readout
    fitted, others = fit(captures, start), without_speaker(captures, start)
    print(f"own {fitted.own}, push {fitted.push}, offset {fitted.offset}")
    print("r at lag 0, mean of speakers   as it was   fitted to all   fitted to other speakers")
    for rest in RESTS:
        now, all_, new = (
            correlation(captures, each, rest)
            for each in ([start] * len(captures), [fitted] * len(captures), others)
        )
        print(f"  rest {rest:8}               {now:9.3f} {all_:15.3f} {new:26.3f}")
    if options.out:
        save_checkpoint(options.out, replace(model.card, readout=fitted), model.net, model.prior)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
