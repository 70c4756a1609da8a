"""Bad conditions: as long as the sound they are made of, in time with it, and as bad as their name says."""

import numpy as np
import pytest
from scipy import signal

from core.evaluation.conditions import CONDITIONS, NO_VOICE
from core.evaluation.respeaking import RATE


@pytest.fixture(scope="module")
def voice() -> np.ndarray:
    """Two seconds of a buzz with two formants, in syllables."""
    time = np.arange(2 * RATE) / RATE
    buzz = signal.sawtooth(2 * np.pi * 120 * time)
    syllables = np.clip(np.sin(2 * np.pi * 2.5 * time), 0, 1) * (1 + 0.5 * np.sin(2 * np.pi * 0.7 * time))
    spoken = sum(
        signal.lfilter([1], [1, -2 * 0.97 * np.cos(2 * np.pi * f / RATE), 0.97**2], buzz)
        for f in (600, 1700, 4500)
    )
    breath = np.random.default_rng(1).normal(0, 0.3, len(time))
    sound = (np.asarray(spoken) + breath * np.std(spoken)) * syllables
    return (0.5 * sound / np.abs(sound).max()).astype(np.float32)


def envelope(sound: np.ndarray) -> np.ndarray:
    return np.sqrt(np.mean(sound[: len(sound) // 320 * 320].reshape(-1, 320) ** 2, 1))


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_voice_stays_where_it_was(name: str, voice: np.ndarray) -> None:
    heard = CONDITIONS[name](voice)
    assert heard.shape == voice.shape
    assert heard.dtype == np.float32
    assert np.isfinite(heard).all()
    one, other = (envelope(each) - envelope(each).mean() for each in (heard, voice))
    lag = int(np.argmax(signal.correlate(one, other))) - len(other) + 1
    assert abs(lag) <= 1  # 20 ms
    assert np.corrcoef(one, other)[0, 1] > 0.6


def share_above(sound: np.ndarray, hertz: float) -> float:
    power = np.abs(np.fft.rfft(sound)) ** 2
    return float(power[int(hertz * len(sound) / RATE) :].sum() / power.sum())


def test_conditions_are_what_they_are_called(voice: np.ndarray) -> None:
    heard = {name: make(voice) for name, make in CONDITIONS.items()}
    assert share_above(heard["telephone (8 kHz, 300-3400 Hz)"], 4000) < 1e-3 < share_above(voice, 4000)
    beneath = heard["noise beneath, 10 dB"] - voice
    assert 20 * np.log10(voice.std() / beneath.std()) == pytest.approx(10, abs=0.5)
    assert 20 * np.log10(heard["50 dB quieter"].std() / voice.std()) == pytest.approx(-50, abs=0.1)
    assert pitch(heard["6 semitones up (a child)"]) / pitch(voice) == pytest.approx(2**0.5, rel=0.03)


def test_what_is_sung_holds_its_notes(voice: np.ndarray) -> None:
    sung = CONDITIONS["as if sung (held notes, vibrato)"](voice)
    for seconds, semitones in ((0.1, 0), (0.53, 4)):
        heard = pitch(sung[int((seconds - 0.05) * RATE) : int((seconds + 0.05) * RATE)])
        assert 12 * np.log2(heard / 196) == pytest.approx(semitones, abs=0.8)


def pitch(sound: np.ndarray) -> float:
    lags = np.arange(RATE // 300, RATE // 80)
    alike = signal.correlate(sound, sound)[len(sound) - 1 :]
    return float(RATE / lags[np.argmax(alike[lags])])


@pytest.mark.parametrize("name", NO_VOICE)
def test_sounds_without_a_voice_have_the_length_asked_for(name: str) -> None:
    sound = NO_VOICE[name](RATE)
    assert sound.shape == (RATE,)
    assert sound.dtype == np.float32
    assert (sound.std() > 1e-4) == (name != "silence")
