"""Training lines at other speeds: motion keeps in step with the sound, and nothing else changes."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from models.toolbox.listening import listen
from models.training.datasets.blendshape_writers import write_live_link
from models.training.lab.examples import PACES, Example, Standard, Wanted, batch, example
from models.training.lab.material import material
from models.training.lab.recipes import RECIPES, overridden
from tests.models.training.reports.spoken_lines import line

LOST = slice(20, 24)


@pytest.fixture(scope="module")
def spoken() -> dict[float, Example]:
    valid = np.ones(72, bool)
    valid[LOST] = False
    told = replace(line("mary/1", seconds=1.2), valid=valid)
    return {pace: example(told, Wanted("mel"), pace) for pace in (1.0, *PACES)}


@pytest.mark.parametrize("pace", PACES)
def test_played_motion_is_that_of_plain_loops(pace: float, spoken: dict[float, Example]) -> None:
    recorded, played = spoken[1.0].motion.tolist(), spoken[pace]
    assert len(played.features) == len(played.known) == len(played.moved()) == pytest.approx(72 / pace, abs=2)
    for frame, row in enumerate(played.moved()):
        place = frame * pace
        before, share = math.floor(place), place - math.floor(place)
        after = math.ceil(place)
        due = [a * (1 - share) + b * share for a, b in zip(recorded[before], recorded[after], strict=True)]
        assert row == pytest.approx(due, abs=1e-5)
        measured = not any(LOST.start <= each < LOST.stop for each in (before, after))
        assert bool(played.known[frame, 0]) == measured


@pytest.mark.parametrize("pace", PACES)
def test_the_sound_is_played_as_fast(pace: float, spoken: dict[float, Example]) -> None:
    told = line("mary/1", seconds=1.2)
    due = listen(soxr.resample(told.samples, told.rate * pace, told.rate), told.fps, "mel")
    np.testing.assert_allclose(spoken[pace].features, due[: len(spoken[pace].features)], atol=1e-5)


@settings(max_examples=20)
@given(st.integers(0, 60), st.integers(1, 40), st.sampled_from([1.0, *PACES]))
def test_a_crop_is_cut_from_the_whole(
    spoken: dict[float, Example], first: int, count: int, pace: float
) -> None:
    span = slice(first, first + count)
    np.testing.assert_array_equal(spoken[pace].moved(span), spoken[pace].moved()[span])


def test_crops_of_played_lines_end_with_them(spoken: dict[float, Example]) -> None:
    played = spoken[PACES[0]]
    drawn = batch([played], Standard.of([spoken[1.0]]), 16, 30, seed=1)
    assert drawn.motion.shape == drawn.known.shape
    assert drawn.features.abs().sum(dim=(1, 2)).min() > 0


def test_what_a_run_learns_from_is_played_at_three_speeds_and_judged_at_one(tmp_path: Path) -> None:
    for number, speaker in enumerate(("m1", "f1", "m3")):
        (tmp_path / speaker).mkdir()
        write_live_link(tmp_path, [line(f"{speaker}/1", seed=number)])
    recipe = overridden(RECIPES["voca-rnn"], ["ear=mel"])
    played, plain = (material(tmp_path, each) for each in (recipe, overridden(recipe, ["paces=false"])))
    assert not plain.played
    assert [each.pace for each in played.played] == [*PACES]
    assert {each.pace for part in (played.learnt, played.valid, played.test) for each in part} == {1.0}
    assert played.described() == plain.described()
    np.testing.assert_array_equal(played.standard.mean, plain.standard.mean)
    np.testing.assert_array_equal(played.standard.scale, plain.standard.scale)
