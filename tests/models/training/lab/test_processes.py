"""Two real processes train as one that accumulates their batches; and alone nothing is different."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from models.toolbox.motion_card import NETWORKS
from models.toolbox.motion_net import MotionNet
from models.training.lab.processes import ALONE, joined
from tests.models.training.lab.lab_factories import INPUTS, small, task

ROOT = Path(__file__).resolve().parents[4]
TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2")
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("together")
    program = [*TORCHRUN, "-m", "tests.models.training.lab.lab_together", str(folder), *NETWORKS]
    done = subprocess.run(program, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("name", NETWORKS)
def test_both_processes_end_with_the_same_weights(name: str, folder: Path) -> None:
    first, second = (load_file(folder / f"{name}.{rank}") for rank in range(2))
    assert first.keys() == second.keys()
    for key, value in first.items():
        assert torch.equal(second[key], value), key
    assert first["best"].tolist() == [0.5, 6.0]  # told by the first
    assert (folder / f"{name}.state").exists()


@pytest.mark.parametrize("name", NETWORKS)
def test_two_processes_are_two_accumulated_batches(name: str, folder: Path) -> None:
    weights = load_file(folder / f"{name}.0")
    together, alone, untrained = small(name), task(small(name), accumulate=2), small(name)
    together.load_state_dict({key: weights[key] for key in together.state_dict()})
    for _ in range(alone.config.steps):
        alone.step()
    # Running statistics of batches are folded in one after the other there and at once here; and keys of
    # attention have a bias that nothing depends on: so in training mode, and by what comes out.
    one, other, first = (motion(net) for net in (together, alone.net, untrained))
    torch.testing.assert_close(one, other, rtol=1e-3, atol=2e-4)
    assert (one - first).abs().max() > 0.01


@torch.no_grad()
def motion(net: MotionNet) -> torch.Tensor:
    net.train()
    torch.manual_seed(1)
    return net.predict(torch.randn(2, 30, INPUTS))


def test_one_process_is_alone() -> None:
    with joined("cpu") as processes:
        assert processes == ALONE
        values = torch.tensor([1.0, 2.0])
        processes.average([values])
        assert values.tolist() == [1.0, 2.0]
        assert processes.told([3.0, float("inf")]) == [3.0, float("inf")]


def test_a_device_that_is_not_there_is_refused() -> None:
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match="no GPU"), joined("cuda"):
            pass
