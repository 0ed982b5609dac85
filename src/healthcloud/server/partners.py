"""The systems of others, as the settings name them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from pydantic import SecretStr

from healthcloud import channels, people, province
from healthcloud.core.clock import Clock
from healthcloud.core.partner import Partner
from healthcloud.core.settings import Settings

Some = TypeVar("Some", bound=Partner)


class NoAggregator:
    """Stands where no SMS aggregator is set: texts wait, and the failure names the setting."""

    async def send(self, phone: str, text: str, reference: str) -> None:  # noqa: ARG002 - the port's shape
        """Send nothing."""
        raise channels.TextUndelivered("HEALTHCLOUD_SMS_URL is not set")


def _partner(kind: type[Some], account: tuple[str, str, SecretStr | None], settings: Settings, clock: Clock) -> Some:
    """Return a partner's client for our account there: its address, our name and our key."""
    url, app_id, key = account
    return kind(
        url,
        app_id=app_id,
        key=key.get_secret_value() if key else "",
        timeout_seconds=settings.partner_timeout_seconds,
        allow_simulator=not settings.production,
        clock=clock,
    )


@asynccontextmanager
async def sms_sender(settings: Settings, clock: Clock) -> AsyncIterator[channels.SmsSender]:
    """Give the SMS aggregator of the settings."""
    if settings.sms_url is None:
        yield NoAggregator()
        return
    account = settings.sms_url, settings.sms_app_id, settings.sms_key
    async with _partner(channels.SmsAggregator, account, settings, clock) as aggregator:
        yield aggregator


@asynccontextmanager
async def population_registry(
    settings: Settings, clock: Clock
) -> AsyncIterator[people.registry.PopulationRegistry | None]:
    """Give the population registry of the settings; without one nobody is verified by it."""
    if settings.registry_url is None:
        yield None
        return
    account = settings.registry_url, settings.registry_app_id, settings.registry_key
    async with _partner(people.registry.HttpRegistry, account, settings, clock) as registry:
        yield registry


def province_of(settings: Settings, clock: Clock) -> province.HttpProvince | None:
    """Return the provincial platform of the settings; it connects when something first goes up."""
    if settings.province_url is None:
        return None
    return province.HttpProvince(
        settings.province_url,
        timeout_seconds=settings.partner_timeout_seconds,
        allow_simulator=not settings.production,
        clock=clock,
    )
