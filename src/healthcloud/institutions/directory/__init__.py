"""The directory: open institutions as people look for them, by words, pinyin initials, district, level."""

from healthcloud.institutions.directory.model import DirectoryWish, Listed, initials_of
from healthcloud.institutions.directory.reads import search_directory

__all__ = ["DirectoryWish", "Listed", "initials_of", "search_directory"]
