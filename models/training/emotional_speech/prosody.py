"""How emotions sound: what each changes in a neutral voice.

Directions and sizes follow three reviews that agree in most rows: Banse and Scherer 1996 (acoustic profiles
in vocal emotion expression), Juslin and Laukka 2003 (communication of emotions in vocal expression and
music performance, table 7) and Scherer 2003 (vocal communication of emotion, table 2). They give pitch,
loudness, rate and the share of high frequencies; formants follow Tartter 1980 (smiling shortens the vocal
tract). Pain, contempt, cheekiness and being out of breath have no such tables: those rows are a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True)
class Prosody:
    """A way of speaking, as departures from a neutral one; the default departs in nothing.

    Attributes
    ----------
    pitch : float
        Semitones by which the mean is higher.
    liveliness : float
        log2 of the factor on the excursions of pitch around its mean.
    rise : float
        Semitones by which a phrase ends higher than it starts.
    rate : float
        log2 of the factor on the speed of speech.
    pauses : float
        log2 of the factor on the length of pauses.
    loudness : float
        Decibels.
    accents : float
        log2 of the factor on the excursions of loudness within speech.
    tilt : float
        Decibels that each octave above 500 Hz gains.
    breath : float
        0..1, the share of voice that turns into noise.
    tremor : float
        Semitones to which pitch trembles, five to seven times a second.
    jitter : float
        Semitones to which pitch wanders at random.
    formants : float
        log2 of the factor on the resonances: above 0 for a shorter throat, as of who smiles.
    gasps : float
        0..1, loudness of breath drawn in pauses.
    """

    pitch: float = 0.0
    liveliness: float = 0.0
    rise: float = 0.0
    rate: float = 0.0
    pauses: float = 0.0
    loudness: float = 0.0
    accents: float = 0.0
    tilt: float = 0.0
    breath: float = 0.0
    tremor: float = 0.0
    jitter: float = 0.0
    formants: float = 0.0
    gasps: float = 0.0

    def __add__(self, other: Prosody) -> Prosody:
        return Prosody(*(mine + theirs for mine, theirs in zip(self._values, other._values, strict=True)))

    def in_someones_way(self, draw: np.random.Generator, spread: float = 0.45) -> Prosody:
        """Vary each departure by itself: no two actors do anger alike, and none does all of the table.

        Parameters
        ----------
        draw : numpy.random.Generator
        spread : float
            Standard deviation of the factor on each departure.
        """
        factors = np.clip(draw.normal(1, spread, len(self._values)), -0.3, 2.2)
        return Prosody(*(np.array(self._values) * factors).tolist())

    @property
    def _values(self) -> tuple[float, ...]:
        return tuple(getattr(self, each.name) for each in fields(self))


EMOTIONS: dict[str, Prosody] = {
    "joy": Prosody(
        *(3.5, 0.65, 0.8, 0.12, -0.3, 4.0, 0.35, 1.5),
        formants=0.07,
    ),
    "sadness": Prosody(
        *(-1.5, -0.7, -1.2, -0.28, 0.7, -5.0, -0.4, -2.5),
        breath=0.25,
        tremor=0.25,
        jitter=0.1,
        formants=-0.04,
    ),
    "anger": Prosody(
        *(2.5, 0.45, 0.0, 0.1, -0.5, 7.0, 0.5, 3.5),
        jitter=0.25,
    ),
    "fear": Prosody(
        *(4.5, -0.15, 0.8, 0.25, 0.1, -1.0, 0.4, -0.5),
        breath=0.25,
        tremor=0.5,
        jitter=0.3,
        gasps=0.2,
    ),
    "disgust": Prosody(
        *(-1.5, 0.2, -0.8, -0.22, 0.2, -0.5, 0.2, 0.3),
        jitter=0.2,
        formants=-0.03,
    ),
    "surprise": Prosody(
        *(5.5, 0.9, 2.5, 0.05, 0.1, 2.5, 0.4, 0.8),
        breath=0.15,
        gasps=0.15,
    ),
    "contempt": Prosody(
        *(-1.0, 0.2, -0.8, -0.15, 0.1, -1.0, 0.1, -0.3),
    ),
    "pain": Prosody(
        *(3.5, -0.2, -0.5, -0.15, 0.5, 1.0, 0.5, 1.2),
        breath=0.2,
        tremor=0.4,
        jitter=0.5,
        gasps=0.4,
    ),
    "cheekiness": Prosody(
        *(1.5, 0.5, 0.8, 0.03, 0.0, 0.5, 0.25, 0.3),
        breath=0.1,
        formants=0.05,
    ),
    "out-of-breath": Prosody(
        *(1.5, -0.2, -0.5, 0.08, 1.3, -2.0, 0.5, -1.5),
        breath=0.55,
        tremor=0.1,
        jitter=0.25,
        gasps=1.0,
    ),
}
"""Departures at full intensity, by the names of the emotion library."""


LIVELY, LIVELY_SPREAD = 2.9, 0.35
"""Median standard deviation of pitch in neutral speech, semitones, and its spread (log2)."""


def someone(draw: np.random.Generator, liveliness: float) -> Prosody:
    """Draw a speaker's own neutral way: some are lively, fast, breathy or bright without any emotion.

    Parameters
    ----------
    draw : numpy.random.Generator
    liveliness : float
        Standard deviation of pitch as it is, semitones: synthetic voices are flatter than people.
    """
    wanted = np.log2(LIVELY / max(liveliness, 0.5)) + draw.normal(0, LIVELY_SPREAD)
    return Prosody(
        pitch=draw.normal(0, 1.5),
        liveliness=float(np.clip(wanted, -1.5, 1.5)),
        rise=draw.normal(-0.5, 0.8),
        rate=draw.normal(0, 0.15),
        pauses=draw.normal(0, 0.4),
        accents=draw.normal(0, 0.25),
        tilt=draw.normal(0, 1.0),
        breath=float(np.clip(draw.normal(0, 0.12), 0, 0.4)),
        jitter=abs(draw.normal(0, 0.1)),
        formants=draw.normal(0, 0.04),
        gasps=float(np.clip(draw.normal(-0.2, 0.2), 0, 0.4)),
    )
