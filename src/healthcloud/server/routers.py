"""Every router of the city: one line per feature."""

from fastapi import APIRouter

from healthcloud import (
    access,
    audit,
    cards,
    conformance,
    encounters,
    exchange,
    fhir,
    figures,
    index,
    institutions,
    onboarding,
    people,
    province,
    sandbox,
    web,
)
from healthcloud.core import health
from healthcloud.core.settings import Settings

# Under /api/v1; routes that begin alike are tried in this order.
API: tuple[APIRouter, ...] = (
    *people.ROUTERS,
    *cards.ROUTERS,
    *index.ROUTERS,
    encounters.router,
    exchange.held.router,
    exchange.confirmations.router,
    exchange.outward.router,
    exchange.evidence.router,
    access.router,
    *institutions.ROUTERS,
    audit.router,
    figures.router,
    province.router,
    onboarding.router,
)

# At the root: operations, the face other standards know, and pages for people.
ROOT: tuple[APIRouter, ...] = (health.router, fhir.router, *web.ROUTERS)

# Only where the setting says that this is a sandbox.
SANDBOX: tuple[APIRouter, ...] = (*web.SANDBOX, sandbox.router, sandbox.front_box.router, conformance.router)


def at_root(settings: Settings) -> tuple[APIRouter, ...]:
    """Return the routers at the root of a city with these settings."""
    return (*ROOT, *SANDBOX) if settings.sandbox else ROOT
