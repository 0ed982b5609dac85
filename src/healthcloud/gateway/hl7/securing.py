"""How connections are secured: TLS 1.2 or later, with certificates of the senders where the city has an authority."""

import ssl
from pathlib import Path

import structlog

_log = structlog.get_logger("healthcloud.hl7")


class Handshake(ssl.SSLObject):
    """
    A connection's TLS that tells why it could not be opened.

    Event loops drop a failed handshake without a word, and whoever set up the hospital's end sees a closed line only.
    """

    def do_handshake(self) -> None:
        """Go on; log what ends it: of a certificate why it is refused, never what stands in it."""
        try:
            super().do_handshake()
        except ssl.SSLWantReadError:
            raise
        except ssl.SSLCertVerificationError as refused:
            _log.warning("TLS refused", reason="certificate", why=refused.verify_message)
            raise
        except ssl.SSLError as refused:
            _log.warning("TLS refused", reason="handshake", why=refused.reason or type(refused).__name__)
            raise


def secure(certificate: Path, key: Path, client_authority: Path | None) -> ssl.SSLContext:
    """Return how connections are secured; with an authority for clients, each must show a certificate of it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sslobject_class = Handshake
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if client_authority is not None:
        context.load_verify_locations(client_authority)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
