"""``python -m models.training.run RECIPE [k=v ...]``."""

from __future__ import annotations

import sys

from models.training.corpus import MissingVoicesError
from models.training.recipes import RECIPES, overrides


def main(words: list[str]) -> int:
    """Train; returns the exit code."""
    if not words or words[0] not in RECIPES:
        print(f"train: name a recipe: {', '.join(RECIPES)}", file=sys.stderr)
        return 2
    recipe = RECIPES[words[0]]
    try:
        chosen = overrides(recipe, words[1:])
    except ValueError as error:
        print(f"train: {error}", file=sys.stderr)
        return 2
    try:
        print(recipe(**chosen))
    except MissingVoicesError as error:
        print(f"train: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
