"""A line spoken again in another way, with the same phones in the same order.

Any neutral voice, synthetic or recorded, is taken apart by the WORLD vocoder (Morise et al. 2016) into pitch,
spectral envelope and aperiodicity; the prosody of an emotion changes each, and time with them. A neutral take
that is to be told from an emotional one goes through the vocoder, too: what it adds to a sound must not tell.

Letters: F vocoder frames of 5 ms, K bins of the spectral envelope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyworld  # type: ignore[import-not-found, unused-ignore]  # only where training is set up
from numpy.typing import NDArray
from scipy import ndimage, signal

from models.phones import SILENCE, VOWELS, Segment
from models.training.corpus.utterances import RATE, Utterance
from models.training.emotional_speech.prosody import Prosody

Doubles = NDArray[np.float64]

FRAME = 0.005
BREAK = 0.12
"""Seconds of silence that part two phrases."""
TYPICAL_VOICE = 120.0
"""Hz, pitch of a sound without any voice."""
GIVE = {"vowel": 1.15, "consonant": 0.75}
"""How far phones stretch when speech does; consonants resist (Gay 1978)."""
GASP_BAND = (700.0, 5500.0)
"""Hz, where breath drawn through an open mouth is heard."""
GASP_LEVEL = 0.25
"""RMS of the loudest gasp as a share of that of the speech."""


@dataclass(frozen=True)
class Dissected:
    """An utterance as the vocoder's parameters.

    Attributes
    ----------
    utterance : Utterance
    pitch : ndarray of shape (F,)
        Semitones above 1 Hz, carried across what has no voice.
    voiced : ndarray of shape (F,), bool
    envelope : ndarray of shape (F, K)
        Natural logarithm of power.
    aperiodicity : ndarray of shape (F, K)
        0..1, share of noise.
    """

    utterance: Utterance
    pitch: Doubles
    voiced: NDArray[np.bool_]
    envelope: Doubles
    aperiodicity: Doubles

    @staticmethod
    def of(utterance: Utterance) -> Dissected:
        """Take an utterance apart."""
        samples = utterance.samples.astype(np.float64)
        rough, times = pyworld.dio(samples, RATE, frame_period=FRAME * 1000)
        hertz = pyworld.stonemask(samples, rough, times, RATE)
        envelope = np.log(pyworld.cheaptrick(samples, hertz, times, RATE))
        aperiodicity = pyworld.d4c(samples, hertz, times, RATE)
        voiced = hertz > 0
        semitones = 12 * np.log2(np.where(voiced, hertz, TYPICAL_VOICE))
        frames = np.arange(len(hertz))
        pitch = np.interp(frames, frames[voiced], semitones[voiced]) if voiced.any() else semitones
        return Dissected(utterance, pitch, voiced, envelope, aperiodicity)

    @property
    def liveliness(self) -> float:
        """Standard deviation of pitch in semitones."""
        return float(self.pitch[self.voiced].std()) if self.voiced.any() else 0.0

    def spoken(self, prosody: Prosody, draw: np.random.Generator) -> Utterance:
        """Put the voice together again, spoken in another way.

        Parameters
        ----------
        prosody : Prosody
        draw : numpy.random.Generator
            Chooses the course of tremor, jitter and gasps.
        """
        old = self.utterance.segments
        new = stretched(old, prosody)
        length = new[-1].end if new else len(self.utterance.samples) / RATE
        frames = max(int(length / FRAME), 2)
        source = _source_frames(old, new, frames, len(self.pitch))
        pitch = self._melody(prosody, source, draw)
        nearest = np.minimum(np.rint(source).astype(np.intp), len(self.pitch) - 1)
        hertz = np.where(self.voiced[nearest], 2 ** (pitch / 12), 0.0)
        envelope = _shaded(self._accented(prosody)[nearest], prosody)
        noise = self.aperiodicity[nearest]
        noise = noise + (1 - noise) * np.clip(prosody.breath, 0, 0.95) * _hiss(noise.shape[1])
        sound = pyworld.synthesize(hertz, np.ascontiguousarray(np.exp(envelope)), noise, RATE, FRAME * 1000)
        sound = sound + _gasps(new, len(sound), prosody.gasps * GASP_LEVEL * _level(sound), draw)
        return Utterance(sound.astype(np.float32), new, self.utterance.voice)

    def _melody(self, prosody: Prosody, source: Doubles, draw: np.random.Generator) -> Doubles:
        """Pitch in semitones at each new frame."""
        speech = self.pitch[self.voiced] if self.voiced.any() else self.pitch
        middle = float(np.median(speech))
        old = np.interp(source, np.arange(len(self.pitch)), self.pitch)
        times = np.arange(len(source)) * FRAME
        place = np.interp(source * FRAME, *self._phrases())
        wander = ndimage.gaussian_filter1d(draw.normal(size=len(source)), 4)
        tremble = np.sin(2 * np.pi * draw.uniform(5, 7) * times + draw.uniform(0, 2 * np.pi))
        pitch = middle + prosody.pitch + (old - middle) * 2**prosody.liveliness
        pitch = pitch + prosody.rise * place + prosody.tremor * tremble
        pitch = pitch + prosody.jitter * wander / max(float(wander.std()), 1e-9)
        # Beyond these the vocoder's pulses fall apart, and so would any throat's.
        return np.asarray(np.clip(pitch, 12 * np.log2(60), 12 * np.log2(650)))

    def _phrases(self) -> tuple[list[float], list[float]]:
        """Return times and, at each, the place in its phrase from -0.5 to 0.5."""
        times, places, start = [0.0], [-0.5], 0.0
        for segment in self.utterance.segments:
            if segment.phone == SILENCE and segment.end - segment.start >= BREAK:
                times += [segment.start, segment.end] if segment.start > start else [segment.end]
                places += [0.5, -0.5] if segment.start > start else [-0.5]
                start = segment.end
        end = len(self.pitch) * FRAME
        return [*times, max(end, times[-1] + FRAME)], [*places, 0.5]

    def _accented(self, prosody: Prosody) -> Doubles:
        """Envelope with louder and softer syllables further apart, and all of it louder."""
        level = ndimage.gaussian_filter1d(np.log(np.exp(self.envelope).mean(1) + 1e-12), 8)
        speech = level[self.voiced] if self.voiced.any() else level
        excursion = np.clip(level - speech.mean(), -3.0, 3.0)
        gain = (2**prosody.accents - 1) * excursion + prosody.loudness / 10 * np.log(10)
        return np.asarray(self.envelope + gain[:, None])


def stretched(segments: Sequence[Segment], prosody: Prosody) -> tuple[Segment, ...]:
    """Give each segment the duration of another way of speaking."""
    slower, longer = 2.0**-prosody.rate, 2.0**prosody.pauses
    lengths = [
        (each.end - each.start) * (longer if each.phone == SILENCE else slower ** GIVE[_kind(each.phone)])
        for each in segments
    ]
    ends = np.cumsum([0.0, *lengths]).tolist()
    return tuple(
        Segment(each.phone, start, end) for each, (start, end) in zip(segments, pairwise(ends), strict=True)
    )


def _kind(phone: str) -> str:
    return "vowel" if phone in VOWELS else "consonant"


def _source_frames(old: Sequence[Segment], new: Sequence[Segment], frames: int, last: int) -> Doubles:
    """Which old frame, with a fraction, each new frame shows."""
    if not old:
        return np.linspace(0, last - 1, frames)
    knots = np.array([0.0, *(each.end for each in new)])
    values = np.array([old[0].start, *(each.end for each in old)])
    return np.asarray(np.clip(np.interp(np.arange(frames) * FRAME, knots, values) / FRAME, 0, last - 1))


def _shaded(envelope: Doubles, prosody: Prosody) -> Doubles:
    """Tilt the spectrum, and move its resonances."""
    bins = envelope.shape[1]
    hertz = np.linspace(0, RATE / 2, bins)
    place = np.clip(np.arange(bins) / 2**prosody.formants, 0, bins - 1)
    low = np.minimum(place.astype(np.intp), bins - 2)
    share = place - low
    moved = envelope[:, low] * (1 - share) + envelope[:, low + 1] * share
    return np.asarray(moved + prosody.tilt * np.log2(np.clip(hertz, 250, None) / 500) / 10 * np.log(10))


def _hiss(bins: int) -> Doubles:
    """How much breath replaces voice at each frequency: the lowest harmonics stay clean."""
    hertz = np.linspace(0, RATE / 2, bins)
    return np.asarray(1 / (1 + np.exp(-(hertz - 900) / 350)))


def _level(sound: Doubles) -> float:
    return float(np.sqrt(np.mean(sound**2))) if len(sound) else 0.0


def _gasps(segments: Sequence[Segment], length: int, level: float, draw: np.random.Generator) -> Doubles:
    """Breath drawn towards the end of pauses."""
    heard = np.zeros(length)
    if level <= 0:
        return heard
    band = signal.butter(2, GASP_BAND, "bandpass", fs=RATE, output="sos")
    for pause in segments:
        start, end = round(pause.start * RATE), min(round(pause.end * RATE), length)
        count = min(int(draw.uniform(0.25, 0.6) * RATE), end - start)
        if pause.phone != SILENCE or count < 0.1 * RATE:
            continue
        hiss = signal.sosfilt(band, draw.normal(size=count))
        course = np.sin(np.pi * np.linspace(0, 1, count) ** 1.4)
        heard[end - count : end] += hiss / max(_level(hiss), 1e-9) * course * level
    return heard
