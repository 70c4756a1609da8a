"""The waveform: loudness within the envelope of peaks, one column for each pixel of the screen."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.peaks import Peaks
from editor.views.timeline import palette
from editor.views.timeline.recording_strip import RecordingStrip
from editor.views.timeline.state import TimelineState
from editor.views.timeline.tools.scrub import Scrubbing

_PADDING = 4
_SHADES = 15


class Waveform(RecordingStrip):
    """The recording; click or drag scrubs."""

    def __init__(self, state: TimelineState, scrubbing: Scrubbing, parent: QWidget) -> None:
        super().__init__(state, scrubbing, parent)
        self._peaks: Peaks | None = None
        self.setObjectName("timeline_waveform")
        self.setFixedHeight(palette.WAVE_HEIGHT)
        self.setToolTip("The recording: click or drag to scrub, wheel zooms, middle button pans")

    def set_peaks(self, peaks: Peaks | None) -> None:
        """Show another recording, None for none."""
        self._peaks = peaks
        self.invalidate()

    @override
    def paint_recording(self, painter: QPainter) -> None:
        if self._peaks is None:
            painter.setFont(palette.text_font())
            painter.setPen(palette.TEXT_DIM)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Drop a voice recording here")
        else:
            painter.drawImage(self.rect(), self._image(self._peaks))

    def _image(self, peaks: Peaks) -> QImage:
        """Draw one column for each pixel of the screen: sharp at any pixel ratio, and in milliseconds."""
        ratio, axis = self.devicePixelRatioF(), self.state.axis
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        extremes = peaks.columns(axis.start, axis.end, width)
        loud = peaks.loudness(axis.start, axis.end, width)
        middle, half = height / 2, height / 2 - _PADDING * ratio
        rows = np.arange(height, dtype=np.float32)[:, None]
        outer = _coverage(rows, middle - extremes[:, 1] * half, middle - extremes[:, 0] * half)
        # The loudness is drawn within the envelope: of a one-sided wave it is higher than one of the peaks.
        top, bottom = np.minimum(loud, extremes[:, 1]), np.maximum(-loud, extremes[:, 0])
        inner = _coverage(rows, middle - top * half, middle - bottom * half)
        shade = (outer * _SHADES + 0.5).astype(np.uint8) * (_SHADES + 1) + (inner * _SHADES + 0.5).astype(
            np.uint8
        )
        pixels = _shades()[shade]
        return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


Pixels = NDArray[np.floating]


def _coverage(rows: Pixels, top: Pixels, bottom: Pixels) -> Pixels:
    """Share 0..1 of each pixel between top and bottom; at least a hair of half a pixel on each side."""
    return np.asarray(np.clip(np.minimum(rows + 1.5 - top, bottom + 0.5 - rows), 0.0, 1.0))


@cache
def _shades() -> NDArray[np.uint32]:
    """Colours (256,) of background, envelope and loudness mixed in 16 by 16 shares."""
    ground, wave, loud = (
        np.array([colour.red(), colour.green(), colour.blue()])
        for colour in (palette.BACKGROUND, palette.WAVE, palette.WAVE_LOUD)
    )
    share = np.linspace(0.0, 1.0, _SHADES + 1)[:, None, None]
    envelope = ground + (wave - ground) * share
    red, green, blue = np.moveaxis(envelope + (loud - envelope) * share[:, :, 0].T[..., None], -1, 0)
    packed = (red.round() * 65536 + green.round() * 256 + blue.round()).astype(np.uint32)
    return np.asarray(packed | np.uint32(0xFF000000)).ravel()
