"""Options of a network as people write them: refused by name and by value before anything is read."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping

from models.toolbox.encoded_net import ENCODER, TRAINED
from models.toolbox.motion_card import NETWORKS, Option

MOST = 65_536
"""Beyond which a whole number is a slip: of units, layers or frames."""
MAY_BE_NONE = ("align", "reach")
"""Frames on both sides, of which there may be 0."""
OF_FLOATS: Mapping[str, float] = {"dropout": 1.0, "guidance": 100.0}
"""The largest of the numbers that are not whole."""
KINDS: Mapping[type, str] = {bool: "true or false", int: "a whole number", float: "a number"}


def options_of(network: str) -> dict[str, Option]:
    """Return what can be chosen of a network, and what it is where nobody chooses."""
    parameters = inspect.signature(NETWORKS[network]).parameters.values()
    return {each.name: each.default for each in parameters if each.kind is each.KEYWORD_ONLY}


def check_options(network: str, chosen: Mapping[str, Option]) -> None:
    """Refuse options that a network has not, and values that make none.

    Parameters
    ----------
    network : str
        Of `NETWORKS`.

    Raises
    ------
    ValueError
        One of them makes no sense; it is named.
    """
    known = options_of(network)
    for name, value in chosen.items():
        if name in (ENCODER, TRAINED):
            continue
        if name not in known:
            raise ValueError(
                f"{name}={value}: neither a setting nor one of the network's ({', '.join(known)})"
            )
        _check_value(name, value, known[name])
    width, heads = (({**known, **chosen}).get(name, 1) for name in ("width", "heads"))
    if "heads" in known and int(width) % math.lcm(int(heads), 2):
        raise ValueError(f"width={width} is no even multiple of heads={heads}")


def _check_value(name: str, value: Option, usual: Option) -> None:
    if isinstance(usual, bool) or isinstance(value, bool):
        if type(usual) is not type(value):
            raise ValueError(f"{name}={value} is not {KINDS[type(usual)]}")
    elif isinstance(usual, int):
        least = int(name not in MAY_BE_NONE)
        if not isinstance(value, int) or not least <= value <= MOST:
            raise ValueError(f"{name}={value} is no whole number from {least} to {MOST}")
    elif not 0 <= float(value) <= OF_FLOATS[name]:
        raise ValueError(f"{name}={value} is not between 0 and {OF_FLOATS[name]:g}")
