"""Tiny networks of the toolbox in files, for tests that open models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from models.toolbox.motion_card import MotionCard
from models.toolbox.motion_file import save_motion_model
from models.toolbox.motion_model import MotionModel
from models.toolbox.motion_space import RestFace
from models.training.datasets.arkit import CHANNELS

ARKIT = MotionCard("mine", "recurrent", {"width": 8}, "arkit", CHANNELS, 30.0, "own", "none", "mel")


def open_jaw(path: Path, jaw: float, speakers: tuple[str, ...] = ()) -> Path:
    """Write a network whose jaw stands open as far as said, whatever it hears."""
    torch.manual_seed(0)
    card = replace(ARKIT, name=path.stem, speakers=speakers)
    mean = np.zeros(len(CHANNELS), np.float32)
    mean[CHANNELS.index("jawOpen")] = jaw
    model = MotionModel(card, card.built(len(mean)).eval(), mean, np.full(len(mean), 1e-6, np.float32))
    save_motion_model(path, model)
    return path


def no_face(path: Path) -> Path:
    """Write a network that moves a tetrahedron."""
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    faces = np.array([0, 1, 2, 0, 1, 3, 0, 2, 3, 1, 2, 3], np.int32)
    rest = RestFace(corners, np.full(4, 3, np.int32), faces)
    card = replace(ARKIT, name=path.stem, motion_space="vertices:own", columns=())
    zeros = np.zeros(corners.size, np.float32)
    save_motion_model(path, MotionModel(card, card.built(corners.size).eval(), zeros, zeros + 1, rest=rest))
    return path
