"""The population registry of a request: `server` keeps it in the application's state."""

from typing import Annotated, cast

from fastapi import Depends, Request

from healthcloud.people.registry.ports import PopulationRegistry


async def _registry(request: Request) -> PopulationRegistry | None:
    return cast("PopulationRegistry | None", getattr(request.app.state, "registry", None))


RegistryIn = Annotated[PopulationRegistry | None, Depends(_registry)]
