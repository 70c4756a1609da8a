"""The errors a user can cause, and nothing else.

::

    LipsyncError
    ├── InputError      a file or a value the user gave is at fault; exit code 2
    └── Cancelled       the user stopped the work

Anything else that escapes is a fault of ours: exit code 1, with a traceback.
"""

from __future__ import annotations

from pathlib import Path


class LipsyncError(Exception):
    """Base of all errors this program raises on purpose."""


class InputError(LipsyncError):
    """The user's input is at fault.

    Parameters
    ----------
    source : str or Path
        The file or setting at fault, as the user wrote it.
    reason : str
        One clause that says what is wrong, without a full stop.
    """

    def __init__(self, source: str | Path, reason: str) -> None:
        self.source = str(source)
        self.reason = reason
        super().__init__(f"{self.source}: {reason}")


class Cancelled(LipsyncError):
    """Long work was stopped on request; nothing was written."""
