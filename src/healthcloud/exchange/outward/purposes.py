"""What outward uses keys for."""

from healthcloud.core.crypto import Purpose, Use

BODY = "exchange.outgoing"
SECRET = "exchange.endpoint"  # noqa: S105 - the purpose's name
PURPOSES = (Purpose(BODY, Use.SEAL), Purpose(SECRET, Use.SEAL))
