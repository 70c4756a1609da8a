"""espeak-ng in this process. There is one: its voice and settings are those of whoever spoke last."""

from __future__ import annotations

import ctypes
from functools import cache

SYNCHRONOUS = 2
PHONEME_EVENTS, IPA_EVENTS, NO_EXIT = 1, 2, 0x8000


@cache
def espeak_library() -> tuple[ctypes.CDLL, int]:
    """Return the library (``speak_lib.h``) and the sample rate of its voices.

    Raises
    ------
    ImportError
        If the package espeakng-loader is not installed.
    """
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    data = espeakng_loader.get_data_path().encode()
    rate = library.espeak_Initialize(SYNCHRONOUS, 0, data, PHONEME_EVENTS | IPA_EVENTS | NO_EXIT)
    return library, int(rate)
