"""What every simulator is started with."""

import os
from dataclasses import dataclass
from pathlib import Path

KEY_VARIABLE = "HEALTHCLOUD_SIMULATOR_KEY"
# Known to everybody, as a simulator's key may be: production refuses simulators, whatever their key.
DEFAULT_KEY = "simulator-only"


@dataclass(frozen=True, slots=True)
class Options:
    """The secret shared with callers, and a JSON-lines file to keep what was received, if it is to be kept."""

    key: str = DEFAULT_KEY
    file: Path | None = None

    @classmethod
    def of_environment(cls, file: Path | None) -> "Options":
        """Take the key from HEALTHCLOUD_SIMULATOR_KEY; a secret is never a command line flag."""
        return cls(os.environ.get(KEY_VARIABLE, DEFAULT_KEY), file)
