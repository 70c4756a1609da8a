"""The surface of a head as VTK draws it: one actor for each picture it wears, one for the rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkTexture

from core.mesh import Floats, Indices, Mesh, Pixels
from editor.render.lighting import SOFT_LIGHT
from editor.render.subject import Colours
from editor.render.vtk_arrays import cells, floats_of, to_vtk

LIGHT = "//VTK::Light::Impl"
# Many heads have no mouth bag: between the lips one looks at the nape from within, which must read as a dark
# mouth and not as skin.
INSIDE = "\n  if (!gl_FrontFacing) { fragOutput0.rgb *= vec3(0.20, 0.09, 0.08); }\n"
CLAY_COLOUR = (0.72, 0.69, 0.66)


class Surface:
    """Triangles that share a picture or have none.

    Parameters
    ----------
    rows : ndarray of shape (N,)
        Vertex of the mesh at each point drawn; a vertex on a seam of the UVs is drawn as several points.
    triangles : ndarray of shape (T, 3)
        Point numbers.
    """

    def __init__(self, rows: NDArray[np.integer], triangles: NDArray[np.integer]) -> None:
        self._rows = rows
        # VTK draws from this very memory: writing to the arrays is the whole update.
        blank = np.zeros((len(rows), 3), np.float32)
        self._points, self._normals = vtkPoints(), to_vtk(blank)
        self._points.SetData(to_vtk(blank))
        self._data = vtkPolyData()
        self._data.SetPoints(self._points)
        self._data.SetPolys(cells(triangles.astype(np.int32)))
        self._data.GetPointData().SetNormals(self._normals)
        self._texture: vtkTexture | None = None
        self.actor = _actor(self._data)

    def wear(self, uvs: Floats, pixels: Pixels) -> None:
        """Wear a picture, placed by texture coordinates (N, 2)."""
        self._data.GetPointData().SetTCoords(to_vtk(np.nan_to_num(uvs)))
        self._texture = _texture(pixels)

    def colour(self, colours: Colours) -> None:
        """Colour the surface, where it wears no picture, by colours of the mesh's vertices (V, 3)."""
        self._data.GetPointData().SetScalars(to_vtk(colours[self._rows]))

    def show_colours(self, shown: bool) -> None:
        """Draw the picture or the colours, or clay."""
        pictured = shown and self._texture is not None
        texture = self._texture if pictured else None
        self.actor.SetTexture(texture)  # type: ignore[arg-type]  # its stub forgets that None takes it off
        self.actor.GetProperty().SetColor(*((1.0, 1.0, 1.0) if pictured else CLAY_COLOUR))
        self.actor.GetMapper().SetScalarVisibility(shown and not pictured)

    def update(self, vertices: Floats, normals: Floats) -> None:
        """Move; positions and normals of the mesh's vertices, (V, 3) each."""
        for values, shared in ((vertices, self._points.GetData()), (normals, self._normals)):
            np.take(values, self._rows, axis=0, out=floats_of(shared), mode="clip")
            shared.Modified()
        self._points.Modified()


def surfaces_of(mesh: Mesh, corners: Indices) -> list[Surface]:
    """Divide the triangles of a mesh, corner numbers (T, 3), by the pictures they wear."""
    worn = _pictures(mesh)[_face_of_corner(mesh)[corners[:, 0]]]
    surfaces = []
    for number in np.unique(worn):
        part = corners[worn == number]
        pixels = mesh.textures[number].pixels if number >= 0 else None
        if pixels is None or mesh.uvs is None or mesh.face_uvs is None:
            rows, triangles = np.unique(mesh.face_vertices[part], return_inverse=True)
            surfaces.append(Surface(rows, triangles.reshape(-1, 3)))
            continue
        pairs = np.stack([mesh.face_vertices[part].ravel(), mesh.face_uvs[part].ravel()], axis=1)
        points, triangles = np.unique(pairs, axis=0, return_inverse=True)
        surfaces.append(Surface(points[:, 0], triangles.reshape(-1, 3)))
        surfaces[-1].wear(mesh.uvs[points[:, 1]], pixels)
    return surfaces


def _pictures(mesh: Mesh) -> NDArray[np.int64]:
    """Find the texture that each polygon wears, shape (P,); -1 for none that can be drawn."""
    worn = np.full(len(mesh.face_sizes), -1)
    for number, texture in enumerate(mesh.textures):
        if texture.pixels is not None:
            worn[texture.faces] = number
    return worn


def _face_of_corner(mesh: Mesh) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(mesh.face_sizes)), mesh.face_sizes)


def _texture(pixels: Pixels) -> vtkTexture:
    height, width = pixels.shape[:2]
    image = vtkImageData()
    image.SetDimensions(width, height, 1)
    image.GetPointData().SetScalars(to_vtk(pixels[::-1].reshape(-1, 3)))
    texture = vtkTexture()
    texture.SetInputData(image)
    texture.InterpolateOn()
    texture.MipmapOn()
    return texture


def _actor(data: vtkPolyData) -> vtkActor:
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    mapper.SetColorModeToDirectScalars()
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetShaderProperty().AddFragmentShaderReplacement(LIGHT, True, LIGHT + SOFT_LIGHT + INSIDE, False)
    look = actor.GetProperty()
    look.SetInterpolationToPhong()
    look.SetAmbient(0.06)
    look.SetSpecular(0.10)
    look.SetDiffuse(1.0)
    # Wide and faint: a tight highlight would make plastic of skin.
    look.SetSpecularPower(9.0)
    look.SetSpecularColor(1.0, 0.93, 0.88)
    return actor
