"""What commands share, whoever runs them: errors are one line, and nothing but errors is caught."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import NoReturn

from core.errors import Cancelled, InputError


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage that hides it."""

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def reported(program: str, work: Callable[[], object]) -> int:
    """Do the work of a command, and say in one line what the user's input made fail.

    Parameters
    ----------
    program : str
        Named at the beginning of the line.
    work : callable

    Returns
    -------
    int
        0 done, 2 an input is at fault, 130 stopped.
    """
    try:
        work()
    except (KeyboardInterrupt, Cancelled):
        print(f"{program}: stopped", file=sys.stderr)
        return 130
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"{program}: {where}cannot be read or written: {error.strerror or error}", file=sys.stderr)
        return 2
    except (InputError, ValueError) as error:
        print(f"{program}: {error}", file=sys.stderr)
        return 2
    return 0
