"""Which mouth a dataset's motion moves, and the expert that watches it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from core.library import default_rig
from core.mesh import Mesh
from core.paths import ASSETS
from core.rig import Rig
from core.templates.topology import default_face, rig_of
from models.toolbox.motion_net import MotionNet
from models.toolbox.motion_space import RestFace
from models.training.datasets.arkit import SPACE as ARKIT
from models.training.lab.material import Material
from models.training.lipreading.guidance import Expert, Guide, GuidedNet
from models.training.lipreading.mouth import Displaced, MouthDecoder, greys_of, mesh_mouth, rig_mouth
from models.training.lipreading.reader import load_reader

DEFAULT_READER = ASSETS / "speech" / "lip_reader.safetensors"


def guided(net: MotionNet, expert: Path, given: Material) -> GuidedNet:
    """Let a lip-reader watch a network learn.

    Parameters
    ----------
    expert : Path
        A lip-reader's file.
    given : Material
        What the network learns from.

    Raises
    ------
    ValueError
        The file is no lip-reader, or what moves has no mouth that can be rendered.
    OSError
        The file cannot be read.
    """
    watching = Expert(load_reader(expert), mouth_of(given))
    mean, scale = (torch.from_numpy(each) for each in (given.standard.mean, given.standard.scale))
    return GuidedNet(net, Guide(watching, mean, scale, given.fps))


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
        raise ValueError(f"{given.space} has no polygons here, without which there is no mouth to read")
    decoder = _face_mouth(given.rest)
    if given.components is None or not isinstance(decoder.move, Displaced):
        return decoder
    axes, centre = (torch.from_numpy(each) for each in (given.components.axes, given.components.centre))
    return MouthDecoder(decoder.mouth, decoder.move.weighted(axes, centre))


def _face_mouth(rest: RestFace) -> MouthDecoder:
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
