"""The model that ships: still in silence, in time with real voices, the same at any level."""

from pathlib import Path

import numpy as np
import pytest

from core.audio import AudioClip, load_audio
from core.channels import CHANNELS
from core.inference.cache import NeutralCache
from core.inference.engine import infer
from core.inference.models import list_models
from core.inference.request import InferenceRequest
from core.mesh import Floats

RATE = 16_000


def opened(weights: Floats) -> Floats:
    """How far the lips are apart, in jawOpen: what the jaw opens less what the lips close."""
    apart: Floats = np.maximum(
        weights[:, CHANNELS.index("jawOpen")] - weights[:, CHANNELS.index("mouthClose")], 0
    )
    return apart


def noise(level: float, colour: float, seconds: float = 10.0) -> AudioClip:
    spectrum = np.fft.rfft(np.random.default_rng(2).normal(size=int(seconds * RATE)))
    spectrum /= np.maximum(np.arange(len(spectrum)), 50) ** colour
    sound = np.fft.irfft(spectrum)
    return AudioClip((sound * level / sound.std()).astype(np.float32)[None], RATE)


def hum() -> AudioClip:
    t = np.arange(10 * RATE) / RATE
    tone = 0.01 * np.sin(2 * np.pi * 50 * t).astype(np.float32)
    return AudioClip(noise(1e-4, 0.0).samples + tone, RATE)


QUIET = {
    "digital silence": AudioClip(np.zeros((1, 10 * RATE), np.float32), RATE),
    "white noise at -60 dB": noise(1e-3, 0.0),
    "dark noise at -40 dB": noise(1e-2, 1.0),
    "mains hum": hum(),
    "one-bit dither": noise(1.5e-5, 0.0),
}


@pytest.mark.parametrize("name", QUIET)
@pytest.mark.parametrize("rest", ["closed", "natural"])
def test_without_speech_the_mouth_is_still(name: str, rest: str) -> None:
    weights = infer(InferenceRequest(QUIET[name], settings={"speech.rest": rest})).weights
    assert np.ptp(weights, axis=0).max() < 0.01
    if rest == "closed":
        assert opened(weights).max() < 0.01


def test_the_shipped_models_say_what_they_are() -> None:
    default = next(model for model in list_models() if model.name == "default")
    assert (default.name, default.motion_space, default.fps) == ("default", "arkit", 60)
    assert default.licence == "Apache-2.0"
    assert len(default.content_hash) == 64


@pytest.fixture(scope="module")
def reading(shared_data: Path) -> AudioClip:
    return load_audio(shared_data / "speech_en" / "LJ001-0001.wav")


def test_a_voice_opens_the_mouth_and_pauses_close_it(reading: AudioClip) -> None:
    weights = infer(InferenceRequest(reading)).weights
    lips = opened(weights)
    assert np.percentile(lips, 90) > 0.1
    assert lips[int(4.15 * 60) : int(4.3 * 60)].max() < 0.02  # "concerned, | differs"


@pytest.mark.parametrize("gain_db", [-30, 6])
def test_level_does_not_change_the_face(reading: AudioClip, gain_db: float) -> None:
    usual = infer(InferenceRequest(reading)).weights
    louder = AudioClip(reading.samples * np.float32(10 ** (gain_db / 20)), reading.rate)
    difference = np.abs(infer(InferenceRequest(louder)).weights - usual)
    assert np.percentile(difference, 99) < 0.05


def test_the_cache_gives_back_what_was_computed(reading: AudioClip, tmp_path: Path) -> None:
    cache = NeutralCache(tmp_path)
    request = InferenceRequest(reading)
    computed = infer(request, cache=cache)
    assert len(list(tmp_path.iterdir())) == 1
    assert np.array_equal(infer(request, cache=cache).weights, computed.weights)
    infer(InferenceRequest(reading, settings={"speech.rest": "natural"}), cache=cache)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.slow
def test_half_an_hour_takes_little_memory(reading: AudioClip) -> None:
    import resource

    copies = int(1800 / reading.duration) + 1
    long = AudioClip(np.tile(reading.mono(RATE), copies)[None, : 1800 * RATE], RATE)
    infer(InferenceRequest(reading))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(infer(InferenceRequest(long)).weights) == 1800 * 60 + 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_000_000  # kB
