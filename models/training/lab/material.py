"""All that a run learns from: examples in three parts, and what its numbers stand for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from models.toolbox.encoder_folders import DATASET
from models.toolbox.motion_space import Components, RestFace
from models.training.datasets.arkit import CHANNELS
from models.training.datasets.arkit import SPACE as ARKIT
from models.training.datasets.layouts import Layout, layout_of
from models.training.datasets.line import DatasetError, Entry, Line
from models.training.datasets.mediapipe import SPLIT
from models.training.datasets.splits import Split
from models.training.lab.examples import PACES, Example, Standard, Wanted, displacement, prepared
from models.training.lab.principal import principal_components
from models.training.lab.recipes import Recipe
from models.training.lab.resting import rest_of, space_of

FEWEST_SPEAKERS = 3
STILL = "nothing moves in the lines to learn from"
ODD_S = 0.5
"""Seconds by which a sound may differ from its motion without a word."""
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
    played : list of Example
        Those to learn from once more, at other speeds.
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
    played: list[Example]
    standard: Standard
    speakers: tuple[str, ...]
    components: Components | None
    rest: RestFace | None

    @property
    def held_out(self) -> str:
        """What is held out to judge by: speakers, or only lines."""
        learnt = {each.speaker for each in self.learnt}
        return "lines" if learnt & {each.speaker for each in self.test} else "speakers"

    def described(self) -> str:
        """Say who is learnt from, who is chosen by, and who is judged by."""
        parts = {"to learn from": self.learnt, "to choose by": self.valid, "to judge by": self.test}
        return "; ".join(f"{_counted(part, self.fps)} {what}" for what, part in parts.items())

    def doubts(self) -> list[str]:
        """Say what looks wrong, though it can be learnt from."""
        lines = [each for part in (self.learnt, self.valid, self.test) for each in part]
        odd = [each for each in lines if abs(each.excess) > ODD_S]
        found = []
        if self.rest is not None and self.space.startswith("vertices:") and not len(self.rest.face_sizes):
            found.append(
                f"no mesh beside the data has the polygons of its {len(self.rest.vertices)} vertices "
                "(template.obj): what is learnt will not play on other heads"
            )
        if not odd:
            return found
        worst = max(odd, key=lambda each: abs(each.excess))
        than = "longer" if worst.excess > 0 else "shorter"
        return [
            *found,
            f"{len(odd)} of {len(lines)} lines have sound and motion of unlike lengths, and are cut to the "
            f"shorter; the sound of {worst.name} is {abs(worst.excess):.1f} s {than}",
        ]


def _counted(part: list[Example], fps: float) -> str:
    seconds = sum(len(each.motion) for each in part) / fps
    speakers = sorted({each.speaker for each in part})
    who = speakers[0] if len(speakers) == 1 else f"{len(speakers)} speakers"
    return f"{len(part)} line{'s' if len(part) > 1 else ''} of {who} ({seconds:.0f} s)"


def material(data: Path, recipe: Recipe) -> Material:
    """Read a dataset and make it what a recipe wants.

    Raises
    ------
    DatasetError
        A file of the dataset is at fault.
    """
    split = split_of(data, layout_of(data), recipe.ear == DATASET)
    for part, purpose in ((split.train, "learn from"), (split.valid, "choose by"), (split.test, "judge by")):
        if not part:
            listed = data / SPLIT
            raise DatasetError(listed if listed.exists() else data, f"holds no line to {purpose}")
    first = split.train[0].load()
    split = Split(*(_like(data, first, part) for part in (split.train, split.valid, split.test)))
    spatial = first.space != ARKIT and not first.space.startswith(FREE)
    one_each = {entry.speaker: entry for entry in split.train}.values()  # a speaker has one template
    rest = rest_of(data, (entry.load() for entry in one_each)) if spatial else None
    components = _components(data, split, recipe.pca) if spatial and recipe.pca else None
    speakers = tuple(sorted({entry.speaker for entry in split.train})) if recipe.style else ()
    wanted = Wanted(recipe.ear, components, speakers)
    learnt, valid, test = (prepared(part, wanted) for part in (split.train, split.valid, split.test))
    standard = Standard.of(learnt, alike=spatial)
    if not standard.moves.any():
        raise DatasetError(data, STILL)
    played = prepared(split.train, wanted, PACES) if recipe.paces and recipe.ear != DATASET else []
    columns = CHANNELS if first.space == ARKIT else ()
    return Material(
        space_of(first), columns, first.fps, learnt, valid, test, played, standard, speakers, components, rest
    )


def _like(data: Path, first: Line, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Refuse lines that are of another kind than the first, when they are loaded."""

    def load(entry: Entry) -> Line:
        line = entry.load()
        for what, one, other in (
            ("coordinates", line.motion.shape[1], first.motion.shape[1]),
            ("frames a second", line.fps, first.fps),
        ):
            if one != other:
                raise DatasetError(data, f"{line.name} has {one:g} {what}, {first.name} {other:g}")
        return line

    return tuple(replace(entry, load=partial(load, entry)) for entry in entries)


def _components(data: Path, split: Split, wanted: float) -> Components:
    def measured(line: Line) -> bool:
        return bool(line.valid.any())

    lines = (entry.load() for entry in split.train)
    moved = (displacement(line)[line.valid] for line in lines if measured(line))
    try:
        return principal_components(moved, wanted)
    except DatasetError:
        raise
    except ValueError as error:
        raise DatasetError(data, STILL) from error


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
