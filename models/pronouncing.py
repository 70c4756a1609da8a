"""Written text -> phones, by espeak-ng (a hundred languages) and the user's own dictionary."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Mapping
from functools import cache

from models.aligning import SpokenWord
from models.espeak_library import espeak_library
from models.phones import from_arpabet, from_ipa

WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*")
UTF8 = 1
IPA = 0x02 | ord("_") << 8
"""Phonemes in IPA with a bar between them."""


class NoLanguage(ValueError):
    """espeak-ng does not know this language."""


def pronounce(text: str, language: str, own: Mapping[str, tuple[str, ...]]) -> tuple[SpokenWord, ...]:
    """Say how a text sounds.

    Parameters
    ----------
    text : str
    language : str
        Of espeak-ng: "en-us", "de", "cmn" ...
    own : mapping of str to tuple of str
        Pronunciations that go first, by word in lower case.

    Raises
    ------
    NoLanguage
    ImportError
        If espeak-ng is needed and not installed.
    """
    words = []
    for word in WORD.findall(text.replace("-", " ")):
        phones = own.get(word.lower()) or _spoken(word, language)
        if phones:
            words.append(SpokenWord(word, phones))
    return tuple(words)


def read_dictionary(text: str) -> dict[str, tuple[str, ...]]:
    """Read a pronouncing dictionary: a word and its ARPAbet phones in each line, as CMU's.

    Raises
    ------
    ValueError
        Names the line that is wrong.
    """
    entries: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        word, *phones = line.partition(";;;")[0].split() or [""]
        if not word:
            continue
        if not phones:
            raise ValueError(f"line {number}: no phones after {word!r}")
        try:
            spoken = tuple(from_arpabet(phone) for phone in phones)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
        entries.setdefault(re.sub(r"\(\d+\)$", "", word).lower(), spoken)
    return entries


@cache
def _spoken(word: str, language: str) -> tuple[str, ...]:
    library, _ = espeak_library()
    if library.espeak_SetVoiceByName(language.encode()) != 0:
        raise NoLanguage(f"espeak-ng does not know the language {language!r}")
    rest = ctypes.c_char_p(word.encode())
    phones: list[str] = []
    while rest.value:
        ipa = library.espeak_TextToPhonemes(ctypes.byref(rest), UTF8, IPA)
        for symbol in re.split(r"[_\s]+", re.sub(r"\([^)]*\)", "", ipa.decode())):
            phones += from_ipa(symbol)
    return tuple(phones)
