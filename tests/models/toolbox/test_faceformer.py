"""The decoder over its own past: fast, and the same as decoding all of the past at every frame."""

import torch

from models.toolbox.faceformer import FaceFormerNet
from models.toolbox.own_past import biased_past


def test_one_frame_at_a_time_is_the_whole_past_at_every_frame() -> None:
    torch.manual_seed(1)
    net = FaceFormerNet(6, 5, width=16, period=7, align=2).eval()
    torch.nn.init.normal_(net.out.weight)
    features = torch.randn(2, 19, 6)
    with torch.inference_mode():
        memory, before = net._heard(features), torch.zeros(2, 1, 5)
        for frame in range(19):
            latest = net._decoded(memory[:, : frame + 1 + net.align], before)[:, -1:]
            before = torch.cat([before, latest], dim=1)
        torch.testing.assert_close(net.predict(features), before[:, 1:], atol=1e-5, rtol=1e-4)


def test_the_past_fades_by_whole_periods_and_ends_and_the_future_is_not_there() -> None:
    bias = biased_past(6, 2, 2, memory=5)
    for head, slope in enumerate((1 / 16, 1 / 256)):
        for now in range(6):
            for then in range(6):
                due = -slope * ((now - then) // 2) if 0 <= now - then < 5 else float("-inf")
                assert bias[head, now, then] == due
