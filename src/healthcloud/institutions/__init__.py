"""Institutions: hospitals, health centres and clinics, by every number others know them by, and where they scan."""

from healthcloud.institutions import codes, departments, dictionaries, directory, numbers, practitioners, terminals
from healthcloud.institutions.actions import (
    add_number,
    amend_institution,
    close_institution,
    open_institution,
    open_institutions,
    withdraw_number,
)
from healthcloud.institutions.codes import find_code, import_codes, load_standard_sets, scene_exists, scenes
from healthcloud.institutions.errors import InstitutionUnknown, NumberAmbiguous
from healthcloud.institutions.model import Institution, InstitutionFilter, InstitutionWish, Opened, Particulars
from healthcloud.institutions.numbers import NumberKind, OutsideNumber
from healthcloud.institutions.reads import (
    institution,
    institution_named,
    list_institutions,
    names_of,
    numbers_among,
    numbers_of,
)
from healthcloud.institutions.routers import ROUTERS
from healthcloud.institutions.terminals import (
    PURPOSES,
    Terminal,
    bind_terminal,
    enrol_terminal,
    terminal,
    terminal_named,
    terminal_of_token,
)

__all__ = [
    "PURPOSES",
    "ROUTERS",
    "Institution",
    "InstitutionFilter",
    "InstitutionUnknown",
    "InstitutionWish",
    "NumberAmbiguous",
    "NumberKind",
    "Opened",
    "OutsideNumber",
    "Particulars",
    "Terminal",
    "add_number",
    "amend_institution",
    "bind_terminal",
    "close_institution",
    "codes",
    "departments",
    "dictionaries",
    "directory",
    "enrol_terminal",
    "find_code",
    "import_codes",
    "institution",
    "institution_named",
    "list_institutions",
    "load_standard_sets",
    "names_of",
    "numbers",
    "numbers_among",
    "numbers_of",
    "open_institution",
    "open_institutions",
    "practitioners",
    "scene_exists",
    "scenes",
    "terminal",
    "terminal_named",
    "terminal_of_token",
    "terminals",
    "withdraw_number",
]
