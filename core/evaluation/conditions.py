"""Bad conditions to hear a voice under: each takes sound at 16 kHz and gives as much of it back."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from core.audio import AudioClip
from core.evaluation.respeaking import RATE, Sound, sung, whispered


def _filtered(sound: Sound, chain: str) -> Sound:
    """Pass through FFmpeg's filters."""
    import av
    import av.filter

    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="mono", time_base=None)
    links = [source, *(graph.add(*step.partition("=")[::2]) for step in chain.split(","))]
    links.append(graph.add("aformat", f"sample_fmts=flt:sample_rates={RATE}:channel_layouts=mono"))
    links.append(graph.add("abuffersink"))
    for one, following in pairwise(links):
        one.link_to(following)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[None], np.float32), "flt", "mono")
    frame.sample_rate = RATE
    graph.push(frame)
    graph.push(None)
    parts = []
    while True:
        try:
            parts.append(graph.pull().to_ndarray()[0])
        except (av.error.EOFError, av.error.BlockingIOError):
            break
    return _as_long(np.concatenate(parts), sound)


def _coded(sound: Sound, codec: str, container: str, rate: int, bits: int) -> Sound:
    """Encode, decode, and take out the codec's delay."""
    import av

    stored = io.BytesIO()
    with av.open(stored, "w", format=container) as out:
        stream = cast(av.AudioStream, out.add_stream(codec, rate=rate, layout="mono"))
        stream.bit_rate = bits
        heard = signal.resample_poly(sound, rate // 8000, RATE // 8000)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(heard[None], np.float32), "flt", "mono")
        frame.sample_rate = rate
        fitting = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate)
        for part in (*fitting.resample(frame), None):
            out.mux(stream.encode(part))
    stored.seek(0)
    with av.open(stored, "r") as file:
        to_float = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        parts = [p.to_ndarray()[0] for f in file.decode(audio=0) for p in to_float.resample(f)]
    decoded = np.concatenate(parts)
    delay = int(np.argmax(signal.correlate(decoded, sound, "full"))) - len(sound) + 1
    return _as_long(decoded[max(delay, 0) :], sound)


def _as_long(sound: NDArray[np.floating], model: Sound) -> Sound:
    missing = max(0, len(model) - len(sound))
    return np.pad(sound[: len(model)], (0, missing)).astype(np.float32)


def telephone(sound: Sound) -> Sound:
    """300 to 3400 Hz at 8 kHz, eight bits of mu-law."""
    band = signal.butter(4, (300, 3400), "band", fs=RATE, output="sos")
    narrow = signal.resample_poly(signal.sosfilt(band, sound), 1, 2)
    peak = np.abs(narrow).max() + 1e-9
    level = np.log1p(255 * np.abs(narrow / peak)) / np.log(256)
    coarse = np.sign(narrow) * peak * np.expm1(np.round(level * 127) / 127 * np.log(256)) / 255
    return _as_long(signal.resample_poly(coarse, 2, 1), sound)


def music(count: int) -> Sound:
    """Broken chords on a plucked string over a held bass and a beat, root mean square 0.1."""
    return np.asarray(np.resize(_bars(), count))


@cache
def _bars() -> Sound:
    """Four bars, 6.4 s."""
    draw = np.random.default_rng(3)
    time = np.arange(int(6.4 * RATE)) / RATE
    sound = np.zeros(len(time))
    for bar, notes in enumerate(((0, 4, 7, 12), (9, 12, 16, 21), (5, 9, 12, 17), (7, 11, 14, 19))):
        for beat in range(8):
            since = np.maximum(time - bar * 1.6 - beat * 0.2, 0)
            pitch = 220 * 2 ** (notes[beat % 4] / 12)
            swing = np.sin(2 * np.pi * 2 * pitch * since) * np.exp(-6 * since)
            sound += np.sin(2 * np.pi * pitch * since + 2 * swing) * np.exp(-4 * since) * (since > 0)
            sound += 0.8 * draw.normal(size=len(time)) * np.exp(-60 * since) * (since > 0) * (beat % 2)
        held = (time >= bar * 1.6) & (time < bar * 1.6 + 1.6)
        sound += 0.7 * signal.sawtooth(2 * np.pi * 55 * 2 ** (notes[0] / 12) * time) * held
    return np.asarray(0.1 * sound / np.sqrt(np.mean(sound**2)), np.float32)


def noise(count: int) -> Sound:
    """Noise that falls by 3 dB an octave, root mean square 0.1."""
    spectrum = np.fft.rfft(np.random.default_rng(4).normal(size=count))
    sound = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 50)), count)
    return np.asarray(0.1 * sound / (sound.std() + 1e-12), np.float32)


def _over(sound: Sound, other: Sound, decibels: float) -> Sound:
    """Lay another sound beneath, so much under the voice."""
    voice = np.sqrt(np.mean(sound**2)) + 1e-9
    return np.asarray(sound + other / 0.1 * voice * 10 ** (-decibels / 20), np.float32)


def room(sound: Sound) -> Sound:
    """Speak in a hall: 0.6 s of decay, as loud as the direct sound."""
    time = np.arange(int(0.6 * RATE)) / RATE
    tail = np.random.default_rng(8).normal(size=len(time)) * 10 ** (-3 * time / 0.6) * (time > 0.005)
    tail /= np.sqrt(np.sum(tail**2))
    tail[0] = 1
    return _as_long(signal.fftconvolve(sound, tail), sound)


def clicks(sound: Sound) -> Sound:
    """Lay clicks of full scale over it, four a second at odd moments."""
    draw = np.random.default_rng(9)
    places = draw.integers(0, len(sound), max(1, 4 * len(sound) // RATE))
    clicked = sound.copy()
    clicked[places] = draw.choice((-1.0, 1.0), len(places)) * max(float(np.abs(sound).max()), 0.1)
    return clicked


def somebody_else(sound: Sound) -> Sound:
    """Another voice that says nothing: the same one backwards and deeper."""
    other = _filtered(np.ascontiguousarray(sound[::-1]), DEEPER)
    return np.asarray(0.1 * other / (np.sqrt(np.mean(other**2)) + 1e-9), np.float32)


def finely_sampled(sound: Sound) -> Sound:
    """Bring it in at 192 kHz, as a studio would."""
    fine = signal.resample_poly(sound, 12, 1).astype(np.float32)
    return _as_long(AudioClip(fine[None], 12 * RATE).mono(RATE), sound)


def _clipped(sound: Sound) -> Sound:
    limit = 0.1 * np.abs(sound).max()
    return np.clip(sound, -limit, limit)


CHILD = "asetrate=22627,aresample=16000,atempo=0.70711"
DEEPER = "asetrate=13454,aresample=16000,atempo=1.18921"
SHOUT = (
    "asetrate=19027,aresample=16000,atempo=0.84090,treble=g=12:f=2000,"
    "acompressor=threshold=0.05:ratio=6:attack=5:release=60:makeup=4"
)
CONDITIONS: dict[str, Callable[[Sound], Sound]] = {
    "clean": lambda sound: sound,
    "telephone (8 kHz, 300-3400 Hz)": telephone,
    "music beneath, 10 dB": lambda sound: _over(sound, music(len(sound)), 10),
    "noise beneath, 10 dB": lambda sound: _over(sound, noise(len(sound)), 10),
    "clipped at a tenth of the peak": _clipped,
    "50 dB quieter": lambda sound: sound * np.float32(10 ** (-50 / 20)),
    "192 kHz": finely_sampled,
    "clicks": clicks,
    "another voice beneath, 10 dB": lambda sound: _over(sound, somebody_else(sound), 10),
    "whisper": whispered,
    "as if sung (held notes, vibrato)": sung,
    "as if shouted (3 semitones up, sharp, compressed)": lambda sound: _filtered(sound, SHOUT),
    "6 semitones up (a child)": lambda sound: _filtered(sound, CHILD),
    "MP3, 24 kbit/s": lambda sound: _coded(sound, "libmp3lame", "mp3", 16_000, 24_000),
    "Opus, 8 kbit/s": lambda sound: _coded(sound, "libopus", "ogg", 16_000, 8_000),
    "a hall": room,
}
"""Voices under bad conditions."""
NO_VOICE: dict[str, Callable[[int], Sound]] = {
    "silence": lambda count: np.zeros(count, np.float32),
    "noise": noise,
    "quiet noise": lambda count: noise(count) * np.float32(0.01),
    "music": music,
}
"""Sounds without a voice, of so many samples."""
