"""MediaPipe's Face Landmarker with a model file of the user's."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from models.training.datasets.mediapipe import POINTS

Doubles = NDArray[np.float64]
Picture = NDArray[np.uint8]


class MediaPipeFinder:
    """Finds the landmarks of one face in each picture by itself, so that nothing lags behind.

    Parameters
    ----------
    model : Path
        A bundle of Face Landmarker, usually called ``face_landmarker.task``.

    Raises
    ------
    InputError
        If MediaPipe is not installed, or the file is no such model.
    """

    def __init__(self, model: Path) -> None:
        try:
            import mediapipe
            from mediapipe.tasks.python import BaseOptions, vision
        except ImportError as error:
            reason = "needs MediaPipe (pip install $(python .ci/requirements.py landmarks))"
            raise InputError("landmark extraction", reason) from error
        if not model.is_file():
            raise InputError(model, "no such file")
        options = vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(model)), num_faces=1
        )
        try:
            self._landmarker: Any = vision.FaceLandmarker.create_from_options(options)
        except (RuntimeError, ValueError, OSError) as error:
            raise InputError(model, "is no model of MediaPipe's Face Landmarker") from error
        self._image: Any = mediapipe

    def __call__(self, picture: Picture) -> Doubles | None:
        """Find the landmarks of a picture (H, W, 3), top row first.

        Returns
        -------
        ndarray of shape (468, 3) or None
            x to the right, y down, z away from the camera, in pixels; None where there is no face.
        """
        image = self._image.Image(self._image.ImageFormat.SRGB, np.ascontiguousarray(picture))
        faces = self._landmarker.detect(image).face_landmarks
        if not faces:
            return None
        height, width = picture.shape[:2]  # depth is in the unit of x
        found = np.array([(point.x, point.y, point.z) for point in faces[0][:POINTS]])
        return np.asarray(found * [width, height, width])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._landmarker.close()
