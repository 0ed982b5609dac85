"""The second factor: time-based one-time passwords (RFC 6238), 6 digits, 30 s, SHA-1 as every app knows them."""

from datetime import datetime

import pyotp

from healthcloud.core.crypto import same

STEP_SECONDS = 30
ISSUER = "健康云"
_STEPS_AROUND = (0, -1, 1)  # a phone may be half a minute off


def new_secret() -> str:
    """Return 160 random bits in base32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, login: str) -> str:
    """Return the otpauth URI an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=login, issuer_name=ISSUER)


def matching_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Return the step this code is of, if it is one of those around now and later than the last one used."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in (current + around for around in _STEPS_AROUND):
        fits = same(totp.generate_otp(step).encode(), code.encode())
        if fits and step > last_step:
            found = step
    return found
