"""Emotional speech: the same phones in order, and the voice changed as asked."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from models.phones import SILENCE, Segment
from models.training.corpus.utterances import RATE, Utterance
from models.training.emotional_speech.prosody import EMOTIONS, Prosody

pyworld = pytest.importorskip("pyworld", reason="pyworld-prebuilt is not installed")

from models.training.emotional_speech.vocoder import Dissected, stretched  # noqa: E402


def voice(hertz: float = 150.0, seconds: float = 2.0) -> Utterance:
    """A humming voice whose pitch sways by two semitones, with a pause in the middle."""
    times = np.arange(int(seconds * RATE)) / RATE
    course = hertz * 2 ** (np.sin(2 * np.pi * 1.1 * times) / 6)
    turns = np.cumsum(course) / RATE
    sound = sum(np.cos(2 * np.pi * k * turns) / k**1.2 for k in range(1, 50)) * 0.05
    sound[(times > 0.9) & (times < 1.2)] = 0
    noise = np.random.default_rng(0).normal(size=len(times)) * 1e-4
    segments = (
        *(Segment("AA", 0.0, 0.5), Segment("M", 0.5, 0.9), Segment(SILENCE, 0.9, 1.2)),
        *(Segment("IY", 1.2, 1.7), Segment("N", 1.7, seconds)),
    )
    return Utterance((sound + noise).astype(np.float32), segments, "hum")


@pytest.fixture(scope="module")
def hum() -> Dissected:
    return Dissected.of(voice())


def melody(utterance: Utterance) -> np.ndarray:
    hertz, _ = pyworld.dio(utterance.samples.astype(np.float64), RATE)
    return 12 * np.log2(hertz[hertz > 0])


def spoken(hum: Dissected, prosody: Prosody) -> Utterance:
    return hum.spoken(prosody, np.random.default_rng(3))


def test_pitch_and_its_range_follow(hum: Dissected) -> None:
    plain = melody(spoken(hum, Prosody()))
    changed = melody(spoken(hum, Prosody(pitch=5, liveliness=1)))
    assert np.median(changed) - np.median(plain) == pytest.approx(5, abs=0.5)
    assert changed.std() / plain.std() == pytest.approx(2, rel=0.15)


def test_loudness_and_tilt_follow(hum: Dissected) -> None:
    plain, loud, sharp = (spoken(hum, p).samples for p in (Prosody(), Prosody(loudness=6), Prosody(tilt=4)))
    assert 20 * np.log10(loud.std() / plain.std()) == pytest.approx(6, abs=0.2)

    def brightness(samples: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(samples)) ** 2
        hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
        return float(10 * np.log10(power[hertz > 2000].sum() / power[hertz < 500].sum()))

    assert brightness(sharp) > brightness(plain) + 6


def test_breath_turns_voice_into_noise(hum: Dissected) -> None:
    def noise(utterance: Utterance) -> float:
        heard = Dissected.of(utterance)
        return float(heard.aperiodicity[heard.voiced][:, 180:200].mean())

    assert noise(spoken(hum, Prosody(breath=0.9))) > noise(spoken(hum, Prosody())) + 0.2


def test_gasps_fill_pauses(hum: Dissected) -> None:
    quiet, gasping = (
        spoken(hum, p).samples[int(0.95 * RATE) : int(1.18 * RATE)] for p in (Prosody(), Prosody(gasps=1.0))
    )
    assert gasping.std() > 5 * quiet.std()


def test_durations_follow_and_consonants_resist() -> None:
    old = voice().segments
    new = stretched(old, Prosody(rate=-1, pauses=1))
    lengths = [(n.end - n.start) / (o.end - o.start) for n, o in zip(new, old, strict=True)]
    assert lengths[2] == pytest.approx(2)
    assert lengths[0] > 2 > lengths[1] > 1
    assert [n.phone for n in new] == [o.phone for o in old]
    assert all(a.end == b.start for a, b in pairwise(new))


@pytest.mark.parametrize("emotion", ["anger", "sadness"])
def test_what_is_spoken_keeps_the_phones_and_lasts_as_long_as_they_say(emotion: str, hum: Dissected) -> None:
    acted = spoken(hum, EMOTIONS[emotion])
    assert [each.phone for each in acted.segments] == [each.phone for each in hum.utterance.segments]
    assert len(acted.samples) / RATE == pytest.approx(acted.segments[-1].end, abs=0.02)
    assert np.isfinite(acted.samples).all()
    np.testing.assert_array_equal(spoken(hum, EMOTIONS[emotion]).samples, acted.samples)


def test_noise_and_silence_are_spoken_too() -> None:
    for samples in (np.zeros(8000), np.random.default_rng(1).normal(size=8000) * 0.1):
        plain = Utterance(samples.astype(np.float32), (), "none")
        out = Dissected.of(plain).spoken(EMOTIONS["fear"], np.random.default_rng(0))
        assert np.isfinite(out.samples).all()
        assert len(out.samples) == pytest.approx(8000, abs=200)


def test_departures_add() -> None:
    joy = EMOTIONS["joy"]
    assert Prosody() + joy == joy
    assert (joy + joy).pitch == 2 * joy.pitch


def test_recordings_are_named_after_what_was_acted(tmp_path: Path) -> None:
    from models.training.emotional_speech.acted_lines import record

    written = record(tmp_path, iter([voice()]), seed=4, emotions=("sadness",))
    assert [path.name for path in written] == ["000_hum_neutral.wav", "000_hum_sadness.wav"]
    neutral, sad = (soundfile.read(path)[0] for path in written)
    assert len(sad) > len(neutral)
    assert np.abs(neutral).max() == pytest.approx(0.5, abs=0.001)
