"""How a command reaches the city: as this software itself, in one process, with the database running meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import ValidationError

from healthcloud.core.logs import set_up_logs
from healthcloud.core.settings import Settings
from healthcloud.server.cli.output import say
from healthcloud.server.composition import City, open_city
from healthcloud.server.errors import SettingsUnreadable
from healthcloud.server.storage import running_storage
from healthcloud.server.tls import serves_tls

Result = TypeVar("Result")


def load_settings() -> Settings:
    """Read the settings; raise SettingsUnreadable, without the values, which may be secrets."""
    try:
        return Settings.load()
    except ValidationError as error:
        faults = (f"HEALTHCLOUD_{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors())
        raise SettingsUnreadable("\n".join(faults)) from None


def with_public_url(settings: Settings) -> Settings:
    """Return settings whose public address is where they listen, unless one was set."""
    if "public_url" in settings.model_fields_set:
        return settings
    scheme = "https" if serves_tls(settings) else "http"
    return settings.model_copy(update={"public_url": f"{scheme}://{settings.host}:{settings.port}"})


def settings_of_command() -> Settings:
    """Read the settings; from here on only what goes wrong is logged."""
    settings = with_public_url(load_settings())
    set_up_logs("WARNING" if settings.log_level in ("DEBUG", "INFO") else settings.log_level, settings.log_format)
    return settings


def in_city(action: Callable[[City], Awaitable[Result]]) -> Result:
    """Open the city, run this in it, close it."""
    settings = settings_of_command()

    async def run() -> Result:
        async with open_city(settings, name="healthcloud command", pool_size=2) as city:
            return await action(city)

    with running_storage(settings, say):
        return asyncio.run(run())
