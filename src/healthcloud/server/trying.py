"""The sandbox in one process: its clock followed, and the application recorded where the setting says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from healthcloud import gateway, sandbox
from healthcloud.core.db import Database
from healthcloud.server.app import Application


@asynccontextmanager
async def following(database: Database) -> AsyncIterator[sandbox.Current | None]:
    """Follow the sandbox's state while this is open, read before anybody asks; None where this is no sandbox."""
    if database.clock.shift is None:
        yield None
        return
    current = sandbox.Current(database, database.clock.shift)
    await current.renew()
    task = asyncio.create_task(current.follow())
    try:
        yield current
    finally:
        task.cancel()
        await current.close()


def recorded(
    application: Application, current: sandbox.Current | None, keys: gateway.FaceKeys
) -> Application | sandbox.Recorder:
    """Return the application, in a sandbox with its journal around it."""
    return application if current is None else sandbox.Recorder(application, current, sandbox.faces(keys))
