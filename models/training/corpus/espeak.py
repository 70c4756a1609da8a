"""espeak-ng: synthetic voices in a hundred languages, with the times of their phonemes."""

from __future__ import annotations

import ctypes
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.espeak_library import espeak_library
from models.phones import SILENCE, Segment, from_ipa
from models.training.corpus.utterances import Prompt, Utterance, at_16k

MIN_PAUSE = 0.04
"""Seconds above which espeak-ng's nameless events are pauses."""


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        *(("type", ctypes.c_int), ("unique_identifier", ctypes.c_uint), ("text_position", ctypes.c_int)),
        *(("length", ctypes.c_int), ("audio_position", ctypes.c_int), ("sample", ctypes.c_int)),
        *(("user_data", ctypes.c_void_p), ("id", _EventId)),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class Espeak:
    """espeak-ng in this process, with phoneme events (``speak_lib.h``); one at a time, it is global."""

    _RATE, _PITCH, _PHONEME, _UTF8 = 1, 3, 7, 1

    def __init__(self) -> None:
        self._library, self.rate = espeak_library()
        self._sound: list[NDArray[np.int16]] = []
        self._events: list[tuple[float, str]] = []
        self._receive = _Callback(self._received)
        self._library.espeak_SetSynthCallback(self._receive)
        # After words were only pronounced, the first phoneme of the next speech goes missing: waste one.
        self.speak(Prompt("a", "en-us"))

    def _received(
        self, wave: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]
    ) -> int:
        if wave and count > 0:
            self._sound.append(np.ctypeslib.as_array(wave, (count,)).copy())
        number = 0
        while events[number].type:
            if events[number].type == self._PHONEME:
                name = bytes(events[number].id.string).split(b"\0")[0].decode(errors="ignore")
                self._events.append((events[number].audio_position / 1000, name))
            number += 1
        return 0

    def speak(self, prompt: Prompt) -> Utterance | None:
        """Speak with a voice such as ``de`` or ``en-us+f3``; None where nothing is heard.

        Raises
        ------
        ValueError
            espeak-ng has no such voice.
        """
        self._sound, self._events = [], []
        if self._library.espeak_SetVoiceByName(prompt.voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {prompt.voice!r}")
        self._library.espeak_SetParameter(self._RATE, round(175 / prompt.stretch), 0)
        self._library.espeak_SetParameter(self._PITCH, round(np.clip(prompt.pitch / 3, 10, 90)), 0)
        text = prompt.text.encode()
        self._library.espeak_Synth(text, len(text) + 1, 0, 1, 0, self._UTF8, None, None)
        self._library.espeak_Synchronize()
        if not self._sound or not self._events:
            return None
        samples = (np.concatenate(self._sound) / 32768).astype(np.float32)
        segments = _espeak_segments(self._events, len(samples) / self.rate)
        return Utterance(at_16k(samples, self.rate), tuple(segments), prompt.voice)


def _espeak_segments(events: list[tuple[float, str]], duration: float) -> list[Segment]:
    segments = [Segment(SILENCE, 0.0, events[0][0])]
    ends = [start for start, _ in events[1:]] + [duration]
    for (start, name), end in zip(events, ends, strict=True):
        phones = from_ipa(name)
        if not phones and end - start < MIN_PAUSE:  # a length mark or a glide of the phone before
            segments[-1] = replace(segments[-1], end=end)
            continue
        cuts = np.linspace(start, end, len(phones or (SILENCE,)) + 1).tolist()
        segments += map(Segment, phones or (SILENCE,), cuts, cuts[1:])
    return segments
