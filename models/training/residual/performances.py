"""Emotional performances by rule: what a face adds to a neutral line when it is spoken with a feeling.

The pairs that the residual network learns from are made here, because recordings of the same line spoken
neutrally and with an emotion may seldom be shared. What the rules say is known from such recordings:

- The upper face is free of articulation and carries the emotion at full strength; the lower one is bound by
  the sounds and gives way to them (Busso & Narayanan 2007, IEEE TASLP 15(8)).
- Brows rise, and cheeks and eyes tighten, with pitch accents and somewhat ahead of them (Cavé et al. 1996,
  ICSLP; Flecha-García 2010, Speech Communication 52(6)).
- Smiling spreads the lips less in rounded vowels and in closures, and rounds those vowels less (Tartter 1980,
  Perception & Psychophysics 27; Fagel 2010, LNCS 5967; Nordstrand et al. 2004, Speech Communication 44).
- An expression rises within some 0.3 s and fades more slowly (Schmidt, Cohn & Tian 2003, Biological
  Psychology 65), and no held one is still.

Three captures of acted emotions agree in sign and rough size: brows stand up to 0.37 of their mean over the
half second around, and in the one that smiles, smile and cheek fall as the lips protrude or close and rise as
the jaw opens. How far each region yields was set by eye and by the lips' gap, not fitted.

Letters: B lines, F frames, C channels, K tracks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from models.face import Reach
from models.residual import DRIFTS

FPS = 60.0
Tracks = NDArray[np.float32]
LEAD_S = 0.1
"""Seconds by which an accent of the face is ahead of the stress."""
FLOOR_DB, SPEECH_DB = -38.0, -22.0
"""Loudness under which there is a pause, and from which there is speech."""
ATTACK_S, RELEASE_S, PHRASE_S = 0.3, 0.5, 2.0
ARC = 0.15
"""How much more there is of an emotion as a phrase begins, less as it ends."""
SMILED_ROUNDING, ENERGY = 0.3, 0.12
"""What a full smile takes from rounding; what an energetic emotion adds to the opening, a weary one takes."""


@dataclass(frozen=True)
class Region:
    """How the channels of a region follow an emotion in speech.

    Attributes
    ----------
    names : str
        Channels; ``*`` stands for Left and Right.
    drift : int
        Which slow drift it follows.
    spoken : float
        Share of the pose that is there in speech; all of it is in pauses.
    accent : float
        What a stress adds.
    rounded, closed, opened : float
        Share that rounded, meeting and open lips take away.
    overlap : float
        Share of the neutral speech's own weight that the pose's contains already.
    drifts : float
        Standard deviation of the drift, as a share of the pose.
    """

    names: str
    drift: int
    spoken: float = 1.0
    accent: float = 0.0
    rounded: float = 0.0
    closed: float = 0.0
    opened: float = 0.0
    overlap: float = 0.0
    drifts: float = 0.06

    @property
    def channels(self) -> tuple[str, ...]:
        """The names written out."""
        sided = [(name.replace("*", "Left"), name.replace("*", "Right")) for name in self.names.split()]
        return tuple(dict.fromkeys(name for pair in sided for name in pair))


REGIONS = (
    Region("browDown* browInnerUp browOuterUp*", 0, 0.95, accent=0.35, drifts=0.08),
    Region("eyeSquint* eyeWide*", 1, 0.97, accent=0.2),
    Region("eyeBlink*", 1, 1.0, accent=-0.3),
    Region("eyeLookDown* eyeLookIn* eyeLookOut* eyeLookUp*", 1),
    Region("cheekSquint*", 2, 0.97, accent=0.15, rounded=0.25),
    Region("noseSneer*", 2, 0.97, accent=0.2, rounded=0.25),
    Region("mouthSmile* mouthDimple* mouthStretch*", 3, 1.12, accent=0.15, rounded=0.42, closed=0.14),
    Region("mouthFrown* mouthShrugLower mouthShrugUpper", 3, 1.12, 0.12, 0.35, 0.15, 0.2),
    Region("mouthPress* mouthRollLower mouthRollUpper mouthClose", 3, 1.0, rounded=0.4, opened=0.7),
    Region("mouthLowerDown* mouthUpperUp*", 3, 1.0, 0.15, 0.35, 0.7, overlap=0.25),
    Region("mouthFunnel mouthPucker", 3, 0.85, closed=0.5, overlap=0.45),
    Region("jawOpen", 0, 0.85, accent=0.1, closed=0.6, overlap=0.25, drifts=0.1),
    Region("jawForward jawLeft jawRight mouthLeft mouthRight", 3, 0.85, closed=0.2),
    Region("cheekPuff", 2, 0.5, opened=0.8),
    Region("tongueOut tongueUp tongueDown tongueTipUp tongueWide tongueNarrow tongueIn", 3, 0.3, closed=0.8),
)
CHANNELS: tuple[str, ...] = tuple(name for region in REGIONS for name in region.channels)
_COLUMN = {name: column for column, name in enumerate(CHANNELS)}


@dataclass(frozen=True, eq=False)
class Lines:
    """Neutrally spoken lines.

    Attributes
    ----------
    weights : ndarray of shape (B, F, C)
        Neutral lipsync, columns as in `CHANNELS`.
    loudness : ndarray of shape (B, F)
        Decibels relative to the level of speech.
    stress : ndarray of shape (B, F)
        Prominence, 0..1.
    """

    weights: Tracks
    loudness: Tracks
    stress: Tracks


def performed(lines: Lines, poses_BC: Tracks, drift_BFK: Tracks) -> Tracks:
    """Emotional minus neutral performance of lines, shape (B, F, C)."""
    mouth = _mouth(lines)
    residual = np.empty_like(lines.weights)
    start = 0
    for region in REGIONS:
        span = slice(start, start + len(region.channels))
        gain = _gain(region, mouth, drift_BFK[:, :, region.drift])
        added = poses_BC[:, None, span] * gain[:, :, None]
        own = np.minimum(region.overlap * lines.weights[:, :, span], added)
        residual[:, :, span] = added - own
        start = span.stop
    return residual + lines.weights * _speech_change(poses_BC, mouth["accent"])


def _mouth(lines: Lines) -> dict[str, Tracks]:
    """Measure what in a line the regions answer to, each (B, F)."""
    talking = np.clip((lines.loudness - FLOOR_DB) / (SPEECH_DB - FLOOR_DB), 0, 1)
    speech = followed(talking, ATTACK_S, RELEASE_S)
    gap = _gap(lines.weights)
    rounding = (_of(lines.weights, "mouthPucker") + _of(lines.weights, "mouthFunnel")) / 0.7
    return {
        "speech": speech,
        "arc": ARC * (speech - followed(talking, PHRASE_S, PHRASE_S)),
        "accent": followed(_ahead(lines.stress, LEAD_S), 0.08, 0.25),
        "rounded": _anticipated(np.clip(rounding, 0, 1)),
        "closed": _anticipated(np.clip(1 - gap / 0.08, 0, 1) * speech),
        "opened": _anticipated(np.clip(gap / 0.25, 0, 1)),
    }


def _gain(region: Region, mouth: dict[str, Tracks], drift_BF: Tracks) -> Tracks:
    spoken = 1 + mouth["speech"] * (region.spoken - 1)
    lively = 1 + region.accent * mouth["accent"] + mouth["arc"] + region.drifts * drift_BF
    yielding = np.ones_like(drift_BF)
    for what in ("rounded", "closed", "opened"):
        yielding = yielding * (1 - getattr(region, what) * mouth[what])
    return np.asarray(spoken * lively * yielding, np.float32)


def _speech_change(poses_BC: Tracks, accent_BF: Tracks) -> Tracks:
    """Share of the neutral speech that an emotion adds, or takes away, shape (B, F, C)."""
    strength = {name: poses_BC[:, [column]] for name, column in _COLUMN.items()}

    def mean(*names: str) -> Tracks:
        sides = [strength[f"{name}{side}"] for name in names for side in ("Left", "Right")]
        return np.asarray(np.mean(sides, axis=0))

    change = np.zeros((*accent_BF.shape, poses_BC.shape[1]), np.float32)
    smile = np.clip(mean("mouthSmile"), 0, 1)
    lively = np.maximum.reduce([mean("eyeWide"), mean("browDown"), mean("noseSneer"), smile])
    weary = np.maximum.reduce([mean("mouthFrown"), mean("eyeBlink"), mean("eyeLookDown")])
    energy = np.clip(lively - weary, -1, 1) * ENERGY * (0.6 + 0.8 * accent_BF)
    # The lips' own share goes along with the jaw's, or closures would no longer close.
    for name in ("jawOpen", "mouthClose", "mouthLowerDownLeft", "mouthLowerDownRight"):
        change[:, :, _COLUMN[name]] = energy
    for name in ("mouthPucker", "mouthFunnel"):
        change[:, :, _COLUMN[name]] = -SMILED_ROUNDING * smile
    return change


def _gap(weights_BFC: Tracks) -> Tracks:
    """Gap of the lips in that of jawOpen."""
    reach = Reach()
    lips = reach.lower_down * _of(weights_BFC, "mouthLowerDownLeft")
    lips = lips + reach.upper_up * _of(weights_BFC, "mouthUpperUpLeft")
    rounded = reach.funnel * _of(weights_BFC, "mouthFunnel")
    closing = reach.close * _of(weights_BFC, "mouthClose")
    return np.asarray(_of(weights_BFC, "jawOpen") + lips + rounded - closing)


def _of(weights_BFC: Tracks, channel: str) -> Tracks:
    return weights_BFC[:, :, _COLUMN[channel]]


def _ahead(track_BF: Tracks, seconds: float) -> Tracks:
    frames = round(seconds * FPS)
    return np.concatenate([track_BF[:, frames:], np.repeat(track_BF[:, -1:], frames, axis=1)], axis=1)


def _anticipated(track_BF: Tracks) -> Tracks:
    """Give way a little before the lips are there, and come back slowly."""
    smooth = ndimage.gaussian_filter1d(_ahead(track_BF, 0.05), 1.5, axis=1, mode="nearest")
    return followed(smooth, 0.03, 0.12)


def followed(track_BF: Tracks, attack: float, release: float) -> Tracks:
    """Follow tracks with a delay that differs for rising and falling (seconds)."""
    up, down = (1 - np.exp(-3 / (seconds * FPS)) for seconds in (attack, release))
    result = np.empty(track_BF.shape, np.float32)
    value = track_BF[:, 0]
    for frame in range(track_BF.shape[1]):
        step = track_BF[:, frame] - value
        value = value + step * np.where(step > 0, up, down)
        result[:, frame] = value
    return result


assert max(region.drift for region in REGIONS) < DRIFTS
