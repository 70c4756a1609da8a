"""Learning curves: a row of JSON for each judgement, event files for TensorBoard, and a page of several runs.

``python -m models.training.lab.curves OUT.jsonl ... -o curves.png``
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from core.command_line import OneLineParser, reported
from models.toolbox.motion_net import MotionNet
from models.training.places import check_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VALIDATION = "validation"
COLOURS = (
    *("#23527c", "#c8502d", "#4b8b3b", "#8a4f9e", "#b08900", "#2a9d9d", "#a33b5c", "#666666"),
    *("#7db3e0", "#f0a889", "#a9d18e", "#cda9dd", "#e6cf6b", "#1b1b1b", "#e58fb0", "#7a4a21"),
)
Rows = list[dict[str, float]]


class Curves:
    """Writes a row for each judgement; rows of a run that was killed before its state was kept are replaced.

    Parameters
    ----------
    path : Path

    Raises
    ------
    ValueError
        What is there already are no such rows.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists():
            read_rows(path)  # says now, and not after an hour, that they cannot be read

    def __call__(self, step: int, values: Mapping[str, float], _net: MotionNet) -> None:
        """Keep what is older than this step, and add it."""
        rows = [row for row in read_rows(self.path) if row["step"] < step] if self.path.exists() else []
        text = "".join(json.dumps(row) + "\n" for row in [*rows, {"step": step, **values}])
        partial = self.path.with_name(f"{self.path.name}.partial")
        partial.write_text(text, encoding="utf-8")
        partial.replace(self.path)


class Events:
    """Writes TensorBoard's event files.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    ValueError
        TensorBoard is not installed.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise ValueError(
                "tensorboard=true needs it: pip install $(python .ci/requirements.py tensorboard)"
            ) from error
        self._open, self._folder = SummaryWriter, folder

    def __call__(self, step: int, values: Mapping[str, float], _net: MotionNet) -> None:
        """Write the losses, and close: a process that is killed loses nothing then."""
        # What an earlier process wrote from this step on is disowned.
        writer = self._open(str(self._folder), purge_step=step)
        for name, value in values.items():
            writer.add_scalar(name if name == VALIDATION else f"loss/{name}", value, step)
        writer.close()


def read_rows(path: Path) -> Rows:
    """Read what `Curves` wrote.

    Raises
    ------
    ValueError
        A row is no JSON object of numbers with a step.
    """
    rows: Rows = []
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
        try:
            row = {str(name): float(value) for name, value in json.loads(line).items()}
            rows.append({**row, "step": int(row["step"])})
        except (json.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}: line {number} is no row of a learning curve") from error
    return rows


def draw(runs: Mapping[str, Rows], path: Path) -> None:
    """Draw the validation errors of runs side by side, and their losses below.

    Parameters
    ----------
    runs : mapping of str to list of rows
        By name.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogLocator

    figure = Figure((11 if len(runs) > 4 else 9, 8), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    for number, (name, rows) in enumerate(runs.items()):
        colour = COLOURS[number % len(COLOURS)]
        _line(above, rows, VALIDATION, colour, name)
        best = min(rows, key=lambda row: row[VALIDATION])
        above.plot(best["step"], best[VALIDATION], "o", color=colour, markersize=5)
        parts = [key for key in rows[0] if key not in ("step", VALIDATION)]
        for part, style in zip(parts, cycle(("-", "--", ":")), strict=False):
            _line(below, rows, part, colour, f"{name}: {part}" if len(parts) > 1 else name, style)
    above.set(ylabel="error, standard deviations", title="Validation (the dot is what is kept)")
    below.set(ylabel="loss", xlabel="step", title="Training")
    if below.dataLim.y0 > 0:  # with a critic in it, a loss may be negative
        below.set_yscale("log")
        below.yaxis.set_minor_locator(LogLocator(subs=(1.5, 2, 3, 5, 7)))
        below.yaxis.set_major_formatter("{x:g}")
        below.yaxis.set_minor_formatter("{x:g}")
    for axes in (above, below):
        axes.grid(alpha=0.25, which="both")
        axes.spines[["top", "right"]].set_visible(False)
        beside = {"loc": "upper left", "bbox_to_anchor": (1.0, 1.0)} if len(runs) > 4 else {}
        axes.legend(fontsize=8, frameon=False, **beside)
    figure.align_ylabels()
    figure.savefig(path, dpi=110)


def _line(axes: Axes, rows: Rows, key: str, colour: str, label: str, style: str = "-") -> None:
    found = [row for row in rows if key in row]
    steps, values = [row["step"] for row in found], [row[key] for row in found]
    axes.plot(steps, values, style, color=colour, label=label, linewidth=1.4)


def main(words: Sequence[str]) -> int:
    """Draw the page; returns the exit code."""
    parser = OneLineParser("curves", description="Draw learning curves of several runs.")
    parser.add_argument("runs", nargs="+", type=Path, metavar="OUT.jsonl")
    parser.add_argument("-o", "--out", type=Path, default=Path("curves.png"), metavar="PNG")
    options = parser.parse_args(list(words))
    return reported("curves", lambda: _page(options.runs, options.out))


def _page(paths: Sequence[Path], out: Path) -> None:
    check_file(out, ".png")
    runs = {path.stem: read_rows(path) for path in paths}
    if empty := [name for name, rows in runs.items() if not rows]:
        raise ValueError(f"{empty[0]}: has not been judged yet")
    draw(runs, out)
    print(out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
