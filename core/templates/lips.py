"""Where the lips of a rigged head meet."""

from __future__ import annotations

import numpy as np

from core.mesh import Floats, Mesh
from core.rig import Lips
from core.templates.axes import HeadAxes
from core.templates.slit import find_slit


def find_lips(mesh: Mesh, jaw_open: Floats, axes: HeadAxes, width: float) -> Lips | None:
    """Find the inner rims of the lips from the head at rest and with its jaw open.

    Parameters
    ----------
    mesh : Mesh
    jaw_open : ndarray of shape (V, 3)
        Displacement of the jawOpen shape.
    axes : HeadAxes
    width : float
        Rough width of the mouth in the mesh's units.

    Returns
    -------
    Lips or None
        None where nothing parts, as in a head without a mouth slit.
    """
    rest = axes.place(mesh.vertices)
    slit = find_slit(mesh, rest, axes.place(mesh.vertices + jaw_open), width)
    if slit is None:
        return None
    across = (rest[slit.upper, 0] + rest[slit.lower, 0]) / 2
    middle = (across.min() + across.max()) / 2
    return Lips(slit.upper, slit.lower, int(np.abs(across - middle).argmin()))
