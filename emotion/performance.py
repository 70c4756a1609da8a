"""A document made ready to play: the layers of one recording on one rig, put together in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.audio import AudioClip
from core.composing import Adjustment, Composer, Layer, Times
from core.document import Document
from core.errors import InputError
from core.head_motion import HEAD, HeadPivot, pivot_for
from core.mesh import Floats
from core.neutral import Neutral
from core.rig import Rig
from core.settings import share
from core.take import Take, frame_times
from emotion.layers import PoseLayer, SpeechLayer, pose_vector
from emotion.life.layers import eyes, head_turn, life_layers
from emotion.residual import is_learned, worn
from emotion.seal import LipSeal, seal_for
from emotion.style import Manner, manner_of
from emotion.tuning import Steps, calmed, gains, leads, limiter, shifts, strengths
from emotion.voice import Voice

PROTECT = "emotion.protect"
"""Setting 0..1: how firmly the lip seal protects articulation from emotion."""


@dataclass(frozen=True, eq=False)
class Stage:
    """What is the same whatever the animator paints: rig, lipsync, poses, seal. Made once per recording.

    Attributes
    ----------
    rig : Rig
        With one channel more for each shape of the user's emotion folder.
    neutral : Neutral
        With its columns in the order of the rig's channels.
    poses : mapping of str to ndarray of shape (C,)
        Residual of each emotion at full intensity.
    audio : AudioClip or None
    voice : Voice or None
        How the recording is spoken; without it blinks, gaze, breath and head stay still, and so do emotions.
    """

    rig: Rig
    neutral: Neutral
    poses: Mapping[str, Floats]
    audio: AudioClip | None = None
    voice: Voice | None = None

    @staticmethod
    def build(
        rig: Rig,
        neutral: Neutral,
        poses: Mapping[str, Mapping[str, float]],
        shapes: Mapping[str, Floats] | None = None,
        audio: AudioClip | None = None,
        voice: Voice | None = None,
    ) -> Stage:
        """Put a recording on a rig.

        Parameters
        ----------
        rig : Rig
        neutral : Neutral
        poses : mapping of str to mapping of str to float
            Emotions as channel weights; they transfer to every template.
        shapes : mapping of str to ndarray of shape (V, 3), optional
            Emotions as displacements of this very mesh (`emotion.shapes.load_shapes`), exact; they take
            precedence over a pose of the same name.
        audio : AudioClip, optional
        voice : Voice, optional
        """
        # The prefix keeps a shape called "jawOpen" from replacing the rig's own channel.
        own = {f"emotion:{name}": shape for name, shape in (shapes or {}).items()}
        staged = rig.with_channels(own) if own else rig
        vectors = {name: pose_vector(pose, staged.channels) for name, pose in poses.items()}
        for name in shapes or {}:
            vectors[name] = pose_vector({f"emotion:{name}": 1.0}, staged.channels)
        return Stage(staged, neutral.arranged(staged.channels), vectors, audio, voice)

    @property
    def duration(self) -> float:
        """Seconds of the recording."""
        return self.audio.duration if self.audio else self.neutral.duration

    def worn(self, emotion: str) -> Neutral | None:
        """Return an emotion as a speaking face wears it; None without a voice and for shapes of the user."""
        if self.voice is None or f"emotion:{emotion}" in self.rig.channels:
            return None
        if emotion not in self._worn:
            self._worn[emotion] = worn(self.poses[emotion], self.neutral, self.voice)
        return self._worn[emotion]

    def lacks(self, emotion: str) -> bool:
        """Tell whether `worn` would have to run the network for an emotion, which takes a moment."""
        posed = self.voice is not None and f"emotion:{emotion}" not in self.rig.channels
        return posed and emotion in self.poses and emotion not in self._worn

    @cached_property
    def _worn(self) -> dict[str, Neutral]:
        return {}

    @cached_property
    def seal(self) -> LipSeal | None:
        """The lip seal at full protection."""
        return seal_for(self.rig, self.neutral)

    @cached_property
    def pivot(self) -> HeadPivot | None:
        """What the head turns about."""
        return pivot_for(self.rig)

    @cached_property
    def manner(self) -> Manner:
        """What restyling the speech needs."""
        return manner_of(self.neutral, self.seal.shut if self.seal else None)


class Performance:
    """A document on a stage; cheap to make again after every edit.

    Parameters
    ----------
    document : Document
    stage : Stage
    waiting : bool
        Whether to wait for emotions that no network has made for this recording yet; otherwise they are held
        constant for now, so that an edit never waits.

    Raises
    ------
    InputError
        If a track names an emotion that is neither a pose nor a shape of the user's folder, or a setting
        is out of range.
    """

    def __init__(self, document: Document, stage: Stage, waiting: bool = True) -> None:
        self.document = document
        self.stage = stage
        self._waiting = waiting
        channels = stage.rig.channels
        alive = life_layers(document, stage.voice, channels)
        layers = [*self._layers(), *alive.values()]
        heard, articulation = self._speech()
        seal = stage.seal if layers or articulation else None
        lead = heard.leads["lips"][1] if "lips" in heard.leads else None
        strong = strengths(document, channels)
        lively = eyes(alive, channels)
        steps: list[Adjustment] = [lively] if lively else []
        steps += [strong] if strong.of_columns else []
        self.composer = Composer(
            stage.rig,
            heard,
            layers,
            replace(seal, protect=share(document.settings, PROTECT, "1"), lead=lead) if seal else None,
            articulation,
            Steps(steps) if steps else None,
            head_turn(document, stage.voice, stage.pivot),
        )

    def vertices(self, times: Times) -> Floats:
        """Posed vertices at times (F,) in seconds, shape (F, V, 3), in the template's units."""
        return self.composer.vertices(times)

    def take(self, start: float = 0.0, end: float | None = None, fps: float | None = None) -> Take:
        """Sample the performance for export.

        Parameters
        ----------
        start, end : float
            Seconds; ``end`` is the end of the recording unless given.
        fps : float, optional
            The document's unless given.
        """
        rate, rig = fps or self.document.fps, self.stage.rig
        times = frame_times(rate, start, self.stage.duration if end is None else end)
        weights, channels, turn = self.composer.weights(times), rig.channels, self.composer.turn
        if turn is not None:
            weights = np.concatenate([weights, turn.degrees(times)], axis=1)
            channels = (*channels, *HEAD)
        return Take(
            rig.mesh,
            channels,
            weights,
            times,
            rate,
            self.vertices,
            self.stage.audio,
            rig.lips,
            rig.colours,
        )

    def _speech(self) -> tuple[SpeechLayer, SpeechLayer | None]:
        """Speech as it is heard, and as the lips articulate it where smoothing or timing would hide that."""
        document, stage = self.document, self.stage
        manner = stage.manner if document.style is not None else None
        plain = SpeechLayer(
            stage.neutral, document.intensity, document.part_intensity, document.style, manner
        )
        ahead = leads(document, stage.rig.channels)
        calm = calmed(document, stage.neutral)
        if calm is stage.neutral and not ahead:
            return plain, None
        lips = {"": (np.arange(len(stage.rig.channels)), ahead["lips"][1])} if "lips" in ahead else {}
        return replace(plain, neutral=calm, leads=ahead), replace(plain, leads=lips)

    def _layers(self) -> list[Layer]:
        layers: list[Layer] = []
        document, channels = self.document, self.stage.rig.channels
        limit, learned = limiter(document), is_learned(document)
        for track in document.audible_tracks():
            if track.name not in self.stage.poses:
                known = ", ".join(sorted(self.stage.poses))
                raise InputError(track.name, f"no such emotion; there are {known}")
            own = gains(document, track.name, channels)
            pose, own_gains = self.stage.poses[track.name], own if own.of_columns else None
            ready = learned and (self._waiting or not self.stage.lacks(track.name))
            residual = self.stage.worn(track.name) if ready else None
            layers.append(PoseLayer(pose, track.curve, own_gains, limit, residual))
        layers += shifts(document, channels)
        for channel, curve in document.offsets.items():
            layers.append(PoseLayer(pose_vector({channel: 1.0}, channels), curve))
        return layers
