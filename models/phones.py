"""The phone inventory all networks hear in, and how other alphabets map onto it.

ARPAbet without stress, 39 phones and silence. It is an alphabet of mouth shapes here, not of English:
a phone of another language maps to the one whose visible articulation is nearest ([y] to UW, [x] to K).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

SILENCE = "SIL"
PHONES: tuple[str, ...] = (
    *("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"),
    *("B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N", "NG", "P", "R"),
    *("S", "SH", "T", "TH", "V", "W", "Y", "Z", "ZH"),
    SILENCE,
)
INDEX = {phone: number for number, phone in enumerate(PHONES)}
VOWELS = PHONES[:15]
BILABIALS = ("P", "B", "M")
ALIASES = {"AX": "AH", "AXR": "ER", "DX": "T", "HV": "HH", "EL": "L", "EN": "N", "EM": "M", "NX": "N"}
PAUSES = {"PAU", "SIL", "H#", "#", "_", "##", "SP", "NSN", "SPN", "BRTH", "SSIL", ""}

_IPA_PAIRS = {
    **{"tʃ": ("CH",), "dʒ": ("JH",), "tɕ": ("CH",), "dʑ": ("JH",), "ts": ("T", "S"), "dz": ("D", "Z")},
    **{"eɪ": ("EY",), "aɪ": ("AY",), "aʊ": ("AW",), "oʊ": ("OW",), "əʊ": ("OW",), "ɔɪ": ("OY",)},
    **{"ai": ("AY",), "au": ("AW",), "ei": ("EY",), "ou": ("OW",), "ɔø": ("OY",), "pf": ("P", "F")},
}
_IPA = {
    **{"a": "AA", "ɑ": "AA", "ɐ": "AH", "ɒ": "AA", "æ": "AE", "ʌ": "AH", "ə": "AH", "ɘ": "AH", "ɜ": "ER"},
    **{"ɚ": "ER", "ɝ": "ER", "ɔ": "AO", "o": "AO", "ɤ": "AH", "ɵ": "UH", "e": "EH", "ɛ": "EH", "ø": "ER"},
    **{"œ": "ER", "i": "IY", "ɪ": "IH", "ɨ": "IH", "ᵻ": "IH", "y": "UW", "ʏ": "UH", "u": "UW", "ʊ": "UH"},
    **{"ʉ": "UW", "ɯ": "IH", "p": "P", "b": "B", "m": "M", "ɱ": "M", "f": "F", "v": "V", "ɸ": "F"},
    **{"β": "V", "ʋ": "V", "w": "W", "ʍ": "W", "ɥ": "W", "θ": "TH", "ð": "DH", "s": "S", "z": "Z"},
    **{"ʃ": "SH", "ʒ": "ZH", "ɕ": "SH", "ʑ": "ZH", "ʂ": "SH", "ʐ": "ZH", "ɧ": "SH", "t": "T", "d": "D"},
    **{"ʈ": "T", "ɖ": "D", "n": "N", "ɳ": "N", "ɲ": "N", "l": "L", "ɫ": "L", "ɭ": "L", "ʎ": "L", "ɬ": "L"},
    **{"ɾ": "D", "r": "R", "ɹ": "R", "ɻ": "R", "ɽ": "R", "ʁ": "K", "ʀ": "K", "k": "K", "c": "K", "q": "K"},
    **{"g": "G", "ɡ": "G", "ɟ": "G", "ɢ": "G", "ŋ": "NG", "x": "K", "χ": "K", "ɣ": "G", "ç": "HH"},
    **{"h": "HH", "ɦ": "HH", "ħ": "HH", "ʔ": "T", "j": "Y", "ʝ": "Y"},
}


@dataclass(frozen=True)
class Segment:
    """A phone of `PHONES` and its times in seconds from the start of the audio."""

    phone: str
    start: float
    end: float


def from_arpabet(name: str) -> str:
    """Map an ARPAbet name, with or without stress digit, to a phone of `PHONES`."""
    plain = name.upper().rstrip("012")
    plain = ALIASES.get(plain, plain)
    if plain in PAUSES:
        return SILENCE
    if plain not in INDEX:
        raise ValueError(f"unknown phone {name!r}")
    return plain


def from_ipa(symbols: str) -> tuple[str, ...]:
    """Map an IPA string (one phoneme of espeak-ng) to phones; diacritics and unknown letters are dropped."""
    letters = "".join(
        c
        for c in unicodedata.normalize("NFD", symbols)
        if not unicodedata.combining(c) and c not in "ˈˌːˑ'ʲʰʷ"
    )
    if letters in _IPA_PAIRS:
        return _IPA_PAIRS[letters]
    phones: list[str] = []
    at = 0
    while at < len(letters):
        pair = letters[at : at + 2]
        phones += _IPA_PAIRS.get(pair) or ((_IPA[letters[at]],) if letters[at] in _IPA else ())
        at += 2 if pair in _IPA_PAIRS else 1
    return tuple(phones)
