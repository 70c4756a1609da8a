"""Windows leave no seams: what is spoken in parts is what is spoken whole."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from models.toolbox.diffusion import DiffusionNet
from models.toolbox.listening import SIZES
from models.toolbox.motion_card import NETWORKS, MotionCard
from models.toolbox.motion_model import MotionModel, _windowed
from models.toolbox.motion_net import MotionNet
from models.toolbox.windows import windows

SIZE = SIZES["mel"]
FRAMES = 700
TOLERANCE = 1e-4
"""Of standard deviations: rounding, and nothing else."""
OPTIONS: dict[str, dict[str, int | bool]] = {"faceformer": {"autoregressive": False}}


def built(name: str, **options: int | bool) -> MotionNet:
    """A network with weights so large that everything it may look at shows."""
    torch.manual_seed(0)
    net = NETWORKS[name](SIZE, 6, **{**OPTIONS.get(name, {}), **options}).eval()
    with torch.no_grad():
        for weight in net.parameters():
            if weight.ndim > 1:
                weight.normal_(std=1.5 / weight[0].numel() ** 0.5)
    return net


def whole(net: MotionNet, features: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return net.predict(features[None])[0]


def parted(net: MotionNet, features: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return _windowed(net, features[None], lambda _share: None)[0]


FEATURES = torch.randn(FRAMES, SIZE, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(
    "name", ["conv-windows", "transformer", "faceformer", "variational", "adversarial", "baseline"]
)
def test_what_is_spoken_in_windows_is_what_is_spoken_whole(name: str) -> None:
    net = built(name)
    net.window = 240
    due, found = whole(net, FEATURES), parted(net, FEATURES)
    assert due.std() > 0.1
    torch.testing.assert_close(found, due, atol=TOLERANCE, rtol=0)
    # And the reach is needed: without it windows would show.
    net.reach = 0
    assert (parted(net, FEATURES) - due).abs().max() > 100 * TOLERANCE


@pytest.mark.parametrize("period", [25, 30])
def test_a_faceformer_of_any_period_has_no_seams(period: int) -> None:
    net = built("faceformer", period=period)
    torch.testing.assert_close(parted(net, FEATURES), whole(net, FEATURES), atol=TOLERANCE, rtol=0)


def test_diffusion_takes_each_step_over_the_whole_length_in_parts() -> None:
    net = built("diffusion", draws=4)
    assert isinstance(net, DiffusionNet)
    found = whole(net, FEATURES)
    net.denoised = FRAMES
    torch.testing.assert_close(found, whole(net, FEATURES), atol=TOLERANCE, rtol=0)
    net.denoised, net.depth = 240, 0
    assert (found - whole(net, FEATURES)).abs().max() > 100 * TOLERANCE


def test_a_recurrent_network_has_forgotten_what_is_four_seconds_away() -> None:
    torch.manual_seed(0)
    net = NETWORKS["recurrent"](SIZE, 6).eval()
    due = whole(net, FEATURES)
    assert net.window == 0  # in use it hears everything; streamed, it would have to be cut
    net.window, net.reach = 240, 120
    torch.testing.assert_close(parted(net, FEATURES), due, atol=TOLERANCE, rtol=0)


def stepwise(net: MotionNet, features: torch.Tensor, step: int) -> torch.Tensor:
    """Predict as a stream does: the coming frames, with what is around them, and what the last ones left."""
    parts, past = [], None
    with torch.inference_mode():
        for start in range(0, len(features), step):
            end = min(start + step, len(features))
            first = max(start - net.reach - 7, 0)  # more than is needed, and no whole period
            part, past = net.go_on(
                features[None, first : end + net.reach], slice(start - first, end - first), past
            )
            parts.append(part[0])
    return torch.cat(parts)


@pytest.mark.parametrize("period", [25, 30])
@pytest.mark.parametrize("step", [3, 6, 100])
def test_a_network_that_remembers_goes_on_as_if_it_had_never_stopped(period: int, step: int) -> None:
    net = built("faceformer", autoregressive=True, width=16, period=period)
    assert net.overlap == 0
    due = whole(net, FEATURES)
    assert due.std() > 0.1
    torch.testing.assert_close(parted(net, FEATURES), due, atol=TOLERANCE, rtol=0)
    torch.testing.assert_close(stepwise(net, FEATURES, step), due, atol=TOLERANCE, rtol=0)


def test_a_network_that_remembers_needs_its_memory() -> None:
    net = built("faceformer", autoregressive=True, width=16)
    past = None
    with torch.inference_mode():
        _, past = net.go_on(FEATURES[None, :390], slice(0, 300), past)
        due = whole(net, FEATURES)[300:306]
        found = [
            net.go_on(FEATURES[None, 210:396], slice(90, 96), each)[0][0]
            for each in (past, replace(past, keys=past.keys[:, :, :0], values=past.values[:, :, :0]))
        ]
    assert past.frame == 300
    assert past.keys.shape[2] == net.window - 1  # and no more, however long the sound
    torch.testing.assert_close(found[0], due, atol=TOLERANCE, rtol=0)
    assert (found[1] - due).abs().max() > 100 * TOLERANCE


@pytest.mark.parametrize(
    ("frames", "window", "reach", "overlap"),
    [(1, 8, 3, 0), (50, 8, 3, 0), (50, 0, 0, 0), (48, 8, 0, 2), (50, 8, 3, 4), (8, 8, 1, 4)],
)
def test_windows_keep_every_frame(frames: int, window: int, reach: int, overlap: int) -> None:
    kept = [
        range(read.start + keep.start, read.start + keep.stop)
        for read, keep in windows(frames, window, reach, overlap)
    ]
    assert sorted({frame for part in kept for frame in part}) == list(range(frames))
    assert sum(map(len, kept)) == frames + overlap * (len(kept) - 1)
    for (read, keep), part in zip(windows(frames, window, reach, overlap), kept, strict=True):
        assert 0 <= read.start <= part.start < part.stop <= read.stop <= frames
        assert part.start - read.start == min(reach, part.start)
        assert keep.start == part.start - read.start


def test_a_model_says_how_far_it_is() -> None:
    net = built("transformer", layers=1, width=16)
    card = MotionCard(
        "m", "transformer", {"layers": 1, "width": 16}, "arkit", (), 30.0, "none", "nothing", "mel"
    )
    ones = np.ones(6, np.float32)
    shares: list[float] = []
    sound = np.random.default_rng(0).normal(0, 0.1, 20 * 16_000).astype(np.float32)
    MotionModel(card, net, 0 * ones, ones).speak(sound, shares.append)
    assert shares == pytest.approx([240 / 601, 480 / 601, 1])


def test_a_diffusion_tells_of_each_step_as_it_hears_all_at_once() -> None:
    net, told = built("diffusion", draws=4), list[float]()
    with torch.inference_mode():
        net.go_on(FEATURES[None], slice(0, len(FEATURES)), None, told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]
