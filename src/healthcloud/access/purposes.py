"""What access uses keys for."""

from healthcloud.core.crypto import Purpose, Use

SECOND_FACTOR = "access.second-factor"
PHONE = "access.phone"
PHONE_FINGERPRINT = "access.phone-fingerprint"
CODE = "access.one-time-code"
TRIES = "access.tries"
RIGHTS = "access.rights"
CLIENT_SECRET = "access.client-secret"  # noqa: S105 - the purpose's name

PURPOSES = (
    Purpose(SECOND_FACTOR, Use.SEAL),
    Purpose(PHONE, Use.SEAL),
    Purpose(PHONE_FINGERPRINT, Use.FINGERPRINT),
    Purpose(CODE, Use.FINGERPRINT),
    Purpose(TRIES, Use.FINGERPRINT),
    Purpose(RIGHTS, Use.FINGERPRINT),
    Purpose(CLIENT_SECRET, Use.SEAL),
)
