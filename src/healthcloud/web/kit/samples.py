"""The kit's own page: every part as people meet it, for whoever builds pages; not there in production."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud.core.errors import Unavailable
from healthcloud.core.http import SettingsIn, needs_nothing
from healthcloud.core.http.errors import NoSuchAddress
from healthcloud.web.forms import Fault
from healthcloud.web.page import page, words_of
from healthcloud.web.qr import qr_svg

router = APIRouter(include_in_schema=False)
_CODE = f"{'0123456789ABCDEF' * 4}:0:{'FEDCBA9876543210' * 2}::"


@router.get("/kit", dependencies=[needs_nothing("samples without anybody's data, and not in production")])
async def kit_page(request: Request, settings: SettingsIn) -> Response:
    """Show each part as on a phone."""
    if settings.production:
        raise NoSuchAddress
    return page(request, "kit/samples.html", **_samples(request), tab="home")


@router.get("/kit/desk", dependencies=[needs_nothing("samples without anybody's data, and not in production")])
async def desk_page(request: Request, settings: SettingsIn) -> Response:
    """Show the parts at desk density."""
    if settings.production:
        raise NoSuchAddress
    words = words_of(request)
    nav = [("/kit/desk", words("samples.desk"), True), ("/kit", words("samples.phone"), False)]
    return page(request, "kit/samples_desk.html", **_samples(request), nav=nav)


def _samples(request: Request) -> dict[str, Any]:
    words = words_of(request)
    return {
        "errors": [Fault("phone", words("samples.phone-fault")), Fault("", words("samples.form-fault"))],
        "moment": datetime(2026, 11, 24, 1, 30, tzinfo=UTC),
        "picture": qr_svg(_CODE),
        "unavailable": words.problem(Unavailable()),
        "secret": "ABCD EFGH IJKL MNOP",
        "request_id": "01a2088b05027d898cf11062335371e1",
    }
