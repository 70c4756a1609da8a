"""What is said in a recording, when the animator knows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.errors import InputError

LANGUAGE = "en-us"


@dataclass(frozen=True)
class Transcript:
    """A text and how to pronounce it.

    Attributes
    ----------
    text : str
    language : str
        Of espeak-ng: "en-us", "de", "cmn" ...
    dictionary : str
        Lines of a pronouncing dictionary in ARPAbet; its words go before those of the language.
    """

    text: str
    language: str = LANGUAGE
    dictionary: str = ""


def read_transcript(text: Path, language: str, dictionary: Path | None) -> Transcript:
    """Read a transcript from files; of the dictionary only the words that occur are kept.

    Raises
    ------
    InputError
        If a file cannot be read, has no words, or is no dictionary.
    """
    words = _read(text)
    if not words.strip():
        raise InputError(text, "holds no text")
    return Transcript(words, language, entries_for(words, dictionary) if dictionary else "")


def entries_for(text: str, dictionary: Path) -> str:
    """Lines of a pronouncing dictionary for the words of a text.

    Raises
    ------
    InputError
        If the file cannot be read or is no dictionary.
    """
    from models.pronouncing import WORD, read_dictionary

    lines = _read(dictionary)
    try:
        entries = read_dictionary(lines)
    except ValueError as error:
        raise InputError(dictionary, f"not a pronouncing dictionary, {error}") from error
    used = sorted({word.lower() for word in WORD.findall(text)} & entries.keys())
    return "\n".join(f"{word} {' '.join(entries[word])}" for word in used)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(path, "no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, "cannot be read as text (UTF-8)") from error
