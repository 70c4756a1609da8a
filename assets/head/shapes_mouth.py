"""Shapes of the lips, defined on the line of contact and the border of the red.

``u`` is 0 at the middle of the mouth and 1 at its corner, ``side`` 1 for the upper lip and -1 for the lower;
moves are millimetres to the left, up and forward (the right side mirrors them).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from assets.head.handles import Canvas, LipMoves, lip_shape
from assets.head.regions import around_mouth
from assets.head.sdf import Points

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64] | float]


def moves(upper: tuple[Curve, Curve, Curve], lower: tuple[Curve, Curve, Curve]) -> LipMoves:
    """Lip moves from one curve over u for each of x, y and z, by lip."""

    def at(u: NDArray[np.float64], side: float) -> Points:
        curves = upper if side > 0 else lower
        return np.stack([np.broadcast_to(curve(u), u.shape) for curve in curves], 1)

    return at


def mouth_shapes(canvas: Canvas) -> dict[str, Points]:
    """All channels of the lips but mouthClose."""
    whole = {
        "mouthFunnel": _funnel(canvas),
        "mouthPucker": _pucker(canvas),
        "mouthRollUpper": _roll(canvas, 1.0),
        "mouthRollLower": _roll(canvas, -1.0),
        "mouthShrugUpper": _shrug_upper(canvas),
        "mouthShrugLower": _shrug_lower(canvas),
    }
    sided = {
        "mouthSmile": _smile(canvas),
        "mouthFrown": _frown(canvas),
        "mouthDimple": _dimple(canvas),
        "mouthStretch": _stretch(canvas),
        "mouthPress": _press(canvas),
        "mouthLowerDown": _lower_down(canvas),
        "mouthUpperUp": _upper_up(canvas),
    }
    for name, shape in sided.items():
        left = canvas.left(shape)
        whole |= {f"{name}Left": left, f"{name}Right": canvas.mirrored(left)}
    left = _sideways(canvas)
    return {**whole, "mouthLeft": left, "mouthRight": canvas.mirrored(left)}


def _smile(canvas: Canvas) -> Points:
    """Zygomaticus major: corners back and up along the cheek, which rises and fills."""
    out: Curve = lambda u: 8.0 * u**1.1  # noqa: E731
    back: Curve = lambda u: -1.5 - 6.0 * u**2  # noqa: E731
    up: Curve = lambda u: 0.3 + 8.2 * u**2.3  # noqa: E731
    inner = moves((out, up, back), (out, up, back))
    border = moves(
        (out, lambda u: -0.8 + 9.0 * u**2.0, lambda u: -2.2 - 5.0 * u**2),
        (out, lambda u: 1.9 + 6.4 * u**2.4, lambda u: -2.6 - 5.0 * u**2),
    )
    shape = lip_shape(canvas, inner, border, around_mouth(canvas, 1.15))
    shape += canvas.swell((38, -30, 74), (15, 13, 20), (1.2, 4.4, 3.2))
    shape += canvas.swell((27, -44, 84), (9, 10, 14), (2.0, 2.0, 1.2))
    return shape + canvas.swell((34, -16, 76), (15, 6, 18), (0.2, 1.4, 0.6))


def _frown(canvas: Canvas) -> Points:
    """Depressor anguli oris: corners down, the lower lip a little with them."""
    down: Curve = lambda u: -6.6 * u**1.9 - 0.2  # noqa: E731
    out: Curve = lambda u: 0.8 * u  # noqa: E731
    back: Curve = lambda u: -1.2 * u**2  # noqa: E731
    inner = moves((out, down, back), (out, down, back))
    border = moves(
        (out, lambda u: -6.0 * u**2.0, back), (out, lambda u: -6.4 * u**2.2 + 0.5 * (1 - u**2), back)
    )
    shape = lip_shape(canvas, inner, border, around_mouth(canvas))
    return shape + canvas.swell((0, -93, 97), (16, 9, 14), (0.0, 1.4, 0.7))


def _dimple(canvas: Canvas) -> Points:
    """Buccinator: corners straight back into the cheek."""
    out: Curve = lambda u: 4.2 * u**1.5  # noqa: E731
    back: Curve = lambda u: -0.8 - 5.2 * u**2.5  # noqa: E731
    line = moves((out, lambda u: 0.8 * u**2, back), (out, lambda u: 0.8 * u**2, back))
    shape = lip_shape(canvas, line, line, around_mouth(canvas))
    return shape + canvas.swell((39, -64, 68), (9, 14, 16), (1.6, 0.2, 1.2))


def _stretch(canvas: Canvas) -> Points:
    """Risorius and platysma: corners out and a little down, lips thin against the teeth."""
    out: Curve = lambda u: 8.0 * u**1.2  # noqa: E731
    back: Curve = lambda u: -1.2 - 5.0 * u**2.2  # noqa: E731
    inner = moves((out, lambda u: -2.0 * u**2, back), (out, lambda u: -0.6 - 1.4 * u**2, back))
    border = moves((out, lambda u: -0.5 - 1.5 * u**2, back), (out, lambda u: 0.2 - 1.8 * u**2, back))
    return lip_shape(canvas, inner, border, around_mouth(canvas, 1.1))


def _press(canvas: Canvas) -> Points:
    """Lips pressed together and thinned; the corners tighten."""
    inner = moves(
        (lambda u: 0.8 * u, lambda u: 0 * u, lambda u: -1.2 + 0 * u),
        (lambda u: 0.8 * u, lambda u: 0 * u, lambda u: -1.2 + 0 * u),
    )
    border = moves(
        (lambda u: 0.9 * u, lambda u: -2.0 * (1 - u**2), lambda u: -0.9 + 0 * u),
        (lambda u: 0.9 * u, lambda u: 2.4 * (1 - u**2), lambda u: -0.9 + 0 * u),
    )
    return lip_shape(canvas, inner, border, around_mouth(canvas, 0.85))


def _lower_down(canvas: Canvas) -> Points:
    """Depressor labii inferioris: bares the lower teeth."""
    open_: Curve = lambda u: -7.6 * (1 - u**2.2)  # noqa: E731
    none: Curve = lambda u: 0 * u  # noqa: E731
    inner = moves((none, none, none), (lambda u: 1.0 * np.sin(np.pi * u), open_, lambda u: -0.6 * (1 - u**2)))
    border = moves(
        (none, none, none),
        (lambda u: 1.0 * np.sin(np.pi * u), lambda u: -6.4 * (1 - u**2.2), lambda u: 0.9 * (1 - u**2)),
    )
    return lip_shape(canvas, inner, border, around_mouth(canvas, 0.9))


def _upper_up(canvas: Canvas) -> Points:
    """Levator labii: bares the upper teeth, the fold beside the nose deepens."""
    lift: Curve = lambda u: 6.6 * (1 - u**2.4)  # noqa: E731
    none: Curve = lambda u: 0 * u  # noqa: E731
    inner = moves((lambda u: 0.8 * np.sin(np.pi * u), lift, lambda u: -0.8 * (1 - u**2)), (none, none, none))
    border = moves(
        (lambda u: 0.8 * np.sin(np.pi * u), lambda u: 5.4 * (1 - u**2.4), lambda u: 0.8 * (1 - u**2)),
        (none, none, none),
    )
    shape = lip_shape(canvas, inner, border, around_mouth(canvas, 0.95))
    return shape + canvas.swell((22, -42, 90), (10, 11, 14), (0.6, 2.6, 1.0))


def _funnel(canvas: Canvas) -> Points:
    """Lips forward and rolled outwards around a round opening."""
    narrow: Curve = lambda u: -7.0 * u  # noqa: E731
    inner = moves(
        (narrow, lambda u: 4.4 * (1 - u**2.2), lambda u: 6.8 + 4.5 * u**2),
        (narrow, lambda u: -5.4 * (1 - u**2.2), lambda u: 6.4 + 4.5 * u**2),
    )
    border = moves(
        (narrow, lambda u: 3.6 * (1 - u**2.2), lambda u: 5.4 + 4.5 * u**2),
        (narrow, lambda u: -3.8 * (1 - u**2.2), lambda u: 4.6 + 4.5 * u**2),
    )
    return lip_shape(canvas, inner, border, around_mouth(canvas, 0.95))


def _pucker(canvas: Canvas) -> Points:
    """Orbicularis oris: corners in, lips forward and fuller, still closed."""
    narrow: Curve = lambda u: -10.5 * u + 1.0 * np.sin(np.pi * u) * u  # noqa: E731
    inner = moves(
        (narrow, lambda u: 0.2 + 0 * u, lambda u: 8.6 + 3.6 * u**2),
        (narrow, lambda u: 0.2 + 0 * u, lambda u: 8.6 + 3.6 * u**2),
    )
    border = moves(
        (narrow, lambda u: 1.5 - 0.8 * u**2, lambda u: 7.2 + 3.6 * u**2),
        (narrow, lambda u: -1.5 + 0.8 * u**2, lambda u: 6.8 + 3.8 * u**2),
    )
    return lip_shape(canvas, inner, border, around_mouth(canvas, 1.0))


def _roll(canvas: Canvas, lip: float) -> Points:
    """One lip rolled inwards over the teeth."""
    none: Curve = lambda u: 0 * u  # noqa: E731
    still = (none, none, none)
    fade: Curve = lambda u: 1 - u**2.5  # noqa: E731
    turned = (none, lambda u: -lip * 1.2 * fade(u), lambda u: -4.2 * fade(u))
    drawn = (none, lambda u: -lip * 3.6 * fade(u), lambda u: -2.8 * fade(u))
    inner, border = (moves(move, still) if lip > 0 else moves(still, move) for move in (turned, drawn))
    return lip_shape(canvas, inner, border, around_mouth(canvas, 0.85))


def _shrug_upper(canvas: Canvas) -> Points:
    """Upper lip pushed up and out."""
    none: Curve = lambda u: 0 * u  # noqa: E731
    inner = moves((none, lambda u: 2.4 * (1 - u**2), lambda u: 2.4 * (1 - u**2)), (none, none, none))
    border = moves((none, lambda u: 2.8 * (1 - u**2), lambda u: 2.6 * (1 - u**2)), (none, none, none))
    return lip_shape(canvas, inner, border, around_mouth(canvas, 0.85))


def _shrug_lower(canvas: Canvas) -> Points:
    """Mentalis: the chin's pad rises and pushes the lower lip up and out."""
    none: Curve = lambda u: 0 * u  # noqa: E731
    up: Curve = lambda u: 2.6 * (1 - u**2.5) - 0.8 * u**3  # noqa: E731
    upper = (none, lambda u: 2.2 * (1 - u**2.5) - 0.8 * u**3, lambda u: 0.6 * (1 - u**2))
    inner = moves(upper, (none, lambda u: 2.2 * (1 - u**2.5) - 0.8 * u**3, lambda u: 2.2 * (1 - u**2)))
    border = moves(
        (none, lambda u: 1.8 * (1 - u**2), lambda u: 0.5 * (1 - u**2)), (none, up, lambda u: 3.2 * (1 - u**2))
    )
    shape = lip_shape(canvas, inner, border, around_mouth(canvas))
    return shape + canvas.swell((0, -95, 97), (18, 10, 16), (0.0, 3.0, 0.8))


def _sideways(canvas: Canvas) -> Points:
    """Draw the whole mouth to the left."""
    head = canvas.head
    held = around_mouth(canvas)
    rings = [head.mouth[3], head.seam, head.bag[0]]
    left = np.concatenate(
        [np.stack([7.0 - 1.2 * canvas.reach, 0.5 * canvas.reach, -2.6 * canvas.reach**2], 1) for _ in rings]
    )
    right = left * 1.0
    reach = np.tile(canvas.reach, len(rings))
    right[:, 1:] = np.stack([-0.3 * reach, 1.6 * reach**2], 1)
    vertices = np.concatenate(rings)
    handles = np.r_[head.mirror[vertices], vertices]
    return canvas.spread(handles, np.concatenate([right, left]), held)
