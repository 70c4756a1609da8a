"""What an inference is asked: a frozen request that may cross threads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.audio import AudioClip
from core.errors import InputError
from core.transcript import Transcript

SPEAKER = "speech.speaker"
FREE = ("",)
SETTINGS: Mapping[str, tuple[str, ...]] = {"speech.rest": ("closed", "natural"), SPEAKER: FREE}
"""Settings that change what an inference gives, and their values; the first is the default. `FREE` is any:
which speakers there are to speak like, the model knows."""
PROCEDURE = "3"
"""To be raised when the same model and recording come to give another result."""


@dataclass(frozen=True)
class InferenceRequest:
    """A recording, a model and its settings.

    Attributes
    ----------
    audio : AudioClip
    model : str
        Name of a model or path of a checkpoint.
    settings : mapping of str to str
        Of `SETTINGS`; others belong to other parts of the program and are passed over.
    first_at : float
        Seconds; the window that holds this moment is computed first.
    transcript : Transcript or None
        What is said, where that is known.
    """

    audio: AudioClip
    model: str = "default"
    settings: Mapping[str, str] = field(default_factory=dict)
    first_at: float = 0.0
    transcript: Transcript | None = None

    def setting(self, key: str) -> str:
        """Value of a setting.

        Raises
        ------
        InputError
            It has a value that is not one of the setting's.
        """
        value, choices = self.settings.get(key, SETTINGS[key][0]), SETTINGS[key]
        if choices != FREE and value not in choices:
            raise InputError(key, f"{value!r} is not one of {', '.join(SETTINGS[key])}")
        return value

    def key(self, model_hash: str) -> str:
        """Name of the result in the cache: everything the result depends on, and nothing else."""
        settings = "\n".join(f"{name}={self.setting(name)}" for name in sorted(SETTINGS))
        parts = (PROCEDURE, self.audio.content_hash, model_hash, settings, repr(self.transcript))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
