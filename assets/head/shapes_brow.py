"""Shapes of brows, cheeks and nose: smooth fields over the skin, carried by the brows on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assets.head.handles import Canvas
from assets.head.sdf import Points, bump, ramp


def upper_face_shapes(canvas: Canvas) -> dict[str, Points]:
    """Return the channels of brows, cheeks and nose."""
    shapes = {"browInnerUp": _inner_up(canvas), "cheekPuff": _puff(canvas)}
    sided = {
        "browDown": _down(canvas),
        "browOuterUp": _outer_up(canvas),
        "cheekSquint": _cheek_squint(canvas),
    }
    for name, shape in sided.items():
        left = canvas.left(shape, 9.0)
        shapes |= {f"{name}Left": left, f"{name}Right": canvas.mirrored(left)}
    return shapes


def _sides(canvas: Canvas) -> tuple[NDArray[np.float64], ...]:
    x, y, z = canvas.rest.T
    return np.abs(x), y, z


def _finish(canvas: Canvas, amount: NDArray[np.float64], move: Points) -> Points:
    """Scale a move (n, 3 for the left side) by an amount on the skin; brows ride on it."""
    side = np.stack([np.sign(canvas.rest[:, 0]), *np.ones((2, len(canvas.rest)))], 1)
    shape = amount[:, None] * move * side
    shape[~canvas.head.is_skin] = 0
    canvas.attach(canvas.part("brow"), canvas.skin, shape)
    return canvas.symmetric(shape)


def _above_lid(canvas: Canvas) -> NDArray[np.float64]:
    """0 on the lids, 1 on the brow, so that brows do not drag the lids along."""
    _, y, z = _sides(canvas)
    return np.asarray(ramp(y, 7, 17) * ramp(z, 35, 60))


def _inner_up(canvas: Canvas) -> Points:
    x, y, _ = _sides(canvas)
    amount = bump(np.maximum(x - 9, 0), 13.5) * bump(np.where(y > 22, (y - 22) / 30, (y - 22) / 16), 1)
    return _finish(
        canvas,
        amount * _above_lid(canvas),
        np.array([-0.8, 9.2, 0.2]) * np.stack([ramp(x, 0, 10), np.ones_like(x), np.ones_like(x)], 1),
    )


def _outer_up(canvas: Canvas) -> Points:
    x, y, _ = _sides(canvas)
    amount = bump(x - 37, 18) * bump(np.where(y > 22, (y - 22) / 30, (y - 22) / 13), 1)
    return _finish(canvas, amount * _above_lid(canvas), np.array([0.4, 6.0, 0.3]))


def _down(canvas: Canvas) -> Points:
    """Corrugator and procerus: inner end down and in, the skin between bulges."""
    x, y, _ = _sides(canvas)
    amount = bump(np.where(x > 14, (x - 14) / 24, 0.35 * (x - 14) / 14), 1) * bump(
        np.where(y > 20, (y - 20) / 22, (y - 20) / 16), 1
    )
    soft = ramp(y, 3, 16) * ramp(canvas.rest[:, 2], 35, 60)
    inward = -2.6 * ramp(x, 0, 12)
    move = np.stack([inward, np.full_like(x, -5.4), 1.2 * bump(x - 8, 10)], 1)
    return _finish(canvas, amount * soft, move)


def _puff(canvas: Canvas) -> Points:
    """Cheeks blown out, the skin about the lips a little with them."""
    x, y, z = _sides(canvas)
    cheek = bump(np.linalg.norm(np.stack([(x - 40) / 22, (y + 60) / 22, (z - 64) / 30]), axis=0), 1) * ramp(
        x, 16, 34
    )
    lips = bump(np.hypot(x / 30, (y + 66) / 20), 1) * ramp(z, 70, 85)
    move = np.stack([7.0 * cheek, 0.8 * cheek, 6.6 * cheek + 2.2 * lips], 1)
    return _finish(canvas, canvas.outside, move)


def _cheek_squint(canvas: Canvas) -> Points:
    x, y, z = _sides(canvas)
    amount = bump(np.hypot((x - 37) / 20, (y + 26) / 16), 1) * ramp(z, 35, 60) * ramp(y, -6, -13)
    return _finish(canvas, amount, np.array([0.2, 5.2, 2.4]))
