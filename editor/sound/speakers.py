"""The sound card as a clock: what is heard decides where the playhead is."""

from __future__ import annotations

from typing import Any

import sounddevice

from core.audio import AudioClip
from editor.sound.clock import Clock, Motion, SilentClock
from editor.sound.mixer import Block, Mixer


def open_clock(clip: AudioClip | None) -> Clock:
    """Return the sound card's clock for a recording, or a silent one where there is no device."""
    if clip is None:
        return SilentClock()
    try:
        return Speakers(clip)
    except (sounddevice.PortAudioError, OSError, ValueError):
        return SilentClock("no audio device")


class Speakers:
    """The default output device, playing one recording.

    Raises
    ------
    sounddevice.PortAudioError
        If there is no device, or it refuses.
    """

    def __init__(self, clip: AudioClip) -> None:
        device: dict[str, Any] = sounddevice.query_devices(kind="output")
        channels = min(2, int(device["max_output_channels"]))
        self.label = f"Sound: {device['name']}"
        self._mixer = Mixer(clip, _rate(clip, device, channels), channels)
        self._anchor = (0.0, 0.0)  # device time of a block's first sample, seconds of the motion there
        self._motion: Motion | None = None
        self._closing = False
        self._stream = sounddevice.OutputStream(
            samplerate=self._mixer.rate, channels=channels, dtype="float32", latency=0.08,
            callback=self._on_block,
        )  # fmt: skip
        self._stream.start()

    @property
    def lost(self) -> bool:
        """Whether the device went away."""
        return not self._closing and not self._stream.active

    def start(self, motion: Motion) -> None:
        """Begin to move, and to sound."""
        self._anchor = (self._stream.time + self._stream.latency, 0.0)
        self._motion = motion
        self._mixer.start(motion)

    def stop(self) -> None:
        """Stand still, in silence."""
        self._mixer.stop()

    def position(self) -> float:
        """Seconds in the recording that reach the ear now, by the device's own clock."""
        if self._motion is None:
            return 0.0
        heard_at, elapsed = self._anchor
        return self._motion.at(elapsed + self._stream.time - heard_at)

    def grain(self, seconds: float) -> None:
        """Sound a short piece of the recording."""
        self._mixer.grain(seconds)

    def close(self) -> None:
        """Give the device back."""
        self._closing = True
        self._stream.close()

    def _on_block(self, block: Block, _frames: int, time: Any, _status: Any) -> None:
        # Some drivers report no time of output: then the latency they announced stands in.
        heard_at = time.outputBufferDacTime or self._stream.time + self._stream.latency
        self._anchor = (heard_at, self._mixer.elapsed)
        self._mixer.fill(block)


def _rate(clip: AudioClip, device: dict[str, Any], channels: int) -> int:
    """Return the recording's own rate where the device takes it."""
    try:
        sounddevice.check_output_settings(samplerate=clip.rate, channels=channels, dtype="float32")
    except sounddevice.PortAudioError:
        return int(device["default_samplerate"])
    return clip.rate
