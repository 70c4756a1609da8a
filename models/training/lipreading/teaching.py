"""Which mouth a dataset's motion moves, and the expert that watches it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from core.library import default_rig
from core.mesh import Mesh
from core.paths import ASSETS
from core.rig import Rig
from core.templates.topology import default_face, rig_of
from models.toolbox.listening import CONFIG
from models.toolbox.motion_net import MotionNet
from models.toolbox.motion_space import RestFace
from models.training.datasets.arkit import SPACE as ARKIT
from models.training.lab.material import Material
from models.training.lipreading.auto_avsr import load_auto_avsr
from models.training.lipreading.films import EAR
from models.training.lipreading.guidance import Expert, GuidanceConfig, Guide, GuidedNet, at
from models.training.lipreading.mouth import greys_of
from models.training.lipreading.mouth_decoder import Displaced, MouthDecoder, mesh_mouth, rig_mouth
from models.training.lipreading.reader import FPS, LipReader, load_reader

DEFAULT_READER = ASSETS / "lip_reader.safetensors"


def guided(net: MotionNet, expert: Path, given: Material, ear: str, config: GuidanceConfig) -> GuidedNet:
    """Let a lip-reader watch a network learn.

    Parameters
    ----------
    expert : Path
        A lip-reader's file: of this program, .safetensors, or else a video checkpoint of Auto-AVSR.
    given : Material
        What the network learns from.
    ear : str
        What it hears; of ``mel`` the lip-reader hears it as well.
    config : GuidanceConfig

    Raises
    ------
    ValueError
        The file is no lip-reader, or what moves has no mouth that can be rendered.
    """
    if not expert.is_file():
        raise ValueError(f"{expert}: there is no such lip-reader")
    reader = load_reader(expert) if expert.suffix == ".safetensors" else load_auto_avsr(expert)
    watching = Expert(reader, mouth_of(given))
    mean, scale = (torch.from_numpy(each) for each in (given.standard.mean, given.standard.scale))
    hear = partial(heard, given.fps) if ear == EAR and isinstance(reader, LipReader) else None
    return GuidedNet(net, Guide(watching, mean, scale, given.fps, config, hear))


def heard(fps: float, features: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
    """Make what a lip-reader hears of what a network does.

    Parameters
    ----------
    fps : float
        Of the motion.
    features : tensor of shape (B, F, I)
        Of the ear ``mel``: the sound at each frame, and half a frame later.
    times : tensor of shape (G,)
        In frames of the motion, at the reader's rate.
    """
    mel = features[..., : 2 * CONFIG.bands].reshape(len(features), -1, CONFIG.bands)
    return torch.cat([at(mel, 2 * times), at(mel, 2 * times + fps / FPS)], dim=2)


def mouth_of(given: Material) -> MouthDecoder:
    """Decode what a network predicts, undone of its standard, to the vertices of a mouth.

    Raises
    ------
    ValueError
        It moves something without polygons, or whose lips are not known.
    """
    if given.space == ARKIT:
        return rig_mouth(default_rig(), given.columns)
    if given.rest is None or not len(given.rest.face_sizes):
        raise ValueError(
            "guidance draws the mouth, and no mesh with its polygons (template.obj) lies beside the data"
        )
    decoder = face_mouth(given.rest)
    if given.components is None or not isinstance(decoder.move, Displaced):
        return decoder
    axes, centre = (torch.from_numpy(each) for each in (given.components.axes, given.components.centre))
    return MouthDecoder(decoder.mouth, decoder.move.weighted(axes, centre))


def face_mouth(rest: RestFace) -> MouthDecoder:
    """Decode displacements of a face with polygons.

    Raises
    ------
    ValueError
        Its lips are not known.
    core.errors.InputError
        It is no face that is known.
    """
    mesh = Mesh(rest.vertices, rest.face_sizes, rest.face_vertices)
    rig = rig_of(mesh)
    rims, greys = _lips(rig)
    # The rig knows how large the same lips are in millimetres, whatever the unit of the data.
    wide, known = (float(np.ptp(each[rims, 0])) for each in (mesh.vertices, rig.mesh.vertices))
    return mesh_mouth(mesh, rims, known / rig.millimetre / wide, greys)


def _lips(rig: Rig) -> tuple[NDArray[np.integer], NDArray[np.float32]]:
    """Rims of the lips, and greys of all vertices."""
    numbers, face = default_face()
    if rig is face:
        rims, greys = _lips(default_rig())
        return np.searchsorted(numbers, rims[np.isin(rims, numbers)]), greys[numbers]
    if rig.lips is None:
        raise ValueError(f"{rig.mesh.name}: its lips are not known")
    return np.concatenate([rig.lips.upper, rig.lips.lower]), greys_of(rig)
