"""Recordings labelled by a network: what it surely hears, in few and lasting phones."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from models.checkpoint import load_checkpoint
from models.phones import INDEX, PHONES, SILENCE
from models.training.corpus.recordings import label, likeliest
from models.training.corpus.utterances import RATE


def heard(*runs: tuple[str, int]) -> np.ndarray:
    phones = np.full((sum(length for _, length in runs), len(PHONES)), 0.2 / (len(PHONES) - 1), np.float32)
    phones[np.arange(len(phones)), [INDEX[name] for name, length in runs for _ in range(length)]] = 0.8
    return phones


def test_lasting_phones_are_kept_with_their_times() -> None:
    path = likeliest(heard(("SIL", 9), ("M", 5), ("AA", 12), ("B", 4), ("SIL", 9)))
    assert [PHONES[phone] for phone in path] == ["SIL"] * 9 + ["M"] * 5 + ["AA"] * 12 + ["B"] * 4 + [
        "SIL"
    ] * 9


def test_a_doubtful_frame_is_no_phone_of_its_own() -> None:
    phones = heard(("AA", 8), ("AA", 8))
    phones[8, INDEX["AO"]], phones[8, INDEX["AA"]] = 0.5, 0.3
    assert set(likeliest(phones)) == {INDEX["AA"]}


def test_noise_is_left_out_and_a_voice_has_phones_to_its_end(shared_data: Path) -> None:
    import soundfile

    model = load_checkpoint(Path("assets/speech/default.safetensors"))
    quiet = np.random.default_rng(0).normal(0, 1e-3, 2 * RATE).astype(np.float32)
    assert label(quiet, "nobody", model) is None
    samples, _ = soundfile.read(shared_data / "speech_en" / "LJ001-0003.wav", dtype="float32")
    utterance = label(samples, "reader", model)
    assert utterance is not None
    assert utterance.segments[-1].end == pytest.approx(len(samples) / RATE, abs=0.02)
    assert all(one.end == two.start and one.phone != two.phone for one, two in pairwise(utterance.segments))
    spoken = [segment for segment in utterance.segments if segment.phone != SILENCE]
    assert 5 < len(spoken) / (len(samples) / RATE) < 18  # phones in a second
