"""Every router of the city: one line per feature."""

from fastapi import APIRouter

from healthcloud import access, audit, cards, institutions, people, web
from healthcloud.core import health
from healthcloud.core.http import HotDocument

# Under /api/v1.
API: tuple[APIRouter, ...] = (
    audit.router,
    access.router,
    *institutions.ROUTERS,
    *people.ROUTERS,
    *cards.ROUTERS,
)

# What is served past the router, by the thin edge.
HOT: tuple[HotDocument, ...] = cards.HOT_DOCUMENTS

# At the root: operations, and pages for people.
ROOT: tuple[APIRouter, ...] = (health.router, *web.ROUTERS)
