"""The measure of seams: nothing where nothing differs, and a jump is no drift."""

import torch

from models.training.experiments.encoder_seams import apart

COURSE = torch.randn(1, 400, 3, generator=torch.Generator().manual_seed(0))


def test_what_is_the_same_is_not_apart() -> None:
    assert apart(COURSE, COURSE) == ("0.000", "0.000")


def test_a_jump_is_a_seam_and_a_drift_is_none() -> None:
    jump = (torch.arange(400) >= 200).float()[None, :, None]
    drift = torch.linspace(0, 1, 400)[None, :, None]
    (jumped, seam), (drifted, none) = (apart(COURSE + off, COURSE) for off in (jump, drift))
    assert float(jumped) > 0.5
    assert float(drifted) > 0.5
    assert float(seam) > 0.6
    assert float(none) < 0.01
