"""Optimisers against their published rules, written out weight by weight."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models.training.lab.optimizers import OPTIMIZERS, Lion


@settings(max_examples=30)
@given(
    st.lists(st.lists(st.floats(-3, 3), min_size=3, max_size=3), min_size=1, max_size=6),
    st.floats(1e-4, 0.1),
    st.floats(0, 0.5),
)
def test_lion_follows_the_published_rule(gradients: list[list[float]], rate: float, decay: float) -> None:
    weight = torch.nn.Parameter(torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64))
    optimizer = Lion([weight], rate, (0.9, 0.99), decay)
    expected, momentum = [1.0, -2.0, 0.5], [0.0, 0.0, 0.0]
    for row in gradients:
        weight.grad = torch.tensor(row, dtype=torch.float64)
        optimizer.step()
        for place, slope in enumerate(row):
            update = np.sign(0.9 * momentum[place] + 0.1 * slope)
            expected[place] -= rate * (update + decay * expected[place])
            momentum[place] = 0.99 * momentum[place] + 0.01 * slope
    np.testing.assert_allclose(weight.detach().numpy(), expected, rtol=1e-9, atol=1e-12)


def test_lion_leaves_what_has_no_gradient() -> None:
    still, moved = torch.nn.Parameter(torch.ones(2)), torch.nn.Parameter(torch.ones(2))
    optimizer = Lion([still, moved], 0.1, weight_decay=0.5)
    moved.grad = torch.ones(2)
    optimizer.step()
    assert still.tolist() == [1.0, 1.0]
    torch.testing.assert_close(moved.detach(), torch.full((2,), 0.85))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_finds_a_minimum(name: str) -> None:
    weight = torch.nn.Parameter(torch.tensor([3.0, -4.0]))
    optimizer = OPTIMIZERS[name]([weight], lr=0.02, weight_decay=0.0)
    for _ in range(1500):
        optimizer.zero_grad()
        (weight - torch.tensor([1.0, 2.0])).square().sum().backward()
        optimizer.step()
    torch.testing.assert_close(weight.detach(), torch.tensor([1.0, 2.0]), atol=0.05, rtol=0)
