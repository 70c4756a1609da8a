"""Phone names of Festival's voices, mapped to `models.phones`.

Voices of other languages read the English texts through their own letter-to-sound rules: odd English, but
recorded people with other mouths and microphones, which is what the corpus needs (labels say what is heard).
"""

from __future__ import annotations

from models.phones import PAUSES, SILENCE, from_arpabet

_CONSONANTS = {
    **{"b": "B", "d": "D", "f": "F", "g": "G", "h": "HH", "j": "Y", "k": "K", "l": "L", "m": "M", "n": "N"},
    **{"p": "P", "r": "R", "rr": "R", "s": "S", "t": "T", "v": "V", "w": "W", "x": "K", "z": "Z"},
    **{"S": "SH", "Z": "ZH", "tS": "CH", "dZ": "JH", "ts": "T", "dz": "D", "N": "NG", "ng": "NG", "nf": "M"},
    **{"T": "TH", "D": "DH", "B": "V", "G": "G", "L": "L", "J": "N", "SS": "SH", "ss": "S"},
    **{"sh": "SH", "zh": "ZH", "q": "K", "qu": "K", "y": "Y"},
}
_VOWELS = {
    **{"a": "AA", "e": "EH", "E": "EH", "i": "IY", "o": "AO", "O": "AO", "u": "UW", "ax": "AH", "@": "AE"},
    **{"aa": "AA", "ou": "OW", "au": "AW", "eu": "EH"},
}
_FINNISH = {
    "y": "UW",
    "@": "AE",
    "7": "ER",
    "ae": "AE",
    "oe": "ER",
    "A": "AE",
    "O": "ER",
    "{": "AE",
    "2": "ER",
}
_CZECH = {
    **{"y": "IY", "ch": "K", "c": "T", "n*": "NG", "N": "NG", "s~": "SH", "z~": "ZH", "c~": "CH", "r~": "ZH"},
    **{"R~": "ZH", "t~": "T", "d~": "D", "n~": "N", "dz~": "JH", "dZ": "JH", "g": "G", "m*": "M"},
}
_RUSSIAN = {
    **{
        "a": "AA",
        "aa": "AA",
        "ae": "AH",
        "ay": "IH",
        "e": "EH",
        "ee": "EH",
        "i": "IH",
        "ii": "IY",
        "o": "AO",
    },
    **{"oo": "AO", "u": "UW", "uu": "UW", "ur": "UW", "y": "IH", "yy": "IH", "ch": "CH", "sch": "SH"},
    **{"c": "T", "h": "K", "hh": "K", "j": "Y", "w": "V"},
}

LANGUAGES: dict[str, tuple[str, dict[str, str]]] = {
    "suo_fi_lj_diphone": ("fi", _FINNISH),
    "hy_fi_mv_diphone": ("fi", _FINNISH),
    "lp_diphone": ("it", {}),
    "pc_diphone": ("it", {}),
    "czech_dita": ("cs", _CZECH),
    "czech_machac": ("cs", _CZECH),
    "czech_krb": ("cs", _CZECH),
    "czech_ph": ("cs", _CZECH),
    "msu_ru_nsh_clunits": ("ru", _RUSSIAN),
    "upc_ca_ona_hts": ("ca", {"y": "Y"}),
}
ENGLISH = ("ked_diphone", "kal_diphone", "cmu_us_slt_arctic_hts")


def phone_of(name: str, voice: str) -> str:
    """Map a segment name of a Festival voice to a phone.

    Raises
    ------
    ValueError
        The name is not in the voice's table.
    """
    if voice in ENGLISH:
        return from_arpabet(name)
    if name in PAUSES or name == "pau":
        return SILENCE
    table = {**_CONSONANTS, **_VOWELS, **LANGUAGES[voice][1]}
    plain = name.rstrip("1234:0*") or name
    halved = plain[0] if len(plain) == 2 and plain[0] == plain[1] else plain
    for spelling in (name, plain, halved):
        if spelling in table:
            return table[spelling]
    raise ValueError(f"unknown phone {name!r} of {voice}")
