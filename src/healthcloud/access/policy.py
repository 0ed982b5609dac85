"""The numbers access goes by, taken from the settings once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from healthcloud.access.limits import Limit
from healthcloud.access.passwords import PasswordCost
from healthcloud.core.settings import Settings


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """How long a session lasts: locked (staff) or over (residents) after `idle`, over after `life` in any case."""

    idle: timedelta
    life: timedelta


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """Times and limits; GB/T 22239-2019 8.1.4.1 bounds those of staff."""

    staff_sessions: SessionTerms
    resident_sessions: SessionTerms
    invitation_life: timedelta
    password_life: timedelta
    password_cost: PasswordCost
    account_failures: Limit
    address_failures: Limit
    code_life: timedelta
    code_guesses: int
    code_sends: tuple[Limit, ...]  # to one number
    code_sends_address: Limit
    code_sends_device: Limit
    code_guesses_number: Limit
    code_guesses_address: Limit
    signature_window: timedelta
    workers: int  # processes that share a client's quota
    secure_cookies: bool

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read them from the settings."""
        hour, day = timedelta(hours=1), timedelta(days=1)
        lock = timedelta(minutes=settings.lock_minutes)
        return cls(
            staff_sessions=SessionTerms(
                timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours)
            ),
            resident_sessions=SessionTerms(
                timedelta(days=settings.resident_session_idle_days), timedelta(days=settings.resident_session_days)
            ),
            invitation_life=timedelta(days=settings.invitation_days),
            password_life=timedelta(days=settings.password_days),
            password_cost=PasswordCost(settings.password_memory_kib, settings.password_passes),
            account_failures=Limit("account", settings.password_failures, lock),
            address_failures=Limit("address", settings.address_failures, lock),
            code_life=timedelta(minutes=settings.code_minutes),
            code_guesses=settings.code_guesses,
            code_sends=(
                Limit("code-again", 1, timedelta(seconds=settings.code_again_seconds)),
                Limit("code-hour", settings.code_sends_per_number_hour, hour),
                Limit("code-day", settings.code_sends_per_number_day, day),
            ),
            code_sends_address=Limit("code-address", settings.code_sends_per_address_hour, hour),
            code_sends_device=Limit("code-device", settings.code_sends_per_device_hour, hour),
            code_guesses_number=Limit("guess-day", settings.code_guesses_per_number_day, day),
            code_guesses_address=Limit("guess-address", settings.code_guesses_per_address_hour, hour),
            signature_window=timedelta(seconds=settings.signature_window_seconds),
            workers=settings.workers,
            secure_cookies=settings.production or settings.public_url.startswith("https:"),
        )
