"""Rendered mouths: every gradient against differences, what is nearer hides, lips found back."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.library import default_rig
from core.templates.topology import default_face
from models.toolbox.motion_space import RestFace
from models.training.datasets.arkit import CHANNELS
from models.training.lipreading.films import default_mouth
from models.training.lipreading.mouth import Mouth
from models.training.lipreading.mouth_decoder import Displaced, MouthDecoder
from models.training.lipreading.renderer import DARK, MouthRenderer
from models.training.lipreading.teaching import face_mouth


@pytest.fixture(scope="module")
def decoder() -> MouthDecoder:
    return default_mouth()


def weights(**values: float) -> torch.Tensor:
    row = torch.zeros(1, len(CHANNELS))
    for name, value in values.items():
        for column in (CHANNELS.index(c) for c in CHANNELS if c in (name, f"{name}Left", f"{name}Right")):
            row[0, column] = value
    return row


def square(depth: float, grey: float, side: float = 10.0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    corners = torch.tensor([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * side / 2
    vertices = torch.cat([corners, torch.full((4, 1), depth)], 1)
    return vertices, torch.tensor([[0, 1, 2], [0, 2, 3]]), torch.full((4,), grey)


def scene(*parts: tuple[torch.Tensor, torch.Tensor, torch.Tensor]) -> Mouth:
    triangles = torch.cat([part[1] + 4 * number for number, part in enumerate(parts)])
    rest, greys = torch.cat([part[0] for part in parts]), torch.cat([part[2] for part in parts])
    numbers = torch.arange(len(rest))
    return Mouth(rest, triangles, greys, torch.zeros(3), 16.0, 1.0, numbers, numbers)


def test_gradients_are_those_of_finite_differences() -> None:
    mouth = scene(square(0.0, 0.8, 9.3), square(1.0, 0.4, 4.1))
    render = MouthRenderer(mouth, 16)
    seen = torch.rand(16, 16, generator=torch.Generator().manual_seed(0))
    vertices = mouth.rest[None].clone().requires_grad_()
    (slopes,) = torch.autograd.grad((render(vertices)[0] * seen).sum(), vertices)
    for vertex in range(len(mouth.rest)):
        for axis in range(3):
            step = torch.zeros_like(mouth.rest)
            step[vertex, axis] = 2e-3
            sides = [(render((mouth.rest + way * step)[None])[0].double() * seen).sum() for way in (1, -1)]
            slope = float(sides[0] - sides[1]) / 4e-3
            assert slopes[0, vertex, axis].item() == pytest.approx(slope, rel=0.03, abs=0.03)


def test_nearer_surfaces_hide_and_backs_are_not_seen() -> None:
    behind, before = square(0.0, 0.8), square(3.0, 0.3, 5.0)
    both = MouthRenderer(scene(behind, before), 16)(scene(behind, before).rest)
    alone = MouthRenderer(scene(behind), 16)(scene(behind).rest)
    assert both[8, 8] / alone[8, 8] == pytest.approx(0.3 / 0.8, rel=0.02)
    assert both[8, 4] == pytest.approx(alone[8, 4].item(), rel=0.01)
    assert both[0, 0] == pytest.approx(DARK)
    turned = (behind[0], behind[1].flip(1), behind[2])
    assert torch.allclose(MouthRenderer(scene(turned), 16)(turned[0]), torch.tensor(DARK))


def test_an_outline_moves_by_less_than_a_pixel() -> None:
    part = square(0.0, 0.8)
    render = MouthRenderer(scene(part), 16)
    covered = [render(part[0] + torch.tensor([n / 8, 0, 0])).sum().item() for n in range(9)]
    assert np.ptp(covered) < 0.05 * covered[0]  # half a pixel of ten, wherever it lies
    wide = [render(part[0] * torch.tensor([1 + n / 80, 1, 1])).sum().item() for n in range(9)]
    assert (np.diff(wide) > 0).all()


def test_the_mouth_opens_rounds_and_leaves_no_hole_in_the_skin(decoder: MouthDecoder) -> None:
    render = MouthRenderer(decoder.mouth, 40)
    poses = torch.cat([weights(), weights(jawOpen=0.4), weights(mouthPucker=0.8, jawOpen=0.1)])
    shut, opened, rounded = render(decoder(poses)).numpy()

    def dark(picture: np.ndarray) -> np.ndarray:
        return picture[6:34, 3:37] < 2.5 * DARK

    assert dark(shut).sum() < 5
    assert dark(opened).sum() > 60
    assert (
        5 < np.ptp(np.flatnonzero(dark(rounded).any(0))) < 0.8 * np.ptp(np.flatnonzero(dark(opened).any(0)))
    )
    for picture in (shut, opened, rounded):
        rows = picture[28:, 8:32]  # the chin
        assert (np.minimum(rows[2:], rows[:-2]) - rows[1:-1]).max() < 0.05


def test_lips_are_the_rigs_own_with_what_it_adds_where_channels_meet(decoder: MouthDecoder) -> None:
    rig = default_rig()
    pose = weights(jawOpen=0.3, mouthClose=0.25, mouthFunnel=0.4, mouthPucker=0.3, mouthSmile=0.2)
    row = np.zeros(len(rig.channels), np.float32)
    row[[rig.index[name] for name in CHANNELS]] = pose[0].numpy()
    added = rig.corrections(row)
    whole = rig.mesh.vertices + np.tensordot(row, rig.basis, 1)
    whole = whole + sum(a * c.shape for a, c in zip(added, rig.correctives, strict=True))
    np.testing.assert_allclose(decoder(pose)[0], whole[decoder.mouth.numbers], atol=2e-3)
    lips = whole[decoder.mouth.numbers[decoder.mouth.lips]]
    np.testing.assert_allclose(decoder.lips(pose)[0], lips, atol=2e-3)
    assert set(decoder.mouth.numbers[decoder.mouth.lips].tolist()) == {*rig.lips.upper, *rig.lips.lower}


def test_a_pose_is_found_back_from_its_picture(decoder: MouthDecoder) -> None:
    render = MouthRenderer(decoder.mouth, 40)
    wanted = weights(jawOpen=0.3, mouthPucker=0.4)
    picture = render(decoder(wanted))
    found = torch.zeros(1, len(CHANNELS), requires_grad=True)
    optimizer = torch.optim.Adam([found], 0.03)
    columns = [CHANNELS.index(name) for name in ("jawOpen", "mouthPucker")]
    mask = torch.zeros(len(CHANNELS)).index_fill(0, torch.tensor(columns), 1.0)
    for _ in range(80):
        optimizer.zero_grad()
        (render(decoder(found * mask)) - picture).square().sum().backward()
        optimizer.step()
    assert torch.allclose(found[0, columns], wanted[0, columns], atol=0.03)


def test_displacements_of_a_face_in_metres_look_as_its_channels_do(decoder: MouthDecoder) -> None:
    numbers, face = default_face()
    unit = np.float32(1e-3)
    mouth = face_mouth(RestFace(face.mesh.vertices * unit, face.mesh.face_sizes, face.mesh.face_vertices))
    assert isinstance(mouth.move, Displaced)
    assert mouth.mouth.millimetres == pytest.approx(1000, rel=1e-3)
    moved = default_rig().basis[default_rig().index["jawOpen"]][numbers] * 0.3 * unit
    pictures = [
        MouthRenderer(each.mouth, 40)(each(motion))[0]
        for each, motion in (
            (mouth, torch.from_numpy(moved.reshape(1, -1))),
            (decoder, weights(jawOpen=0.3)),
        )
    ]
    # Teeth, which the face lacks, and what the rig adds halfway make the difference.
    assert (pictures[0] - pictures[1]).abs().mean() < 0.03
    shut = MouthRenderer(mouth.mouth, 40)(mouth.mouth.rest)
    assert (shut - pictures[1]).abs().mean() > 0.06
    components = torch.from_numpy(moved.reshape(1, -1) * 2)
    weighted = mouth.move.weighted(components, torch.zeros(components.shape[1]))
    assert torch.allclose(weighted(torch.tensor([[0.5]])), mouth(components * 0.5), atol=1e-6)
