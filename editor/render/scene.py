"""The face as it is drawn, in the editor's viewport and in pictures alike. Knows VTK, not Qt."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer

from core.mesh import Floats, Mesh
from editor.render.framing import VIEW_ANGLE, frame_face
from editor.render.lighting import light_face, paint_background
from editor.render.normals import SmoothNormals, inside_out
from editor.render.parts import clear_vertices, part_colours
from editor.render.subject import Colours, Subject
from editor.render.surface import surfaces_of
from editor.render.vtk_arrays import floats_of, polygons, to_vtk


class Shading(StrEnum):
    """How the face is drawn."""

    COLOURS = "colours"
    CLAY = "clay"
    WIREFRAME = "wireframe"


WIRE_SURFACE, WIRE_EDGE = (0.20, 0.21, 0.23), (0.62, 0.70, 0.76)


class FaceScene:
    """Actor, lights, background and camera of one face in one renderer.

    Parameters
    ----------
    renderer : vtkRenderer
        Of any window; a pyvista plotter's is ``plotter.renderer``. Make the window with
        ``multi_samples=1``: without a GPU each further sample costs as much as the face.
    subject : Rig or Take
    shading : Shading, optional

    Notes
    -----
    Nothing here renders: after a change the owner renders when it suits it.
    """

    def __init__(self, renderer: vtkRenderer, subject: Subject, shading: Shading = Shading.COLOURS) -> None:
        self._renderer = renderer
        self._subject = subject
        mesh = subject.mesh
        shown = ~clear_vertices(mesh)
        corners = mesh.triangle_corners[shown[mesh.triangles].all(axis=1)]
        turned = inside_out(mesh.vertices, mesh.face_vertices[corners])
        corners = np.where(turned[:, None], corners[:, ::-1], corners)
        self._normals_of = SmoothNormals(mesh.face_vertices[corners], len(mesh.vertices))
        self._surfaces = surfaces_of(mesh, corners)
        colours = part_colours(mesh) if subject.colours is None else subject.colours
        self.colour(colours)
        self._wire_points = vtkPoints()
        self._wire = self._make_wire(mesh, shown)
        for actor in self._actors():
            renderer.AddActor(actor)
        light_face(renderer)
        paint_background(renderer)
        self.update(mesh.vertices)
        self.shading = shading
        self.frame_camera()

    @property
    def shading(self) -> Shading:
        """How the face is drawn; may be set."""
        return self._shading

    @shading.setter
    def shading(self, shading: Shading) -> None:
        self._shading = shading
        wired = shading is Shading.WIREFRAME
        self._wire.SetVisibility(wired)
        for surface in self._surfaces:
            surface.actor.SetVisibility(not wired)
            surface.show_colours(shading is Shading.COLOURS)

    def update(self, vertices: Floats) -> None:
        """Move the face, in place.

        Parameters
        ----------
        vertices : ndarray of shape (V, 3), float32
        """
        vertices = np.ascontiguousarray(vertices, np.float32)
        normals = self._normals_of(vertices)
        for surface in self._surfaces:
            surface.update(vertices, normals)
        floats_of(self._wire_points.GetData())[:] = vertices
        self._wire_points.Modified()

    def colour(self, colours: Colours) -> None:
        """Colour the vertices (V, 3) anew, where they wear no picture."""
        for surface in self._surfaces:
            surface.colour(colours)

    def frame_camera(self, closer: float = 1.0) -> None:
        """Show the face from the front, filling seven tenths of the picture's height.

        Parameters
        ----------
        closer : float
            How much larger than that.
        """
        view = frame_face(self._subject)
        view = replace(view, height=view.height / closer)
        camera = self._renderer.GetActiveCamera()
        camera.SetFocalPoint(*view.focus)
        camera.SetPosition(*view.position)
        camera.SetViewUp(*view.up)
        camera.SetViewAngle(VIEW_ANGLE)
        self._renderer.ResetCameraClippingRange()

    @property
    def size(self) -> float:
        """Size of the mesh at rest, in its units."""
        return self._subject.mesh.size

    def has_polygons_of(self, mesh: Mesh) -> bool:
        """Tell whether a mesh has the same vertices and polygons in the same order, be they elsewhere."""
        own = self._subject.mesh
        return len(own.vertices) == len(mesh.vertices) and np.array_equal(
            own.face_vertices, mesh.face_vertices
        )

    def remove(self) -> None:
        """Take the face out of the renderer, for another one to move in."""
        for actor in self._actors():
            self._renderer.RemoveActor(actor)

    def _actors(self) -> list[vtkActor]:
        return [*(surface.actor for surface in self._surfaces), self._wire]

    def _make_wire(self, mesh: Mesh, shown: NDArray[np.bool_]) -> vtkActor:
        self._wire_points.SetData(to_vtk(mesh.vertices))
        kept = shown[mesh.face_vertices[np.cumsum(mesh.face_sizes) - 1]]
        drawn = vtkPolyData()
        drawn.SetPoints(self._wire_points)
        drawn.SetPolys(polygons(mesh.face_sizes[kept], mesh.face_vertices[np.repeat(kept, mesh.face_sizes)]))
        return _wire_actor(drawn)


def _wire_actor(polygons: vtkPolyData) -> vtkActor:
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(polygons)
    mapper.ScalarVisibilityOff()
    actor = vtkActor()
    actor.SetMapper(mapper)
    look = actor.GetProperty()
    look.SetColor(*WIRE_SURFACE)
    # Drawn by the surface's own shader: lines of their own would fight it for depth.
    look.EdgeVisibilityOn()
    look.SetEdgeColor(*WIRE_EDGE)
    look.SetEdgeOpacity(0.6)
    look.SetLineWidth(1.0)
    return actor
