"""The face as a worker serves it: one carrier, one listener, closed in their order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from healthcloud.core.db import Database
from healthcloud.core.settings import Settings
from healthcloud.gateway.hl7.carrying import Carrier
from healthcloud.gateway.hl7.listening import Listener
from healthcloud.gateway.hl7.securing import secure
from healthcloud.gateway.serving import Evidence


@asynccontextmanager
async def open_listener(
    settings: Settings, database: Database, tls: tuple[Path, Path] | None, evidence: Evidence | None = None
) -> AsyncIterator[int | None]:
    """
    Listen for HL7 messages, if a port is set, and yield the port.

    `tls` are the city's certificate chain and key. On leaving, every message that came whole is acknowledged first.
    """
    if not settings.mllp_port:
        yield None
        return
    carrier = Carrier(database, settings, evidence)
    listener = Listener(carrier.answer, carrier.refuse)
    secured = secure(*tls, settings.mllp_client_authority_file) if tls is not None else None
    port = await listener.open(settings.host, settings.mllp_port, secured)
    try:
        yield port
    finally:
        await listener.close()
        await carrier.close()
