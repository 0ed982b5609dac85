"""Photographs of nobody: noise, as a camera's file would hold it."""

import io
from typing import Any

from PIL import Image

SIDE = 320


def picture(side: int = SIDE, *, height: int = 0, kind: str = "JPEG", **more: Any) -> bytes:
    """Return a file as a camera would make it."""
    file = io.BytesIO()
    Image.effect_noise((side, height or side), 40).convert("RGB").save(file, kind, quality=70, **more)
    return file.getvalue()
