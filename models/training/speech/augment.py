"""Voices, rooms, microphones and noise for clean synthetic speech (B clips, N samples at 16 kHz)."""

from __future__ import annotations

import math

import torch
from torch import nn

from models.training.corpus.utterances import RATE
from models.training.speech.noises import NoiseBank


def augment(samples_BN: torch.Tensor, bank: NoiseBank, generator: torch.Generator) -> torch.Tensor:
    """Play the clips in a room, through a microphone, over noise; most of it to most clips, never all."""
    count, length = samples_BN.shape
    spectrum = torch.fft.rfft(_whispered(samples_BN, generator), 2 * length)
    response = torch.fft.rfft(_room(count, generator), 2 * length) * _microphone(count, length + 1, generator)
    heard = torch.fft.irfft(spectrum * response)[:, :length]
    # Clips without speech get audible noise too: the network must not take a loud room for a voice.
    power = heard.square().mean(1, keepdim=True)
    voice = torch.where(power < 1e-6, 0.1, power.sqrt().clamp(min=0.03))
    babble = heard.roll(1, 0) * _often(count, 0.1, generator) * 10 ** -_uniform(count, 0.5, 1.25, generator)
    events = torch.where(power < 1e-6, 0.7, 0.3)
    noise = _noise(count, length, generator) + _beneath(events, length, bank, generator)
    recorded = _recorded(heard + babble + voice * noise, generator)
    return recorded * 10 ** -(_uniform(count, 0, 2.5, generator) * _often(count, 0.15, generator))


def warped(features: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Stretch the mel axis of log-mel features as a longer or shorter throat does, pitch left; (B, T, M).

    Vocal tract length perturbation (Jaitly and Hinton 2013), in half of the clips.
    """
    count, _, bands = features.shape
    stretch = 1 + (_uniform(count, -0.14, 0.14, generator) * _often(count, 0.5, generator))
    place = (torch.arange(bands) * stretch).clamp(max=bands - 1.001)
    left = place.long()
    share = (place - left)[:, None]
    low, high = (features.gather(2, (left + step)[:, None].expand_as(features)) for step in (0, 1))
    return torch.lerp(low, high, share)


def mask(features: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Blank a few bands and a few frames of levelled features (SpecAugment, Park et al. 2019); (B, T, M)."""
    count, frames, bands = features.shape
    kept = torch.ones(count, frames, bands)
    for axis, length, widest in ((2, bands, 8), (2, bands, 8), (1, frames, 12)):
        start = torch.rand(count, 1, generator=generator) * length
        place = torch.arange(length)
        hidden = (place >= start) & (place < start + _uniform(count, 0, widest, generator))
        kept = kept * ~(hidden[:, None, :] if axis == 2 else hidden[:, :, None])
    return features * kept


def _uniform(count: int, low: float, high: float, generator: torch.Generator) -> torch.Tensor:
    return low + (high - low) * torch.rand(count, 1, generator=generator)


def _often(count: int, share: float, generator: torch.Generator) -> torch.Tensor:
    return (torch.rand(count, 1, generator=generator) < share).float()


def _whispered(samples_BN: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Take the voice out of one clip of sixteen: its smoothed spectrum with the phase of noise."""
    chosen = torch.rand(len(samples_BN), generator=generator) < 1 / 16
    if not chosen.any():
        return samples_BN
    window = torch.hann_window(512)
    spectrum = torch.stft(samples_BN[chosen], 512, 128, window=window, return_complex=True)
    cepstrum = torch.fft.irfft((spectrum.abs() + 1e-4).log(), dim=1)
    cepstrum[:, 24:-23] = 0
    envelope = torch.fft.rfft(cepstrum, dim=1).real.exp()
    breath = torch.randn(envelope.shape, dtype=torch.complex64, generator=generator)
    tilt = (torch.linspace(0, 8, 257) / 1.5).clamp(0.1, 2)[:, None]
    whisper = torch.istft(envelope * breath * tilt, 512, 128, window=window, length=samples_BN.shape[1])
    whispered = samples_BN.clone()
    whispered[chosen] = whisper / whisper.abs().amax(1, keepdim=True).clamp(min=1e-3) * 0.5
    return whispered


def _recorded(samples_BN: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Clip one recording of twelve, and store one of twelve in eight bits of the telephone's mu-law."""
    count = len(samples_BN)
    peak = samples_BN.abs().amax(1, keepdim=True).clamp(min=1e-4)
    limit = torch.where(_often(count, 1 / 12, generator) > 0, _uniform(count, 0.15, 0.6, generator), 1.0)
    clipped = samples_BN.clamp(-peak * limit, peak * limit)
    level = torch.log1p(255 * (clipped / peak).abs()) / math.log(256)
    coarse = torch.sign(clipped) * peak * torch.expm1(torch.round(128 * level) / 128 * math.log(256)) / 255
    return torch.where(_often(count, 1 / 12, generator) > 0, coarse, clipped)


def _beneath(share: torch.Tensor, length: int, bank: NoiseBank, generator: torch.Generator) -> torch.Tensor:
    """Music or rustling beneath such a share of clips (B, 1), 3 to 35 dB under the voice."""
    count = len(share)
    chosen = (torch.rand(count, 1, generator=generator) < share).float()
    return bank.cut(count, length, generator) * 10 ** -_uniform(count, 0.15, 1.75, generator) * chosen


def _room(count: int, generator: torch.Generator) -> torch.Tensor:
    """Direct sound, then a decaying tail; (B, 0.4 s)."""
    time = torch.arange(int(0.4 * RATE)) / RATE
    decay = torch.exp(-time / _uniform(count, 0.02, 0.12, generator))
    tail = torch.randn(count, len(time), generator=generator) * decay
    tail = tail / tail.square().sum(1, keepdim=True).sqrt()
    wet = 10 ** _uniform(count, -1.2, -0.1, generator) * _often(count, 0.5, generator)
    tail[:, 0] = 0
    direct = torch.zeros_like(tail)
    direct[:, 0] = 1
    return direct + wet * tail


def _microphone(count: int, bins: int, generator: torch.Generator) -> torch.Tensor:
    """Smooth random equaliser, at times a band limit; gains of shape (B, bins)."""
    knots = 0.35 * torch.randn(count, 1, 8, generator=generator) * _often(count, 0.8, generator)[:, None]
    mel = torch.log1p(torch.linspace(0, RATE / 2, bins) / 700)
    place = (mel / mel[-1] * 7).clamp(max=6.999)
    left = place.long()
    curve = torch.lerp(knots[:, 0, left], knots[:, 0, left + 1], place - left)
    hertz = torch.linspace(0, RATE / 2, bins)
    top = torch.where(_often(count, 0.3, generator) > 0, _uniform(count, 3300, 7500, generator), 1e6)
    bottom = torch.where(_often(count, 0.25, generator) > 0, _uniform(count, 60, 300, generator), -1e6)
    passed = torch.sigmoid((top - hertz) / 60) * torch.sigmoid((hertz - bottom) / 15)
    gains: torch.Tensor = 10**curve * passed
    return gains


def _noise(count: int, length: int, generator: torch.Generator) -> torch.Tensor:
    """Steady coloured noise, at times a hum, 5 to 50 dB under the voice, in three clips of four; (B, N)."""
    white = torch.fft.rfft(torch.randn(count, length, generator=generator))
    hertz = torch.linspace(0, RATE / 2, white.shape[1]).clamp(min=50)
    coloured = torch.fft.irfft(white * (hertz / 500) ** -_uniform(count, -0.3, 1.2, generator), length)
    coloured = nn.functional.normalize(coloured) * math.sqrt(length)
    level = 10 ** -_uniform(count, 0.25, 2.5, generator) * _often(count, 0.75, generator)
    return (coloured + _hum(count, length, generator)) * level


def _hum(count: int, length: int, generator: torch.Generator) -> torch.Tensor:
    """Mains or a fan in one clip of six: a steady tone and its harmonics, up to 10 dB over the noise."""
    chosen = torch.rand(count, generator=generator) < 1 / 6
    some = int(chosen.sum())
    pitch = _uniform(some, 45, 130, generator)
    fall = _uniform(some, 0.5, 2.5, generator)
    time = torch.arange(length) / RATE
    tones = torch.zeros(count, length)
    for harmonic in range(1, 6):
        turn = 2 * math.pi * torch.rand(some, 1, generator=generator)
        tones[chosen] += torch.sin(2 * math.pi * harmonic * pitch * time + turn) / harmonic**fall
    tones[chosen] *= 10 ** _uniform(some, -0.5, 0.5, generator)
    return tones
