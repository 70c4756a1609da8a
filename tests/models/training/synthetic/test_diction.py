"""How far synthetic lips move: beside the model that ships, which was fitted to measured ones."""

from dataclasses import replace

import numpy as np
import pytest

from models.training.reports.judged_head import default_head
from models.training.reports.report import true_openings
from models.training.reports.shipped import shipped
from models.training.synthetic.lines import CLEAR, PLAIN, SPEAKERS, synthetic_lines

pytest.importorskip("espeakng_loader")
FPS = 60.0


@pytest.fixture(scope="module")
def openings() -> dict[str, np.ndarray]:
    """Openings of the mouth in mm, of all speakers, a line each."""
    head, model = default_head(), shipped("default")
    clear, plain = (list(synthetic_lines(len(SPEAKERS), FPS, 5, diction)) for diction in (CLEAR, PLAIN))
    spoken = [replace(line, motion=model.speak(line.samples)) for line in clear]
    spoken = [replace(line, valid=np.ones(len(line.motion), bool)) for line in spoken]
    ways = {"clear": clear, "plain": plain, "model": spoken}
    return {way: np.concatenate(list(true_openings(lines, head))) for way, lines in ways.items()}


def test_clear_lips_move_as_much_as_those_of_the_model_that_ships(openings: dict[str, np.ndarray]) -> None:
    assert openings["clear"].std() == pytest.approx(openings["model"].std(), rel=0.15)
    for share in (50, 95):
        due = np.percentile(openings["model"], share)
        assert np.percentile(openings["clear"], share) == pytest.approx(due, rel=0.15)


def test_the_rule_as_it_is_mumbles(openings: dict[str, np.ndarray]) -> None:
    assert openings["plain"].std() < 0.75 * openings["model"].std()


def test_clear_lips_meet_where_the_rule_lets_them(openings: dict[str, np.ndarray]) -> None:
    shut = openings["plain"] < 0.3
    assert shut.mean() > 0.005
    assert openings["clear"][shut].max() < 0.6
