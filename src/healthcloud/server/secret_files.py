"""Files that hold a secret: new, for their owner's eyes only, and opened before the secret is made."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from healthcloud.server.errors import FileThere


@contextmanager
def write_secret(path: Path) -> Iterator[Callable[[Mapping[str, object]], None]]:
    """Open a new file of mode 0600 and yield what writes JSON into it. Raise FileThere."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileThere(path=str(path)) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:

            def write(data: Mapping[str, object]) -> None:
                json.dump(msgspec.to_builtins(data), file, ensure_ascii=False, indent=2)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())

            yield write
    except BaseException:
        path.unlink(missing_ok=True)
        raise
