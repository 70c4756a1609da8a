"""Curves as JSON values."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.curve import Curve, Tangent


def curve_to_json(curve: Curve) -> dict[str, Any]:
    """Keys as ``[seconds, value, tangent]``, with both handles added on Bezier keys."""
    keys: list[list[Any]] = []
    for time, value, tangent, handles in zip(
        curve.times, curve.values, curve.tangents, curve.handles, strict=True
    ):
        key = [float(time), float(value), Tangent(tangent).name.lower()]
        keys.append([*key, handles.tolist()] if tangent == Tangent.BEZIER else key)
    return {"default": curve.default, "keys": keys}


def curve_from_json(data: dict[str, Any]) -> Curve:
    """Read what `curve_to_json` wrote.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is anything else; the caller names the file.
    """
    keys = data["keys"]
    times = np.array([float(key[0]) for key in keys], np.float64)
    values = np.array([float(key[1]) for key in keys], np.float64)
    if not (np.isfinite(times).all() and np.isfinite(values).all() and (np.diff(times) > 0).all()):
        raise ValueError("keys are not finite and in order of time")
    tangents = np.array([Tangent[key[2].upper()] for key in keys], np.uint8)
    handles = np.array([key[3] if len(key) > 3 else [[0, 0], [0, 0]] for key in keys], np.float64)
    return Curve(times, values, tangents, handles.reshape(-1, 2, 2), float(data["default"]))
