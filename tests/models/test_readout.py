"""Reading the network: contact closes, pauses are still, gestures keep their reach."""

import dataclasses

import numpy as np
import pytest

from models.gestures import ARTICULATORS
from models.phones import INDEX, PHONES
from models.readout import TERMS, Readout

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
    probabilities, articulation = heard(f"AA {phone} AA")
    articulation[12:24, OPENING] = 0.2  # the network blurs contact
    curves = READOUT.curves(probabilities, articulation, "closed")
    assert curves[13:19, OPENING].max() == 0
    assert curves[13:19, ARTICULATORS.index("closure")].min() > 0.3
    assert curves[2:9, OPENING].min() > 0.4


def test_a_short_vowel_before_a_closure_is_seen() -> None:
    probabilities, articulation = heard("T T B AA")
    probabilities[20:24] = heard("AH")[0][0]  # 67 ms, as in "a boy"
    articulation[16:32, OPENING] = 0.02
    opening = READOUT.curves(probabilities, articulation, "closed")[:, OPENING]
    assert opening[21:23].min() > 0.15
    assert opening[26:32].max() == 0


@pytest.mark.parametrize("rest", ["closed", "natural"])
def test_a_pause_is_still_and_speech_around_it_is_not_touched(rest: str) -> None:
    probabilities, articulation = heard("AA SIL SIL SIL SIL AA")
    articulation[12:60, OPENING] = np.linspace(0.15, 0.25, 48)
    curves = READOUT.curves(probabilities, articulation, rest)
    inner = curves[12 + 8 : 60 - 8]
    assert np.ptp(inner, axis=0).max() < 1e-6
    assert inner[0, OPENING] == pytest.approx(0.2 if rest == "natural" else 0, abs=0.03)
    spoken = READOUT.curves(*heard("AA AA AA AA AA AA"), "closed")
    assert np.abs(curves[:8, OPENING] - spoken[:8, OPENING]).max() < 0.02
    assert np.abs(np.diff(curves[:, OPENING])).max() < 0.18


@pytest.mark.parametrize(("heard_there", "rest"), [(0.0, "low"), (0.9, "high")])
def test_the_natural_posture_is_neither_shut_nor_agape(heard_there: float, rest: str) -> None:
    probabilities, articulation = heard("SIL SIL SIL SIL")
    articulation[:, OPENING] = heard_there
    opening = READOUT.curves(probabilities, articulation, "natural")[:, OPENING]
    assert opening == pytest.approx(READOUT.natural_low if rest == "low" else READOUT.natural_high)


@pytest.mark.parametrize("phone", ["T", "N", "L", "SH", "UW", "AH", "F"])
def test_only_bilabials_close_the_lips(phone: str) -> None:
    probabilities, articulation = heard(f"{phone} {phone}")
    articulation[:, OPENING] = 0.0
    assert READOUT.curves(probabilities, articulation, "closed")[:, OPENING].min() >= READOUT.parted


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


def test_a_dental_half_heard_puts_the_tongue_out() -> None:
    probabilities, articulation = heard("AA TH AA")
    articulation[:, ARTICULATORS.index("tongue_out")] = 0
    probabilities[12:24] = 0.6 * heard("S")[0][0] + 0.4 * probabilities[12]
    out = READOUT.curves(probabilities, articulation, "closed")[:, ARTICULATORS.index("tongue_out")]
    assert out[14:22].min() > 0.5
    assert max(out[:9].max(), out[27:].max()) == 0


def test_the_phones_heard_have_a_say_in_the_opening() -> None:
    push = tuple(-0.3 if "UW" in term else 0.2 if "AA" in term else 0.0 for term in TERMS)
    readout = dataclasses.replace(READOUT, push=push)
    wide, narrow = (readout.curves(*heard(f"{vowel} " * 3), "closed")[18, OPENING] for vowel in ("AA", "UW"))
    assert wide == pytest.approx(0.7, abs=0.01)
    assert narrow == pytest.approx(0.2, abs=0.01)
