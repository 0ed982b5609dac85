"""Whether a text in a file names the institution that hands it in; pure."""

import unicodedata
from collections.abc import Iterable


class Own:
    """Knows an institution by its name and by every number others know it by, width, case and signs aside."""

    def __init__(self, known_by: Iterable[str]) -> None:
        self._known = frozenset(_plain(one) for one in known_by)

    def __call__(self, text: str) -> bool:
        """Tell whether this names it."""
        return _plain(text) in self._known


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
