"""Dictionaries: each institution's own codes mapped to the city's sets and back, with coverage and what is unmapped."""

from healthcloud.institutions.dictionaries.actions import import_mappings, put_mappings, remove_mapping
from healthcloud.institutions.dictionaries.errors import DictionaryUnknown, MappingUnknown, MappingWrong
from healthcloud.institutions.dictionaries.model import (
    SETS,
    Coverage,
    Mapped,
    Mapping,
    MappingWish,
    Sheet,
    Unmapped,
)
from healthcloud.institutions.dictionaries.reads import (
    coverage_of,
    mappings_of,
    ours,
    standard_of,
    theirs,
    unmapped_of,
)
from healthcloud.institutions.dictionaries.reporting import reporting
from healthcloud.institutions.dictionaries.shelf import Dictionary, dictionary_at_hand, dictionary_of

__all__ = [
    "SETS",
    "Coverage",
    "Dictionary",
    "DictionaryUnknown",
    "Mapped",
    "Mapping",
    "MappingUnknown",
    "MappingWish",
    "MappingWrong",
    "Sheet",
    "Unmapped",
    "coverage_of",
    "dictionary_at_hand",
    "dictionary_of",
    "import_mappings",
    "mappings_of",
    "ours",
    "put_mappings",
    "remove_mapping",
    "reporting",
    "standard_of",
    "theirs",
    "unmapped_of",
]
