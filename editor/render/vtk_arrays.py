"""Arrays that numpy and VTK share (VTK's own bridge carries no types)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util import numpy_support
from vtkmodules.vtkCommonCore import vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkCellArray

from core.mesh import Floats


def to_vtk(values: NDArray[np.generic]) -> vtkDataArray:
    """Copy an array of shape (N,) or (N, K) into one that VTK owns."""
    contiguous = np.ascontiguousarray(values)
    data: vtkDataArray = numpy_support.numpy_to_vtk(contiguous, deep=True)  # type: ignore[no-untyped-call]
    return data


def floats_of(data: vtkDataArray) -> Floats:
    """View the memory of a VTK float array; writing to it changes what VTK draws."""
    view: Floats = numpy_support.vtk_to_numpy(data)  # type: ignore[no-untyped-call]
    return view


def bytes_of(data: vtkDataArray) -> NDArray[np.uint8]:
    """View the memory of a VTK unsigned char array."""
    view: NDArray[np.uint8] = numpy_support.vtk_to_numpy(data)  # type: ignore[no-untyped-call]
    return view


def cells(corners: NDArray[np.int32]) -> vtkCellArray:
    """Make cells of equal size from vertex numbers (N, K)."""
    return polygons(np.full(len(corners), corners.shape[1]), corners.ravel())


def polygons(sizes: NDArray[np.integer], corners: NDArray[np.integer]) -> vtkCellArray:
    """Make cells of sizes (P,) from the vertex numbers of all their corners."""
    made = vtkCellArray()
    made.SetData(_indices(np.concatenate([[0], np.cumsum(sizes)])), _indices(corners))
    return made


def _indices(values: NDArray[np.generic]) -> vtkDataArray:
    indices: vtkDataArray = numpy_support.numpy_to_vtkIdTypeArray(  # type: ignore[no-untyped-call]
        values.astype(np.int64), deep=True
    )
    return indices
