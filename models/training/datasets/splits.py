"""Who trains and who is held out; no speaker is in two parts unless a published split says so."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from models.training.datasets.line import Entry


@dataclass(frozen=True)
class Split:
    """Three parts of a dataset."""

    train: tuple[Entry, ...]
    valid: tuple[Entry, ...]
    test: tuple[Entry, ...]


@dataclass(frozen=True)
class Share:
    """Lines of some speakers: those whose sentence number is in a range."""

    speakers: tuple[str, ...]
    sentences: range

    def of(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Take the lines that belong to it, in their order."""
        return tuple(
            entry
            for entry in entries
            if entry.speaker in self.speakers and sentence_number(entry.name) in self.sentences
        )


def sentence_number(name: str) -> int:
    """Give the number at the end of a line's name, as in ``F2_e01``; -1 where there is none."""
    found = re.search(r"\d+$", name)
    return int(found.group()) if found else -1


def published(entries: Sequence[Entry], train: Share, valid: Share, test: Share) -> Split:
    """Split as a paper does."""
    return Split(train.of(entries), valid.of(entries), test.of(entries))


def by_speakers(entries: Sequence[Entry], valid: Collection[str], test: Collection[str]) -> Split:
    """Hold out the named speakers; all others train.

    Raises
    ------
    ValueError
        If a speaker is unknown, or named for both parts.
    """
    known = {entry.speaker for entry in entries}
    strange = (set(valid) | set(test)) - known
    if strange or set(valid) & set(test):
        raise ValueError(
            f"no such speaker: {min(strange)}" if strange else "a speaker is both for validation and for test"
        )
    held_out = {*valid, *test}
    return Split(
        tuple(entry for entry in entries if entry.speaker not in held_out),
        tuple(entry for entry in entries if entry.speaker in valid),
        tuple(entry for entry in entries if entry.speaker in test),
    )


def draw_speakers(entries: Sequence[Entry], valid: float = 0.15, test: float = 0.15, seed: int = 0) -> Split:
    """Hold out speakers drawn by lot, at least one for validation and one for test.

    Parameters
    ----------
    valid, test : float
        Shares of the speakers.

    Raises
    ------
    ValueError
        If fewer than three speakers would be left to share.
    """
    speakers = sorted({entry.speaker for entry in entries})
    random.Random(seed).shuffle(speakers)
    validating, testing = (max(1, round(share * len(speakers))) for share in (valid, test))
    if validating + testing >= len(speakers):
        raise ValueError(f"{len(speakers)} speakers are too few to hold out {validating} and {testing}")
    return by_speakers(entries, speakers[:validating], speakers[validating : validating + testing])


def by_parts(entries: Sequence[Entry], parts: dict[str, str]) -> Split:
    """Split by a list of each line's part: ``train``, ``valid`` or ``test``; lines not in it are left out."""
    train, valid, test = (
        tuple(entry for entry in entries if parts.get(entry.name) == part)
        for part in ("train", "valid", "test")
    )
    return Split(train, valid, test)
