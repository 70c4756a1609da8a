"""OBJ sequence: one file a frame, with the same faces in all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from core.export.watch import Watch
from core.meshes.obj_writer import obj_text_positions, obj_text_topology
from core.take import Take

DIGITS = 4


@dataclass(frozen=True)
class FrameNames:
    """Names of the files of a sequence, numbered from 1.

    Attributes
    ----------
    before, after : str
        What stands around the number.
    digits : int
        Places of the number, at least.
    """

    before: str
    after: str = ".obj"
    digits: int = DIGITS

    @staticmethod
    def parse(pattern: str) -> FrameNames | None:
        """Read ``name_####.obj``; None where no ``#`` stands for the number."""
        match = re.fullmatch(r"([^#]*)(#+)([^#]*)", pattern)
        return FrameNames(match[1], match[3], len(match[2])) if match else None

    def of(self, frames: int) -> list[str]:
        """Return the names of that many frames; all are of one length, so that they sort by number."""
        digits = max(self.digits, len(str(frames)))
        return [f"{self.before}{number:0{digits}d}{self.after}" for number in range(1, frames + 1)]

    def made(self, name: str) -> bool:
        """Tell whether a file's name is one of a sequence with these names, whatever its length."""
        number = name.removeprefix(self.before).removesuffix(self.after)
        return (
            number.isdecimal() and len(number) >= self.digits and name == f"{self.before}{number}{self.after}"
        )


def write_obj_sequence(take: Take, folder: Path, names: FrameNames, watch: Watch) -> None:
    """Write one OBJ a frame into an empty folder of our own.

    Parameters
    ----------
    take : Take
    folder : Path
    names : FrameNames
    watch : Watch

    Raises
    ------
    Cancelled
        If the user asked to stop.
    """
    topology = obj_text_topology(take.mesh)
    files = iter(zip(names.of(len(take)), take.times, strict=True))
    for block in watch.blocks(take.blocks()):
        for vertices in block:
            name, seconds = next(files)
            head = f"# {take.mesh.name} at {seconds:.6f} s, {take.fps:g} frames per second\n".encode()
            (folder / name).write_bytes(head + obj_text_positions(vertices) + topology)
