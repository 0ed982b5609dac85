"""Every router of the city: one line per feature."""

from fastapi import APIRouter

from healthcloud.core import health

# Under /api/v1.
API: tuple[APIRouter, ...] = ()

# At the root: operations, and pages for people.
ROOT: tuple[APIRouter, ...] = (health.router,)
