"""Settings of a document: texts by name, of which some are numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

from core.errors import InputError


def share(settings: Mapping[str, str], name: str, default: str) -> float:
    """Return a setting that is a number from 0 to 1.

    Raises
    ------
    InputError
        If it is none.
    """
    text = settings.get(name, default)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 <= value <= 1.0:
        raise InputError(name, f"{text!r} is not a number from 0 to 1")
    return value
