"""Every router of the city: one line per feature."""

from fastapi import APIRouter

from healthcloud import access, audit, institutions
from healthcloud.core import health

# Under /api/v1.
API: tuple[APIRouter, ...] = (
    audit.router,
    access.router,
    *institutions.ROUTERS,
)

# At the root: operations, and pages for people.
ROOT: tuple[APIRouter, ...] = (health.router,)
