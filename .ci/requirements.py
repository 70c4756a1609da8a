"""Print the pinned requirements of pyproject.toml, with those of the extras named as arguments."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path(__file__).parent.with_name("pyproject.toml").read_text())["project"]
wanted = [
    *project["dependencies"],
    *(r for extra in sys.argv[1:] for r in project["optional-dependencies"][extra]),
]
print(" ".join(wanted))
