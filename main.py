"""The command line: opens the editor, or runs one command without a window."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import NoReturn

from core.errors import Cancelled, InputError

COMMANDS = {
    "demo": "editor.commands.demo",
    "evaluate": "editor.commands.evaluate",
    "evaluate --data": "models.training.reports.evaluation",
    "export": "editor.commands.export",
    "fit": "editor.commands.fit",
    "import": "models.training.importing.checkpoints",
    "models": "editor.commands.models",
    "style": "editor.commands.style",
    "synthesize": "models.training.synthetic.synthesis",
    "train": "models.training.lab.train",
}
"""Each module has ``run(words) -> exit code`` and is imported only when it is asked for."""

USAGE = """\
usage: main.py [FILE]              open the editor: a .lipsync project, a recording, or nothing
       main.py demo [--out DIR]    bundled clip, head and painted emotion -> Alembic, OBJ, MP4, PNG
       main.py export INPUT... -o OUT...
       main.py fit MESH -o RIG     make a rig of a head, to be used as a template
       main.py evaluate FOLDER     measure a model beside captured lips or aligned speech
       main.py style CAPTURE RECORDING -o STYLE     learn how an actor speaks
       main.py models              list the speech models
       main.py synthesize OUT      make a corpus in a published layout
       main.py train RECIPE DATA -o OUT [KEY=VALUE ...]
       main.py evaluate CHECKPOINT... --data DIR -o REPORT     tables, pictures and a film
       main.py import CHECKPOINT.pth -o OUT --template MESH     play a published checkpoint
       main.py COMMAND --help      say more
"""


def main(words: Sequence[str]) -> int:
    """Run a command.

    Returns
    -------
    int
        0 done, 2 the user's input is at fault, 130 stopped; an exception is a fault of ours (1).
    """
    if list(words) in (["-h"], ["--help"]):
        print(USAGE, end="")
        return 0
    signal.signal(signal.SIGTERM, _terminate)
    try:
        if words and words[0] in COMMANDS:
            # Datasets are the toolbox's: captures and aligned speech are judged without it.
            command = "evaluate --data" if words[0] == "evaluate" and "--data" in words else words[0]
            return int(import_module(COMMANDS[command]).run(words[1:]))
        return int(import_module("editor.commands.edit").run(words))
    except InputError as error:
        print(f"main.py: {error}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, Cancelled):
        print("main.py: stopped", file=sys.stderr)
        return 130


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    # As Ctrl-C does: unwinding removes what is half written.
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
