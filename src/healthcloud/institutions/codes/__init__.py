"""Code sets: the dictionaries of the standards as data, by version and day, and their import from files."""

from healthcloud.institutions.codes.actions import import_codes
from healthcloud.institutions.codes.errors import CodeSetMissing, CodeUnknown
from healthcloud.institutions.codes.exporting import export_codes
from healthcloud.institutions.codes.model import Code, CodeClaim, CodeSet, ImportReport, ImportWish, Scene, plain_scene
from healthcloud.institutions.codes.reads import (
    codes_of,
    every_code,
    find_code,
    require_codes,
    scene_exists,
    scenes,
    set_in_force,
    sets_in_force,
)
from healthcloud.institutions.codes.standards import load_standard_sets

__all__ = [
    "Code",
    "CodeClaim",
    "CodeSet",
    "CodeSetMissing",
    "CodeUnknown",
    "ImportReport",
    "ImportWish",
    "Scene",
    "codes_of",
    "every_code",
    "export_codes",
    "find_code",
    "import_codes",
    "load_standard_sets",
    "plain_scene",
    "require_codes",
    "scene_exists",
    "scenes",
    "set_in_force",
    "sets_in_force",
]
