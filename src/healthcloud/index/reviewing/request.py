"""What the routes and pages of the queue take from a request beside the body."""

from collections.abc import Sequence
from typing import Annotated, cast

from fastapi import Depends, Request

from healthcloud.core.consequences import Consequence


async def _told(request: Request) -> Sequence[Consequence]:
    return cast("Sequence[Consequence]", getattr(request.app.state, "consequences", ()))


ConsequencesIn = Annotated[Sequence[Consequence], Depends(_told)]
