"""Photographs in pages: the file itself stands in the address, so that no page's picture can be asked for alone."""

import base64

from markupsafe import Markup

from healthcloud import people

_FILE = "data:image/jpeg;base64,"


def picture_of(jpeg: bytes) -> Markup:
    """Return the address that holds a photograph."""
    return Markup(_FILE + base64.b64encode(jpeg).decode())  # noqa: S704 - base64 of ours


def read_picture(address: str) -> bytes:
    """Return the file in an address; raise PhotoUnusable."""
    return people.photos.file_in(address.removeprefix(_FILE))
