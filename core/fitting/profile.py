"""Landmarks of a head that has a rig already, read off its shapes and its midline profile."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.fitting.graph import SkinGraph
from core.fitting.landmarks import Landmarks
from core.fitting.sides import find_sides, with_corners
from core.mesh import Indices, Mesh
from core.rig import Rig
from core.templates.axes import HeadAxes, axes_from_shapes
from core.templates.slit import Slit, find_slit

Doubles = NDArray[np.float64]

LID_WIDTH = 30.0
"""Rough width of an eye's opening in millimetres."""


def find_landmarks(rig: Rig) -> Landmarks:
    """Find the landmarks of a rigged head that has lips.

    Parameters
    ----------
    rig : Rig
        With lips, and with jawOpen among its channels.
    """
    if rig.lips is None:
        raise ValueError("a head without lips has no landmarks")
    shapes = {name: rig.basis[row] for name, row in rig.index.items()}
    axes = axes_from_shapes(rig.mesh.vertices, shapes)
    place = axes.place(rig.mesh.vertices)
    skin = skin_of(rig.mesh, int(rig.lips.upper[rig.lips.midline]))
    graph = SkinGraph(skin.vertices.astype(np.float64) / rig.millimetre, skin.triangles)
    curves = _rims(graph, "upper_lip", "lower_lip", Slit(rig.lips.upper, rig.lips.lower))
    for eye in ("right", "left"):
        curves |= _rims(graph, f"{eye}_upper_lid", f"{eye}_lower_lid", _eye_slit(skin, rig, axes, eye))
    curves |= _vermilion(rig.mesh, place, curves["upper_lip"])
    on_skin = _before_rims(skin, graph, curves)
    lips = place[rig.lips.upper[rig.lips.midline]]
    points = profile_points(place, on_skin, lips, _eye_height(place, curves, lips), rig.millimetre)
    return Landmarks(points, curves, _eyeballs(rig.mesh))


def _eyeballs(mesh: Mesh) -> dict[str, int]:
    """One vertex of each eyeball, where the mesh has groups of those names."""
    first = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    faces = {group.name: int(group.faces[0]) for group in mesh.groups if len(group.faces)}
    return {
        side: int(mesh.face_vertices[first[faces[name]]])
        for side, name in (("left", "eyeLeft"), ("right", "eyeRight"))
        if name in faces
    }


def _before_rims(skin: Mesh, graph: SkinGraph, curves: dict[str, Indices]) -> NDArray[np.bool_]:
    """Vertices of the skin without the mouth's bag and the eyes' sockets."""
    on_skin = np.zeros(len(skin.vertices), bool)
    on_skin[skin.face_vertices] = True
    return on_skin & ~find_sides(graph, Landmarks({}, curves, {})).behind


def skin_of(mesh: Mesh, vertex: int) -> Mesh:
    """Return the mesh with only those polygons that hang together with one vertex."""
    part = SkinGraph(mesh.vertices.astype(np.float64), mesh.triangles).parts()
    corner_kept = (part == part[vertex])[mesh.face_vertices]
    first = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    return Mesh(mesh.vertices, mesh.face_sizes[corner_kept[first]], mesh.face_vertices[corner_kept])


def _eye_slit(skin: Mesh, rig: Rig, axes: HeadAxes, eye: str) -> Slit | None:
    """Find the opening of one eye: a blink is an eye shut, rest is the same eye open."""
    blink = rig.basis[rig.index[f"eyeBlink{eye.capitalize()}"]]
    rest = axes.place(rig.mesh.vertices)
    return find_slit(skin, axes.place(rig.mesh.vertices + blink), rest, LID_WIDTH * rig.millimetre)


def _rims(graph: SkinGraph, upper: str, lower: str, slit: Slit | None) -> dict[str, Indices]:
    if slit is None:
        return {}
    return dict(zip((upper, lower), with_corners(graph, slit.upper, slit.lower), strict=True))


def _vermilion(mesh: Mesh, place: Doubles, rim: Indices) -> dict[str, Indices]:
    """Outer border of the red of the lips, where the mesh has a group of that name."""
    faces = {group.name: group.faces for group in mesh.groups}
    if "lips" not in faces or "skin" not in faces:
        return {}
    border = np.intersect1d(_corners(mesh, faces["lips"]), _corners(mesh, faces["skin"]))
    height = place[rim, 1].mean()
    curves = {}
    for name, chosen in (("upper", place[border, 1] > height), ("lower", place[border, 1] < height)):
        chain = border[chosen]
        curves[f"{name}_vermilion"] = chain[np.argsort(place[chain, 0])].astype(np.int32)
    return curves


def _corners(mesh: Mesh, faces: Indices) -> Indices:
    inside = np.zeros(len(mesh.face_sizes), bool)
    inside[faces] = True
    return np.asarray(mesh.face_vertices[np.repeat(inside, mesh.face_sizes)])


def _eye_height(place: Doubles, curves: dict[str, Indices], lips: Doubles) -> float:
    lids = [chain for name, chain in curves.items() if name.endswith("lid")]
    return float(place[np.concatenate(lids), 1].mean()) if lids else float(lips[1] + 65)


def profile_points(
    place: Doubles, on_skin: NDArray[np.bool_], lips: Doubles, eyes: float, millimetre: float
) -> dict[str, int]:
    """Find landmarks on the midline profile, and the sides of nose and head.

    Parameters
    ----------
    place : ndarray of shape (V, 3)
        Positions as (left, up, front).
    on_skin : ndarray of shape (V,), bool
    lips : ndarray of shape (3,)
        Where the lips meet on the midline.
    eyes : float
        Height of the eyes.
    millimetre : float

    Notes
    -----
    Sellion and mentolabial sulcus are the deepest points of the profile, the tips its foremost; subnasale and
    gnathion are found as the extremes along a slope, as an anthropometrist finds them with a caliper
    (Farkas 1994, "Anthropometry of the Head and Face").
    """
    x, y, z = (place - np.array([lips[0], 0, 0])).T / millimetre
    mouth, brow = lips[1] / millimetre, eyes / millimetre
    middle = on_skin & (np.abs(x) < 1.5) & (z > lips[2] / millimetre - 30)

    def furthest(among: NDArray[np.bool_], height: Doubles) -> int:
        return int(np.flatnonzero(among)[height[among].argmax()])

    tip = furthest(middle & (y > mouth + 12) & (y < brow - 8), z)
    upper_lip = furthest(middle & (y > mouth) & (y < mouth + 10), z)
    chin = furthest(middle & (y < mouth - 18) & (y > mouth - 50), z)
    lower_lip = furthest(middle & (y < mouth) & (y > mouth - 12), z)
    between = (y < y[tip]) & (y > y[upper_lip])
    under_lip = middle & (y < y[lower_lip]) & (y > y[chin])
    nose = on_skin & (y < y[tip] + 8) & (y > y[tip] - 14) & (z > z[upper_lip] - 12) & (np.abs(x) < 25)
    ears = on_skin & (y < brow + 20) & (y > mouth - 5)
    return {
        "glabella": furthest(middle & (y > brow + 14) & (y < brow + 40), z),
        "sellion": furthest(middle & (y > brow - 10) & (y < brow + 16), -z),
        "nose_tip": tip,
        "subnasale": furthest(middle & between, _behind_chord(y, z, tip, upper_lip)),
        "sulcus": furthest(under_lip, _behind_chord(y, z, lower_lip, chin)),
        "pogonion": chin,
        "gnathion": furthest(middle & (y < mouth - 25), z - y),
        "right_ala": furthest(nose, -x),
        "left_ala": furthest(nose, x),
        "right_ear": furthest(ears, -x),
        "left_ear": furthest(ears, x),
    }


def _behind_chord(y: Doubles, z: Doubles, above: int, below: int) -> Doubles:
    """How far each point of the profile lies behind the straight line through two others."""
    slope = (z[above] - z[below]) / (y[above] - y[below])
    return np.asarray((z[below] + slope * (y - y[below]) - z) / np.hypot(1.0, slope))
