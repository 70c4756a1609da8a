"""Picture of the landmarks on the default head, from the front, the side and with the mouth open."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from assets.head.mediapipe_views import SIDE, place_on_picture
from assets.head.sheet import Shot, posed, shoot
from core.landmark_points import mediapipe_points
from core.library import default_rig

NUMBERED = (1, 10, 13, 14, 33, 61, 152, 263, 291)
OPEN = {"jawOpen": 0.5, "mouthSmileLeft": 0.4, "mouthSmileRight": 0.4}
SHOTS = (
    Shot("", {}, 0, 0, (0.0, -26.0, 60.0), 190),
    Shot("", {}, 58, 4, (0.0, -26.0, 60.0), 190),
    Shot("", OPEN, 0, 0, (0.0, -74.0, 90.0), 84),
    Shot("", {}, 12, 0, (30.0, 2.0, 70.0), 66),
)


def sheet() -> Image.Image:
    """Draw the points, some with their numbers."""
    rig, points = default_rig(), mediapipe_points()
    font = ImageFont.load_default(22)
    whole = Image.new("RGB", (2 * SIDE, 2 * SIDE))
    for number, (shot, picture) in enumerate(zip(SHOTS, shoot(rig, list(SHOTS), (SIDE, SIDE)), strict=True)):
        drawn = Image.fromarray(picture)
        pen = ImageDraw.Draw(drawn)
        places = points.of(posed(rig, shot.weights))
        near = places[:, 0] * np.sign(shot.azimuth) > -4 if shot.azimuth > 30 else np.ones(len(places), bool)
        for k, (x, y) in enumerate(place_on_picture(shot, places.astype(np.float64)) * SIDE):
            if near[k]:
                pen.ellipse((x - 2.5, y - 2.5, x + 2.5, y + 2.5), "#ffd24a" if k in NUMBERED else "#38e08a")
                if k in NUMBERED:
                    pen.text((x + 6, y - 12), str(k), "#ffffff", font, stroke_width=2, stroke_fill="#101014")
        whole.paste(drawn, (number % 2 * SIDE, number // 2 * SIDE))
    return whole
