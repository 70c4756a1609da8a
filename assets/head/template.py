"""Topology of the left half: a grid from crown to bust with ring patches at eye, mouth, nostril and ear.

Rows run down, columns from the front midline around to the back. A patch replaces a block of cells by rings
that run from the block's edge inwards, so loops go around every opening; only the block's four corners are
irregular. Vertices begin roughly in place; `wrap` brings them onto the sculpted surface.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from assets.head.sdf import Points

Ring = list[int]

# name, rows to the next key, front (y, z), side (x, y, z), back (y, z)
KEYS = (
    ("crown", 5, (117, 6), (15, 117, -10), (116, -28)),
    ("hairline", 4, (80, 78), (68, 84, -10), (84, -76)),
    ("forehead", 4, (52, 92), (75, 56, -10), (56, -94)),
    ("brow", 3, (24, 95), (73, 28, -8), (32, -95)),
    ("eye top", 8, (13, 90), (70, 13, -5), (18, -93)),
    ("eye bottom", 6, (-14, 98), (66, -9, 0), (-6, -84)),
    ("tip", 3, (-34, 117), (63, -27, 1), (-24, -74)),
    ("columella", 4, (-42.5, 110), (61, -34, 1), (-32, -70)),
    ("subnasale", 2, (-47, 100), (59, -43, 2), (-40, -68)),
    ("mouth top", 10, (-53, 101), (57, -48, 3), (-45, -67)),
    ("mouth bottom", 4, (-83, 93), (53, -76, 3), (-74, -67)),
    ("pogonion", 4, (-97, 96), (50, -88, 1), (-86, -68)),
    ("menton", 4, (-110, 82), (48, -98, -3), (-96, -70)),
    ("under", 3, (-113, 60), (47, -108, -8), (-106, -72)),
    ("throat", 4, (-121, 37), (48, -119, -14), (-117, -76)),
    ("neck", 4, (-150, 27), (52, -143, -22), (-138, -80)),
    ("shoulder", 3, (-172, 26), (64, -166, -28), (-162, -84)),
    ("bust", 0, (-188, 31), (88, -186, -30), (-184, -88)),
)
ROW = dict(
    zip([key[0] for key in KEYS], np.cumsum([0, *(key[1] for key in KEYS[:-1])]).tolist(), strict=True)
)
FRONT_COLUMNS, SIDE_COLUMNS, BACK_COLUMNS = 19, 10, 8
FRONT_PITCH = 2.7
COLUMNS = FRONT_COLUMNS + SIDE_COLUMNS + BACK_COLUMNS
EYE_BLOCK = (ROW["eye top"], ROW["eye bottom"], 5, 18)
MOUTH_BLOCK = (ROW["mouth top"], ROW["mouth bottom"], 0, 12)
NOSTRIL_BLOCK = (ROW["columella"], ROW["subnasale"], 1, 4)
EAR_BLOCK = (ROW["eye top"] + 1, ROW["subnasale"], 26, 31)


@dataclass
class HalfMesh:
    """A growing mesh of the half x >= 0.

    Attributes
    ----------
    points : ndarray of shape (n, 3)
    chart : ndarray of shape (n, 2)
        Texture coordinates, 0..1.
    quads : list of tuple of int
        Triangles repeat their last vertex.
    names : list of str
        Part each quad belongs to.
    parts : list of str
        Part each vertex belongs to.
    """

    points: Points = field(default_factory=lambda: np.empty((0, 3)))
    chart: Points = field(default_factory=lambda: np.empty((0, 2)))
    quads: list[tuple[int, int, int, int]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    def add(self, points: Points, chart: Points, part: str = "skin") -> Ring:
        """Append vertices; return their numbers."""
        first = len(self.points)
        self.points = np.concatenate([self.points, points])
        self.chart = np.concatenate([self.chart, chart])
        self.parts += [part] * len(points)
        return list(range(first, len(self.points)))

    def face(self, name: str, *corners: int) -> None:
        """Append a quad, or a triangle, counter-clockwise from outside."""
        self.quads.append((*corners, corners[-1])[:4])  # type: ignore[arg-type]  # three or four corners
        self.names.append(name)

    def band(self, name: str, outer: Ring, inner: Ring, closed: bool) -> None:
        """Join two rings, the outer one clockwise as seen from outside."""
        for k in range(len(outer) if closed else len(outer) - 1):
            e = (k + 1) % len(outer)
            self.face(name, outer[k], inner[k], inner[e], outer[e])

    def close(self, name: str, ring: Ring, middle: int) -> None:
        """Fill a closed ring with triangles around a vertex."""
        for k in range(len(ring)):
            self.face(name, ring[k], middle, ring[(k + 1) % len(ring)])


@dataclass
class Template:
    """The half mesh and where its landmarks are.

    Attributes
    ----------
    grid : ndarray of shape (rows + 1, columns + 1)
        Vertex numbers; -1 inside the blocks that patches replaced.
    eye, mouth, nostril, ear : list of Ring
        Rings of each patch from the block's edge inwards. Eye rings start at the inner canthus and run over
        the upper lid; mouth rings run from the upper midline over the corner to the lower midline.
    """

    mesh: HalfMesh
    grid: NDArray[np.int64]
    eye: list[Ring]
    mouth: list[Ring]
    nostril: list[Ring]
    ear: list[Ring]


def make_template() -> Template:
    """Lay the grid and cut the blocks; the patches' rings begin as their blocks' edges."""
    mesh = HalfMesh()
    rows = ROW["bust"] + 1
    points = _rough_head(rows)
    r, c = np.mgrid[0:rows, 0 : COLUMNS + 1]
    chart = np.stack([0.5 + 0.48 * c / COLUMNS, 0.98 - 0.9 * r / (rows - 1)], -1)
    grid = np.array(mesh.add(points.reshape(-1, 3), chart.reshape(-1, 2))).reshape(rows, COLUMNS + 1)
    blocks = (EYE_BLOCK, MOUTH_BLOCK, NOSTRIL_BLOCK, EAR_BLOCK)
    for i in range(rows - 1):
        for j in range(COLUMNS):
            if not any(a <= i < b and u <= j < v for a, b, u, v in blocks):
                mesh.face("skin", grid[i, j], grid[i + 1, j], grid[i + 1, j + 1], grid[i, j + 1])
    edges = [[_edge(grid, block)] for block in blocks]
    for a, b, u, v in blocks:
        grid[a + 1 : b, u + (u > 0) : v] = -1
    return Template(mesh, grid, *edges)


def _rough_head(rows: int) -> Points:
    """Positions from the key rows: half ellipses through front, side and back points."""
    at = list(ROW.values())
    keys = PchipInterpolator(at, [[*front, *side, *back] for _, _, front, side, back in KEYS])(
        np.arange(rows)
    )
    yf, zf, xs, ys, zs, yb, zb = keys.T[:, :, None]
    angle = _angles()
    s, c = np.sin(angle), np.cos(angle)
    front = c >= 0
    lean = np.abs(c) ** 1.6
    x = xs * s
    y = ys + np.where(front, yf - ys, yb - ys) * lean
    z = zs + np.where(front, zf - zs, zb - zs) * np.abs(c)
    return np.stack([x, y, z], -1)


def _angles() -> NDArray[np.float64]:
    """Angle of each column about the head: even in x in front, then easing to an even back."""
    front = np.arcsin(FRONT_PITCH * np.arange(FRONT_COLUMNS + 1) / 72)
    pitch = front[-1] - front[-2]
    turn, step = 1.65, (np.pi - 1.65) / BACK_COLUMNS
    knots = [0, 1, SIDE_COLUMNS, SIDE_COLUMNS + 1]
    side = PchipInterpolator(knots, [front[-1], front[-1] + 1.05 * pitch, turn, turn + step])
    back = turn + step * np.arange(1, BACK_COLUMNS + 1)
    return np.concatenate([front, side(np.arange(1, SIDE_COLUMNS + 1)), back])


def _edge(grid: NDArray[np.int64], block: tuple[int, int, int, int]) -> Ring:
    """Vertices around a block, clockwise from outside, from the middle of its front side.

    A block at the midline gives the open path from its upper to its lower midline vertex.
    """
    a, b, u, v = block
    top, bottom = grid[a, u : v + 1].tolist(), grid[b, u : v + 1].tolist()
    back = grid[a + 1 : b, v].tolist()
    if u == 0:
        return [*top, *back, *bottom[::-1]]
    front = grid[a + 1 : b, u].tolist()
    half = len(front) // 2
    return [*front[half::-1], *top, *back, *bottom[::-1], *front[:half:-1]]
