"""What the commands share: the words for curves and settings."""

from __future__ import annotations

import argparse
import math
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from core.curve import Curve
from core.curve_file import load_curve
from core.document import Document, Track
from core.errors import InputError
from core.inference.request import SETTINGS
from core.library import SHAPE
from core.parameters import parameter, parameters
from emotion.calibration import NO_STYLE, load_style
from emotion.performance import PROTECT
from emotion.residual import RESIDUAL

EMOTION_LIMITS = (0.0, 1.5)
INTENSITY_LIMITS = (0.0, 2.0)
STYLE_LIMITS = (-1.0, 1.0)
SETTING_KEYS = (*SETTINGS, PROTECT, RESIDUAL, SHAPE)
FPS_LIMITS = (1.0, 1000.0)


def parse_curve(text: str, option: str, limits: tuple[float, float]) -> Curve:
    """Read a number, or the curve file of that name.

    Raises
    ------
    InputError
        If it is neither, or goes outside the limits.
    """
    try:
        curve = Curve.constant(float(text))
    except ValueError:
        if Path(text).suffix.lower() not in (".json", ".csv"):
            raise InputError(option, f"{text!r} is neither a number nor a .json or .csv file") from None
        curve = load_curve(Path(text))
    low, high = limits
    # Written so that NaN is outside, too.
    if not all(low <= value <= high for value in (curve.default, *curve.values)):
        raise InputError(option, f"{text} goes outside {low:g} to {high:g}")
    return curve


def parse_emotion(text: str) -> Track:
    """Read ``NAME=VALUE``, ``NAME=curve.json`` or ``NAME=curve.csv``.

    Raises
    ------
    InputError
        If it is none of these.
    """
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise InputError("--emotion", f"{text!r} is not NAME=VALUE or NAME=curve.json")
    return Track(name, parse_curve(value, f"--emotion {name}", EMOTION_LIMITS))


def with_style(document: Document, text: str) -> Document:
    """Read a speaking style: a number, a curve file, or the file of an actor's style.

    Raises
    ------
    InputError
        If it is none of these.
    """
    if text.endswith(".json"):
        try:
            return load_style(Path(text)).applied(document)
        except InputError as error:
            if error.reason != NO_STYLE:
                raise
    return replace(document, style=parse_curve(text, "--style", STYLE_LIMITS))


def with_setting(document: Document, text: str) -> Document:
    """Apply ``KEY=VALUE``; the value of a parameter (`core.parameters`) may also be a curve file.

    Raises
    ------
    InputError
        If there is no such setting; a wrong value is found by whoever uses it.
    """
    key, equals, value = text.partition("=")
    if not equals:
        raise InputError("--set", f"{text!r} is not KEY=VALUE")
    if key in SETTING_KEYS:
        return document.with_setting(key, value)
    known = parameter(key)
    if known is None:
        near = get_close_matches(key, (*SETTING_KEYS, *parameters()), 3) or SETTING_KEYS
        raise InputError("--set", f"unknown setting {key!r}; nearest are {', '.join(near)}")
    curve = parse_curve(value, f"--set {key}", (known.low, known.high))
    if len(curve) and not known.keyed:
        raise InputError(f"--set {key}", "is one number and cannot change over time")
    return document.with_parameter(key, curve)


def finite(text: str) -> float:
    """Read a number of seconds or frames; for argparse."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return value


def frame_rate(text: str) -> float:
    """Read a frame rate; for argparse."""
    value, (low, high) = float(text), FPS_LIMITS
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{text} is not a frame rate from {low:g} to {high:g}")
    return value


def output_names(inputs: list[str], outs: list[str]) -> dict[str, list[str]]:
    """Names of the outputs of each input, ``{name}`` replaced by the input's stem.

    Raises
    ------
    InputError
        If two outputs would be one file.
    """
    named = {source: [out.replace("{name}", Path(source).stem) for out in outs] for source in inputs}
    taken: set[str] = set()
    for out in (out for outs in named.values() for out in outs):
        if out in taken:
            reason = "would be written twice" + (
                "" if len(inputs) == 1 else "; use {name} for the input's name"
            )
            raise InputError(out, reason)
        taken.add(out)
    return named
