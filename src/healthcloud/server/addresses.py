"""Which routes an address may belong to, by its beginning: hundreds are not asked one after the other."""

from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from starlette.types import Receive, Scope, Send


class ByBeginning:
    """
    A router's routes in parts, each tried in the router's own order.

    An address whose beginning no part has is given to the whole router: it answers, or says that there is nothing.
    """

    def __init__(self, whole: APIRouter) -> None:
        self._whole = whole
        begun = [
            ({beginning_of(one.path or "{") for one in iter_route_contexts([route])}, route) for route in whole.routes
        ]
        known = {beginning for beginnings, _ in begun for beginning in beginnings if "{" not in beginning}
        self._parts = {
            beginning: APIRouter(
                redirect_slashes=False,
                routes=[
                    route
                    for beginnings, route in begun
                    if beginning in beginnings or any("{" in one for one in beginnings)
                ],
            )
            for beginning in known
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request by the part it may belong to."""
        part = self._parts.get(beginning_of(scope["path"])) if scope["type"] == "http" else None
        await (part or self._whole).app(scope, receive, send)


def beginning_of(path: str) -> str:
    """Return by what an address is told apart: what follows /api/v1, two names of the console, else the first name."""
    names = path.split("/", 4)
    if names[1:3] == ["api", "v1"] and len(names) > 3:  # noqa: PLR2004 - a name after the version
        return "/".join(names[1:4])
    return "/".join(names[1:3]) if names[1:2] == ["console"] else "/".join(names[1:2])
