"""Every answer of a simulator says so: header `X-Simulator`. Production adapters refuse an answer that has it."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Declared:
    """ASGI wrapper that adds `X-Simulator: <name>` and keeps every answer out of caches."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        self._app = app
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer through the app, declared."""

        async def declare(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Simulator"] = self._name
                headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, declare)
