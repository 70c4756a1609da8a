"""The loop: what accumulation, half precision, devices and early stopping do to it, and to every network."""

import io
import math
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models.toolbox.motion_card import NETWORKS
from models.training.lab import fitting, loop
from models.training.lab.examples import Standard
from models.training.lab.fit_config import FitConfig
from models.training.lab.fitting import Fit
from models.training.lab.loop import fit
from models.training.lab.optimizers import OPTIMIZERS
from models.training.resuming import read_state, write_state
from tests.models.training.lab.lab_factories import (
    FPS,
    INPUTS,
    OUTPUTS,
    QUICK,
    examples,
    small,
    still,
    task,
)


def never_better(_net: torch.nn.Module) -> float:
    return 1.0


@settings(max_examples=8)
@given(st.integers(1, 4), st.integers(1, 4), st.sampled_from(["recurrent", "faceformer"]))
def test_accumulated_batches_are_one_large_batch(parts: int, size: int, name: str) -> None:
    options = {"autoregressive": False} if name == "faceformer" else {}
    split = task(still(name, **options), batch=size, accumulate=parts)
    crops = [split.crops(part) for part in range(parts)]
    whole, known = still(name, **options), torch.cat([crop.known for crop in crops])
    whole.train()
    features, motion = (torch.cat([getattr(c, key) for c in crops]) for key in ("features", "motion"))
    loss = whole.loss(features, motion, known)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(whole.parameters(), 1.0)
    expected = {name: weight.grad.clone() for name, weight in whole.named_parameters()}
    told = split.step()
    assert told["net"] == pytest.approx(loss.item(), rel=1e-4)
    for key, weight in split.net.named_parameters():
        torch.testing.assert_close(weight.grad, expected[key], rtol=2e-3, atol=2e-5, msg=key)


def test_each_accumulated_batch_is_another() -> None:
    drawn = task(still("recurrent"), accumulate=3)
    first, second, third = (drawn.crops(part).features for part in range(3))
    assert not torch.equal(first, second)
    assert not torch.equal(second, third)
    drawn.step()
    later = [drawn.crops(part).features for part in range(3)]
    assert not any(torch.equal(one, each) for one in later for each in (first, second, third))


def test_chance_is_another_in_each_step_and_the_same_in_each_run() -> None:
    line = examples(count=1, frames=25)  # as long as a crop, so that all crops are one

    def losses() -> list[float]:
        config = replace(QUICK, rate=1e-12)
        each = Fit(small("recurrent", dropout=0.5), line, Standard.of(line), FPS, config)
        return [each.step()["net"] for _ in range(3)]

    assert len(set(losses())) == 3
    assert losses() == losses()


@pytest.mark.parametrize("name", NETWORKS)
def test_half_precision_learns_nearly_the_same(name: str) -> None:
    whole, half = task(still(name)), task(still(name), amp=True)
    losses = [(whole.step(), half.step()) for _ in range(4)]
    for full, rough in losses:
        for part in full:
            assert rough[part] == pytest.approx(full[part], rel=0.05, abs=0.02)
    # It must have rounded, and must have kept weights whole.
    assert losses[-1][0] != losses[-1][1]
    assert {weight.dtype for weight in half.net.parameters()} == {torch.float32}


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_keeps_to_its_device(name: str) -> None:
    # Tensors without data: PyTorch refuses what mixes them with others, and no GPU is needed.
    net = small(name).to("meta")
    features = torch.empty(2, 30, INPUTS, device="meta")
    motion = torch.empty(2, 30, OUTPUTS, device="meta")
    for _, objective in net.objectives().values():
        assert objective(features, motion, torch.ones_like(motion, dtype=torch.bool)).device.type == "meta"
    net.eval()
    assert net.predict(features).device.type == "meta"


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", ["adversarial", "conv-windows"])
def test_every_optimizer_resumes_bit_for_bit(optimizer: str, name: str, tmp_path: Path) -> None:
    whole = task(small(name), optimizer=optimizer)
    stopped = task(small(name), optimizer=optimizer)
    for _ in range(5):
        whole.step()
    for _ in range(3):
        stopped.step()
    stopped.save(tmp_path / "run.state")
    resumed = task(small(name), optimizer=optimizer)
    resumed.load(tmp_path / "run.state")
    for _ in range(2):
        resumed.step()
    for key, value in whole.net.state_dict().items():
        assert torch.equal(resumed.net.state_dict()[key], value), key
    for key, value in whole.average.state_dict().items():
        assert torch.equal(resumed.average.state_dict()[key], value), key


def test_patience_ends_a_run_and_a_second_start_adds_nothing(tmp_path: Path) -> None:
    told: list[int] = []

    def run() -> Fit:
        each = task(still("recurrent"), steps=60, judge_every=3, patience=2)
        fit(each, tmp_path / "run.state", never_better, [lambda step, _values, _net: told.append(step)])
        return each

    assert run().step_number == 9  # the first judgement is the best, two more are waited for
    assert run().step_number == 9
    assert told == [3, 6, 9]


def test_the_best_mean_weights_are_kept(tmp_path: Path) -> None:
    errors, seen = iter([3.0, 1.0, 2.0]), list[dict[str, torch.Tensor]]()

    def judge(net: torch.nn.Module) -> float:
        seen.append({name: value.clone() for name, value in net.state_dict().items()})
        return next(errors)

    kept = fit(task(still("recurrent"), steps=9, judge_every=3), tmp_path / "run.state", judge)
    for name, value in kept.state_dict().items():
        assert torch.equal(value, seen[1][name])
    assert not torch.equal(seen[1]["out.weight"], seen[2]["out.weight"])


def test_reported_losses_are_means_of_the_steps_since(tmp_path: Path) -> None:
    reference = task(still("recurrent"), steps=5, judge_every=3)
    losses = [reference.step()["net"] for _ in range(5)]
    told = {}
    each = task(still("recurrent"), steps=5, judge_every=3)
    fit(each, tmp_path / "run.state", never_better, [lambda step, values, _net: told.update({step: values})])
    assert told[3]["net"] == pytest.approx(sum(losses[:3]) / 3)
    assert told[5]["net"] == pytest.approx(sum(losses[3:]) / 2)


def test_a_state_between_judgements_costs_neither_weights_nor_curves(tmp_path: Path) -> None:
    def told(path: Path, after: int) -> list:
        each, rows = task(small("recurrent")), list[object]()
        for _ in range(after):
            each.step()
        if after:
            each.save(path)
            each = task(small("recurrent"))
        fit(each, path, never_better, [lambda *row: rows.append(row[:2])])
        return [*rows, *(value.tolist() for value in each.average.state_dict().values())]

    assert told(tmp_path / "whole.state", 0) == told(tmp_path / "stopped.state", 2)


def test_a_state_is_kept_though_a_judgement_is_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "KEPT_EVERY_S", 0.0)
    each = task(still("recurrent"))
    monkeypatch.setattr(fitting, "share_of_peak", lambda step, *_: 1 / (2 - step))  # fails in the third step
    with pytest.raises(ZeroDivisionError):
        fit(each, tmp_path / "run.state", never_better)
    monkeypatch.setattr(loop, "KEPT_EVERY_S", 60.0)
    resumed = task(still("recurrent"))
    resumed.load(tmp_path / "run.state")
    assert resumed.step_number == 2


def test_a_crop_is_no_longer_than_the_longest_line() -> None:
    each = task(still("recurrent"), seconds=1e12)
    assert each.crops(0).motion.shape[1] == max(len(line.motion) for line in each.examples)


def test_a_state_of_another_kind_is_refused(tmp_path: Path) -> None:
    state = tmp_path / "run.state"
    task(still("recurrent")).save(state)
    with pytest.raises(ValueError, match=r"run\.state: is the state of another network"):
        task(still("baseline")).load(state)
    with pytest.raises(ValueError, match=r"run\.state: is of a run with optimizer=adamw, and not lion"):
        task(still("recurrent"), optimizer="lion").load(state)
    with pytest.raises(
        ValueError, match=r"run\.state: is of a run with rate=0\.001, and not 0\.1; remove it"
    ):
        task(still("recurrent"), rate=0.1).load(state)
    lines = examples()
    for others in (lines[1:], [replace(each, motion=2 * each.motion) for each in lines]):
        with pytest.raises(ValueError, match=r"run\.state: is of a run with other data"):
            Fit(still("recurrent"), others, Standard.of(others), FPS, QUICK).load(state)
    task(still("recurrent"), tensorboard=True, patience=9).load(state)  # nothing learnt depends on them
    state.write_bytes(state.read_bytes()[:100])
    with pytest.raises(ValueError, match="is not the state of a run"):
        task(still("recurrent")).load(state)


@pytest.mark.parametrize(
    "lost", ["net.", "average.", "best.", "optimizer.", "standard.", "step_number", "sums"]
)
def test_a_state_that_is_not_whole_is_refused(lost: str, tmp_path: Path) -> None:
    state = tmp_path / "run.state"
    each = task(still("recurrent"))
    each.step()
    each.save(state)
    record, tensors = read_state(state, "fit")
    kept = {name: value for name, value in tensors.items() if not name.startswith(lost)}
    write_state(state, "fit", {name: value for name, value in record.items() if name != lost}, kept)
    with pytest.raises(ValueError, match=r"run\.state: is .*; remove it to start anew"):
        task(still("recurrent")).load(state)


class Terminal(io.StringIO):
    """Keeps what is shown on it."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar_and_a_log_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, logged = Terminal(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    fit(task(still("recurrent")), tmp_path / "run.state", never_better)
    assert re.search(r"100%.*6/6 \[\d\d:\d\d<\d\d:\d\d, .*steps/s, net=", shown.getvalue())
    monkeypatch.setattr(sys, "stderr", logged)
    fit(task(still("recurrent")), tmp_path / "other.state", never_better)
    assert logged.getvalue() == ""


def test_a_loss_that_is_no_number_ends_the_run() -> None:
    each = task(still("recurrent"))
    with torch.no_grad():
        next(each.net.parameters()).fill_(math.nan)
    with pytest.raises(ValueError, match="smaller rate"):
        each.step()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"accumulate": 0}, "accumulate=0"),
        ({"steps": 0}, "steps=0"),
        ({"optimizer": "sgd"}, "adamw, adam, lion"),
        ({"device": "tpu"}, "auto, cpu, cuda"),
        ({"rate": 0.0}, "rate=0.0 is not a number above 0"),
        ({"rate": math.nan}, "rate=nan"),
        ({"seconds": math.inf}, "seconds=inf"),
        ({"seconds": -1.0}, "seconds=-1.0"),
        ({"memory": 1.5}, "memory=1.5 is not between 0 and 1"),
        ({"warmup": -1}, "warmup=-1"),
        ({"patience": -1}, "patience=-1"),
        ({"weight_decay": -1.0}, "weight_decay=-1.0"),
        ({"seed": -1}, "seed=-1"),
        ({"seed": 10**20}, "seed="),
    ],
)
def test_senseless_settings_are_refused(changes: dict, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        FitConfig(**changes)
