"""Reading the network: contact closes, pauses are still, gestures keep their reach."""

import numpy as np
import pytest

from models.gestures import ARTICULATORS
from models.phones import INDEX, PHONES
from models.readout import Readout

READOUT = Readout()
OPENING, JAW = ARTICULATORS.index("opening"), ARTICULATORS.index("jaw")


def heard(phones: str) -> tuple[np.ndarray, np.ndarray]:
    """Twelve frames of each phone, surely heard, with every articulator half way."""
    names = phones.split()
    probabilities = np.zeros((12 * len(names), len(PHONES)), np.float32)
    for number, name in enumerate(names):
        probabilities[12 * number : 12 * number + 12, INDEX[name]] = 1
    return probabilities, np.full((len(probabilities), len(ARTICULATORS)), 0.5, np.float32)


@pytest.mark.parametrize("phone", ["P", "B", "M"])
def test_lips_meet_where_a_bilabial_is_heard(phone: str) -> None:
    curves = READOUT.curves(*heard(f"AA {phone} AA"), "closed")
    assert curves[13:19, OPENING].max() == 0
    assert curves[13:19, ARTICULATORS.index("closure")].min() > 0.3
    assert curves[2:9, OPENING].min() > 0.4


def test_a_short_vowel_before_a_closure_is_seen() -> None:
    probabilities, articulation = heard("T T B AA")
    probabilities[20:24] = heard("AH")[0][0]  # 67 ms, as in "a boy"
    articulation[16:32, OPENING] = 0.02
    opening = READOUT.curves(probabilities, articulation, "closed")[:, OPENING]
    assert opening[21:23].min() > 0.15
    assert opening[26:34].max() == 0


@pytest.mark.parametrize(("rest", "posture"), [("closed", 0.0), ("natural", READOUT.natural_opening)])
def test_a_pause_is_still_and_speech_around_it_is_not_touched(rest: str, posture: float) -> None:
    curves = READOUT.curves(*heard("AA SIL SIL SIL SIL AA"), rest)
    inner = curves[12 + 9 : 60 - 9]
    assert np.ptp(inner, axis=0).max() == 0
    assert inner[0, OPENING] == pytest.approx(posture)
    spoken = READOUT.curves(*heard("AA AA AA AA AA AA"), "closed")
    assert np.abs(curves[:8, OPENING] - spoken[:8, OPENING]).max() < 0.02
    assert np.abs(np.diff(curves[:, OPENING])).max() < 0.15


def test_a_short_silence_is_part_of_speech() -> None:
    probabilities, articulation = heard("AA SIL AA")
    probabilities[12:18] = probabilities[0]  # 0.1 s of silence are left
    assert READOUT.curves(probabilities, articulation, "closed")[:, OPENING].min() > 0.3


def test_silence_at_the_ends_rests_from_the_first_frame_to_the_last() -> None:
    curves = READOUT.curves(*heard("SIL AA SIL"), "closed")
    assert curves[0, OPENING] == curves[-1, OPENING] == 0


def test_weak_gestures_get_their_reach_and_doubt_stays_small() -> None:
    probabilities, articulation = heard("AA AA")
    column = ARTICULATORS.index("labiodental")
    articulation[:12, column], articulation[12:, column] = 0.44, 0.08
    curves = READOUT.curves(probabilities, articulation, "closed")
    assert curves[0, column] > 0.8
    assert curves[20, column] < 0.1


def test_the_phones_heard_have_a_say_in_the_opening() -> None:
    wide = READOUT.curves(*heard("AA AA AA"), "closed")[18, OPENING]
    narrow = READOUT.curves(*heard("UW UW UW"), "closed")[18, OPENING]
    assert wide > 0.6
    assert narrow < 0.4
