"""The face as it is drawn, in the editor's viewport and in pictures alike. Knows VTK, not Qt."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import numpy as np
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer

from core.mesh import Floats, Mesh
from editor.render.framing import VIEW_ANGLE, frame_face
from editor.render.lighting import light_face, paint_background
from editor.render.normals import SmoothNormals, facing_out
from editor.render.parts import clear_vertices, part_colours
from editor.render.subject import Colours, Subject
from editor.render.vtk_arrays import cells, floats_of, polygons, to_vtk

LIGHT = "//VTK::Light::Impl"
# Many heads have no mouth bag: between the lips one looks at the nape from within, which must read as a dark
# mouth and not as skin.
INSIDE = "\n  if (!gl_FrontFacing) { fragOutput0.rgb *= vec3(0.20, 0.09, 0.08); }\n"


class Shading(StrEnum):
    """How the face is drawn."""

    COLOURS = "colours"
    CLAY = "clay"
    WIREFRAME = "wireframe"


CLAY_COLOUR = (0.72, 0.69, 0.66)
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
        triangles = facing_out(mesh.vertices, mesh.triangles[shown[mesh.triangles].all(axis=1)])
        self._normals_of = SmoothNormals(triangles, len(mesh.vertices))
        self._surface, self._polygons = vtkPolyData(), vtkPolyData()
        self._make_points(mesh)
        self._surface.SetPolys(cells(triangles))
        kept = shown[mesh.face_vertices[np.cumsum(mesh.face_sizes) - 1]]
        corners = mesh.face_vertices[np.repeat(kept, mesh.face_sizes)]
        self._polygons.SetPolys(polygons(mesh.face_sizes[kept], corners))
        self._colour(part_colours(mesh) if subject.colours is None else subject.colours)
        self._face, self._wire = _face_actor(self._surface), _wire_actor(self._polygons)
        for actor in (self._face, self._wire):
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
        self._face.SetVisibility(not wired)
        self._wire.SetVisibility(wired)
        self._face.GetMapper().SetScalarVisibility(shading is Shading.COLOURS)

    def update(self, vertices: Floats) -> None:
        """Move the face, in place.

        Parameters
        ----------
        vertices : ndarray of shape (V, 3), float32
        """
        self._vertices[:] = vertices
        self._normals[:] = self._normals_of(self._vertices)
        self._points.Modified()
        self._surface.GetPointData().GetNormals().Modified()

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

    def remove(self) -> None:
        """Take the face out of the renderer, for another one to move in."""
        for actor in (self._face, self._wire):
            self._renderer.RemoveActor(actor)

    def _make_points(self, mesh: Mesh) -> None:
        # VTK draws from this very memory: writing to the arrays is the whole update.
        self._points, normals = vtkPoints(), to_vtk(np.zeros_like(mesh.vertices))
        self._points.SetData(to_vtk(mesh.vertices))
        self._vertices, self._normals = floats_of(self._points.GetData()), floats_of(normals)
        self._surface.SetPoints(self._points)
        self._polygons.SetPoints(self._points)
        self._surface.GetPointData().SetNormals(normals)

    def _colour(self, colours: Colours) -> None:
        self._surface.GetPointData().SetScalars(to_vtk(colours))


def _face_actor(surface: vtkPolyData) -> vtkActor:
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(surface)
    mapper.SetColorModeToDirectScalars()
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetShaderProperty().AddFragmentShaderReplacement(LIGHT, True, LIGHT + INSIDE, False)
    look = actor.GetProperty()
    look.SetInterpolationToPhong()
    look.SetColor(*CLAY_COLOUR)
    look.SetAmbient(0.06)
    look.SetSpecular(0.10)
    look.SetDiffuse(1.0)
    # Wide and faint: a tight highlight would make plastic of skin.
    look.SetSpecularPower(9.0)
    look.SetSpecularColor(1.0, 0.93, 0.88)
    return actor


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
