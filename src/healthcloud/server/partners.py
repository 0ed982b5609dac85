"""The systems of others, as the settings name them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from healthcloud import channels, people
from healthcloud.core.clock import Clock
from healthcloud.core.settings import Settings


class NoAggregator:
    """Stands where no SMS aggregator is set: texts wait, and the failure names the setting."""

    async def send(self, phone: str, text: str, reference: str) -> None:  # noqa: ARG002 - the port's shape
        """Send nothing."""
        raise channels.TextUndelivered("HEALTHCLOUD_SMS_URL is not set")


@asynccontextmanager
async def sms_sender(settings: Settings, clock: Clock) -> AsyncIterator[channels.SmsSender]:
    """Give the SMS aggregator of the settings."""
    if settings.sms_url is None:
        yield NoAggregator()
        return
    async with channels.SmsAggregator(
        settings.sms_url,
        app_id=settings.sms_app_id,
        key=settings.sms_key.get_secret_value() if settings.sms_key else "",
        timeout_seconds=settings.partner_timeout_seconds,
        allow_simulator=not settings.production,
        clock=clock,
    ) as aggregator:
        yield aggregator


@asynccontextmanager
async def population_registry(
    settings: Settings, clock: Clock
) -> AsyncIterator[people.registry.PopulationRegistry | None]:
    """Give the population registry of the settings; without one nobody is verified by it."""
    if settings.registry_url is None:
        yield None
        return
    async with people.registry.HttpRegistry(
        settings.registry_url,
        app_id=settings.registry_app_id,
        key=settings.registry_key.get_secret_value() if settings.registry_key else "",
        timeout_seconds=settings.partner_timeout_seconds,
        allow_simulator=not settings.production,
        clock=clock,
    ) as registry:
        yield registry
