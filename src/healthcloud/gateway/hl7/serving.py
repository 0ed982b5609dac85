"""The face as a worker serves it: one carrier, one listener, closed in their order."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from healthcloud.core.db import Database
from healthcloud.core.settings import Settings
from healthcloud.gateway.hl7.carrying import Carrier
from healthcloud.gateway.hl7.listening import Listener
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
    port = await listener.open(settings.host, settings.mllp_port, _context(settings, tls))
    try:
        yield port
    finally:
        await listener.close()
        await carrier.close()


def _context(settings: Settings, tls: tuple[Path, Path] | None) -> ssl.SSLContext | None:
    """Return how connections are secured; with an authority for clients, each must show a certificate of it."""
    if tls is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(*tls)
    if settings.mllp_client_authority_file is not None:
        context.load_verify_locations(settings.mllp_client_authority_file)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
