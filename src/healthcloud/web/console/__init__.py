"""The consoles of city and institution administrators: each sees the subjects that their scopes open, and no other."""

from healthcloud.web.console.frame import SUBJECTS, NavEntry, Subject, nav_of, subjects_of
from healthcloud.web.console.routers import ROUTERS

__all__ = ["ROUTERS", "SUBJECTS", "NavEntry", "Subject", "nav_of", "subjects_of"]
