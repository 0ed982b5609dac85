"""Photographs: one of a person, with their consent, to compare with who shows a printed card; each look is a deed."""

from healthcloud.people.photos.actions import keep_photo, open_photo, remove_photo
from healthcloud.people.photos.errors import PhotoUnusable
from healthcloud.people.photos.model import DAYS, LARGEST, Photo, file_in, read_photo

__all__ = [
    "DAYS",
    "LARGEST",
    "Photo",
    "PhotoUnusable",
    "file_in",
    "keep_photo",
    "open_photo",
    "read_photo",
    "remove_photo",
]
