"""A key as a process knows it, ready to prove requests with."""

from dataclasses import dataclass, field
from datetime import datetime

from healthcloud.access.clients.addresses import Networks, is_among
from healthcloud.access.clients.errors import AddressNotAllowed, SignatureWrong
from healthcloud.access.clients.model import KeyStanding
from healthcloud.access.clients.proofs import Proof
from healthcloud.access.clients.quotas import Bucket
from healthcloud.access.clients.signature import SHAPE, Algorithm, Signed, string_to_sign
from healthcloud.core.caller import Caller, Credentials


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key with its client; `secret` is a face's, else empty."""

    algorithm: Algorithm
    proves: Proof = field(repr=False)
    secret: str = field(repr=False)
    caller: Caller
    expires_at: datetime | None
    networks: Networks
    standing: KeyStanding
    bucket: Bucket = field(repr=False)
    loaded_at: float

    def is_over(self, now: datetime) -> bool:
        """Tell whether its time has run out."""
        return self.expires_at is not None and self.expires_at <= now

    def check(self, signed: Signed, credentials: Credentials) -> None:
        """Raise SignatureWrong unless this key signed the request as it arrived."""
        if signed.algorithm is not self.algorithm:
            raise SignatureWrong(f"this key proves with {self.algorithm}", shape=SHAPE, algorithm=self.algorithm)
        text = string_to_sign(
            signed.algorithm, credentials.method, credentials.target, signed.timestamp, signed.nonce, credentials.body
        )
        if not self.proves(text, signed.signature):
            raise SignatureWrong(
                "sign exactly these five lines, each ended by a line feed, with path and query as sent",
                shape=SHAPE,
                method=credentials.method,
                body_bytes=len(credentials.body),
                body_digest_begins=text.rsplit(b"\n", 2)[1][:8].decode(),
            )


def check_address(address: str | None, networks: Networks) -> None:
    """Raise AddressNotAllowed unless a request that is rightly signed may come from here."""
    if not is_among(address, networks):
        raise AddressNotAllowed(address=address)
