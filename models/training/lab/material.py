"""All that a run learns from: examples in three parts, and what its numbers stand for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.toolbox.encoder_folders import DATASET
from models.toolbox.motion_space import Components, RestFace
from models.training.datasets.arkit import CHANNELS
from models.training.datasets.arkit import SPACE as ARKIT
from models.training.datasets.layouts import Layout, layout_of
from models.training.datasets.line import DatasetError, Line
from models.training.datasets.splits import Split
from models.training.lab.examples import Example, Standard, Wanted, displacement, prepared
from models.training.lab.principal import principal_components
from models.training.lab.recipes import Recipe
from models.training.lab.resting import rest_of, space_of

FEWEST_SPEAKERS = 3
FREE = ("pca:",)
"""Motion spaces of coefficients, which move away from nothing."""


@dataclass(frozen=True, eq=False)
class Material:
    """What a run learns from.

    Attributes
    ----------
    space : str
        Motion space.
    columns : tuple of str
        Names of its coordinates, where they have any.
    fps : float
    learnt, valid, test : list of Example
    standard : Standard
    speakers : tuple of str
        Whom the network is told of.
    components : Components or None
    rest : RestFace or None
    """

    space: str
    columns: tuple[str, ...]
    fps: float
    learnt: list[Example]
    valid: list[Example]
    test: list[Example]
    standard: Standard
    speakers: tuple[str, ...]
    components: Components | None
    rest: RestFace | None


def material(data: Path, recipe: Recipe) -> Material:
    """Read a dataset and make it what a recipe wants.

    Raises
    ------
    DatasetError
        A file of the dataset is at fault.
    """
    split = split_of(data, layout_of(data), recipe.ear == DATASET)
    first = split.train[0].load()
    spatial = first.space != ARKIT and not first.space.startswith(FREE)
    one_each = {entry.speaker: entry for entry in split.train}.values()  # a speaker has one template
    rest = rest_of(data, (entry.load() for entry in one_each)) if spatial else None
    components = _components(split, recipe.pca) if spatial and recipe.pca else None
    speakers = tuple(sorted({entry.speaker for entry in split.train})) if recipe.style else ()
    wanted = Wanted(recipe.ear, components, speakers)
    learnt, valid, test = (prepared(part, wanted) for part in (split.train, split.valid, split.test))
    standard = Standard.of(learnt, alike=spatial)
    columns = CHANNELS if first.space == ARKIT else ()
    return Material(
        space_of(first), columns, first.fps, learnt, valid, test, standard, speakers, components, rest
    )


def _components(split: Split, wanted: float) -> Components:
    def measured(line: Line) -> bool:
        return bool(line.valid.any())

    lines = (entry.load() for entry in split.train)
    return principal_components((displacement(line)[line.valid] for line in lines if measured(line)), wanted)


def split_of(data: Path, layout: Layout, heard: bool = False) -> Split:
    """Split as the layout does; where there are too few speakers for that, by lines.

    Parameters
    ----------
    data : Path
    layout : Layout
    heard : bool
        Read the dataset's windows of DeepSpeech, too, and only lines that have them.

    Raises
    ------
    DatasetError
        A file of the dataset is at fault, or it has no such windows.
    """
    read = layout.read_heard if heard else layout.read
    if read is None:
        raise DatasetError(data, f"layout {layout.name} has no windows of DeepSpeech; take ear=deepspeech")
    entries = read(data)
    if (data / "train_test_split.txt").exists() or len({e.speaker for e in entries}) >= FEWEST_SPEAKERS:
        return layout.split(data, entries)
    if len(entries) < 3:
        raise DatasetError(data, "holds fewer than three lines: to learn from, to choose by, and to judge by")
    kept = tuple(entry for number, entry in enumerate(entries) if number % 8 > 1)
    return Split(kept or entries[2:], entries[::8], entries[1::8])
