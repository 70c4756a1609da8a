"""The held-out line that is shown while a network learns."""

from pathlib import Path

import av
import numpy as np
import torch
from PIL import Image

from core.audio import AudioClip
from core.library import default_rig
from core.neutral import Neutral
from models.toolbox.motion_card import MotionCard
from models.toolbox.motion_model import MotionModel
from models.toolbox.motion_net import MotionNet
from models.training.datasets.arkit import CHANNELS
from models.training.datasets.line import Line
from models.training.lab.examples import Example, Standard
from models.training.lab.preview import Film, Preview, on_the_default_head

FPS, FRAMES = 25.0, 20


class Echo(MotionNet):
    """Says that the motion is the sound."""

    def __init__(self, outputs: int) -> None:
        super().__init__(outputs, outputs)
        self.bias = torch.nn.Parameter(torch.zeros(outputs))

    def predict(self, features: torch.Tensor) -> torch.Tensor:
        return features + self.bias


def spoken(columns: int) -> tuple[Example, Standard]:
    motion = np.zeros((FRAMES, columns), np.float32)
    motion[:, CHANNELS.index("jawOpen")] = 0.5 - 0.5 * np.cos(np.linspace(0, 4 * np.pi, FRAMES))
    mean, scale = (np.full(columns, value, np.float32) for value in (0.1, 0.5))
    standard = Standard(mean, scale, np.ones(columns, bool))
    heard = ((motion - standard.mean) / standard.scale).astype(np.float32)
    return Example("line", "m", heard, motion, np.ones_like(motion, bool)), standard


def test_a_head_moves_as_the_channels_say() -> None:
    example, _ = spoken(len(CHANNELS))
    clip = AudioClip(np.zeros((1, int(FRAMES / FPS * 16_000)), np.float32), 16_000)
    take = on_the_default_head(Neutral(FPS, CHANNELS, example.motion), clip)
    assert len(take) == FRAMES
    rig = default_rig()
    posed = np.concatenate(list(take.blocks()))
    jaw = rig.basis[rig.index["jawOpen"]]
    np.testing.assert_allclose(posed[0], rig.mesh.vertices, atol=1e-4)
    widest = int(example.motion.max(axis=1).argmax())
    moved = np.abs(jaw).sum(axis=1) > 1
    expected = rig.mesh.vertices + example.motion[widest].max() * jaw
    assert np.abs(posed[widest] - rig.mesh.vertices)[moved].max() > 5  # millimetres
    np.testing.assert_allclose(posed[widest][moved], expected[moved], atol=0.5)
    assert take.audio is clip


def test_the_picture_shows_how_wrong_the_network_is(tmp_path: Path) -> None:
    example, standard = spoken(len(CHANNELS))
    picture = tmp_path / "run.preview.png"
    look = Preview(picture, example, standard, CHANNELS, FPS)
    net = Echo(len(CHANNELS))
    look(20, {"validation": 0.5}, net)
    right = blue(pixels(picture))
    net.load_state_dict({"bias": torch.ones(len(CHANNELS))})
    look(40, {"validation": 0.5}, net)
    # Where the network is right, its line lies on the true one.
    assert right < 0.5 * blue(pixels(picture))
    assert [path.name for path in tmp_path.iterdir()] == ["run.preview.png"]


def test_the_film_is_of_the_network_as_it_is(tmp_path: Path) -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, int(FRAMES / FPS * 16_000)).astype(np.float32)
    line = Line("line", "m", sound, 16_000, np.zeros((FRAMES, len(CHANNELS)), np.float32), FPS, "arkit")
    card = MotionCard("n", "recurrent", {"width": 4}, "arkit", CHANNELS, FPS, "none", "nothing", "mel")
    net = card.built(len(CHANNELS))
    weights = {name: torch.zeros_like(value) for name, value in net.state_dict().items()}
    net.load_state_dict(weights)
    level, spread = np.zeros(len(CHANNELS), np.float32), np.ones(len(CHANNELS), np.float32)
    film = Film(tmp_path / "run.preview.mp4", line, lambda net: MotionModel(card, net, level, spread))
    film(20, {}, net)
    shut = first_frame(film.path)
    weights["out.bias"][CHANNELS.index("jawOpen")] = 1.0
    net.load_state_dict(weights)
    film(40, {}, net)
    changed = np.abs(first_frame(film.path) - shut).max(axis=2) > 40
    assert changed[240:].sum() > 1000  # the lower half of the picture
    assert changed[:120].sum() == 0
    with av.open(str(film.path)) as stored:
        assert [stream.type for stream in stored.streams] == ["video", "audio"]
        assert abs(stored.streams.video[0].frames - FRAMES) <= 1


def test_coordinates_without_names_are_drawn_by_how_they_move(tmp_path: Path) -> None:
    example, standard = spoken(len(CHANNELS))
    look = Preview(tmp_path / "run.preview.png", example, standard, (), FPS)
    assert look.drawn()[0] == (CHANNELS.index("jawOpen"), f"coordinate {CHANNELS.index('jawOpen')}")
    assert len(look.drawn()) == 3
    look(20, {"validation": 0.5}, Echo(len(CHANNELS)))
    assert pixels(tmp_path / "run.preview.png").shape[2] == 3


def first_frame(path: Path) -> np.ndarray:
    with av.open(str(path)) as film:
        return next(film.decode(video=0)).to_ndarray(format="rgb24").astype(int)


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"), int)


def blue(picture: np.ndarray) -> int:
    return int((np.abs(picture - (0x23, 0x52, 0x7C)).max(axis=2) < 10).sum())
