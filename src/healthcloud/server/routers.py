"""Every router of the city: one line per feature."""

from fastapi import APIRouter

from healthcloud import access, audit, cards, figures, institutions, people, web
from healthcloud.core import health
from healthcloud.core.http import HotDocument

# Under /api/v1; routes are tried one after the other, so what is asked most comes first.
API: tuple[APIRouter, ...] = (
    *people.ROUTERS,
    *cards.ROUTERS,
    access.router,
    *institutions.ROUTERS,
    audit.router,
    figures.router,
)

# What is served past the router, by the thin edge.
HOT: tuple[HotDocument, ...] = cards.HOT_DOCUMENTS

# The few routes that are tried before every other: what a whole waiting room looks at.
FIRST: tuple[APIRouter, ...] = web.FIRST

# At the root: operations, and pages for people.
ROOT: tuple[APIRouter, ...] = (health.router, *web.ROUTERS)
