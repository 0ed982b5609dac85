"""What uploads use keys for."""

from healthcloud.core.crypto import Purpose, Use

CREDENTIAL = "province.credential"
PURPOSES = (Purpose(CREDENTIAL, Use.SEAL),)
