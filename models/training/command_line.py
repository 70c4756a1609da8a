"""A recipe as a command: a typed function that trains one shipped network, run with ``k=v`` words."""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from models.training.corpus.speaking import MissingVoicesError

Recipe = Callable[..., Path]
"""Trains with what its keywords say, and returns the file it made."""


def run(recipe: Recipe, words: Sequence[str]) -> int:
    """Train; returns the exit code."""
    try:
        print(recipe(**overrides(recipe, words)))
    except (ValueError, MissingVoicesError) as error:
        print(f"train: {error}", file=sys.stderr)
        return 2
    return 0


def overrides(recipe: Callable[..., object], words: Sequence[str]) -> dict[str, Any]:
    """Parse ``k=v`` words by the annotations of a recipe, or of a dataclass of settings.

    Raises
    ------
    ValueError
        A word is no ``k=v``, names no parameter, or its value is of another type.
    """
    kinds = typing.get_type_hints(recipe)
    chosen: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in inspect.signature(recipe).parameters:
            known = ", ".join(inspect.signature(recipe).parameters)
            raise ValueError(f"{word!r} is not one of {known} with a value")
        kind = kinds[name]
        if kind is bool and value not in ("true", "false"):
            raise ValueError(f"{word!r}: true or false")
        try:
            chosen[name] = value == "true" if kind is bool else kind(value)
        except ValueError as error:
            raise ValueError(f"{word!r}: not a {kind.__name__}") from error
    return chosen
