"""Every router of institutions, for `server` to mount."""

from healthcloud.institutions.api import router as institutions
from healthcloud.institutions.codes.api import router as codes
from healthcloud.institutions.departments.api import router as departments
from healthcloud.institutions.dictionaries.api import router as dictionaries
from healthcloud.institutions.practitioners.api import router as practitioners
from healthcloud.institutions.terminals.api import router as terminals

ROUTERS = (institutions, departments, practitioners, terminals, codes, dictionaries)
