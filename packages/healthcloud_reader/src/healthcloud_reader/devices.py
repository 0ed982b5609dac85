"""
The device-signed code: `EHC1:` and the base45 of certificate ‖ step ‖ phone signature, proven with no network.

The phone signs "EHC1-STEP" ‖ 0 ‖ SHA-256(body) ‖ step (4 bytes) with ECDSA P-256 SHA-256. A use is named by card id,
slot and step, never by signature bytes: who holds no key can still make a second valid signature from a first.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

from healthcloud_reader.base45 import b45decode, b45encode
from healthcloud_reader.certificates import SIGNATURE_LENGTH, SignedCertificate, read_certificate
from healthcloud_reader.keys import KeyUnreadable, PublicKey, Verify
from healthcloud_reader.reasons import Reason, Unreadable

PREFIX = "EHC1:"
MAX_LENGTH = 391
STEP_LENGTH = 4
_REMEMBERED = 4096


class DeviceCode(NamedTuple):
    """A code a phone signed for one step; nothing of it is proven before `check_device` says so."""

    signed: SignedCertificate
    step: int
    signature: bytes

    @property
    def text(self) -> str:
        """The text a QR code carries: at most 391 characters of its alphanumeric mode."""
        return PREFIX + b45encode(self.signed.encode() + self.step.to_bytes(STEP_LENGTH, "big") + self.signature)

    @property
    def use(self) -> tuple[bytes, int, int]:
        """Card id, slot and step: what a use is known by."""
        stated = self.signed.certificate
        return stated.card_id, stated.slot, self.step


def device_message(body: bytes, step: int) -> bytes:
    """Return what a phone signs for a step; `body` is its certificate's."""
    return b"EHC1-STEP\0" + sha256(body).digest() + step.to_bytes(STEP_LENGTH, "big")


def read_device(text: str) -> DeviceCode:
    """Read a text that begins with `EHC1:`, in capitals and with nothing around it; raise Unreadable."""
    if len(text) > MAX_LENGTH:
        raise Unreadable(Reason.DEVICE_LENGTH)
    signed, rest = read_certificate(b45decode(text[len(PREFIX) :]))
    if len(rest) != STEP_LENGTH + SIGNATURE_LENGTH:
        raise Unreadable(Reason.DEVICE_LENGTH)
    return DeviceCode(signed, int.from_bytes(rest[:STEP_LENGTH], "big"), rest[STEP_LENGTH:])


@dataclass(frozen=True, slots=True)
class _Known:
    """A certificate that was found genuine: under which key, its message's digest and its phone's own verification."""

    key: PublicKey
    verify: Verify


class CertificateMemory:
    """
    Certificates found genuine, so that the next code of the same phone costs one P-256 verification.

    Remembered by SHA-256 over body and signature, the least lately seen forgotten first; safe between threads. Whether
    a certificate is live, or its key still trusted, is asked each time.
    """

    def __init__(self, limit: int = _REMEMBERED) -> None:
        self._limit = limit
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._lock = Lock()

    def check(self, code: DeviceCode, trusted: Mapping[str, PublicKey]) -> Reason | None:
        """
        Return None when city and phone signed this code, else why it is not believed.

        `trusted` has the city's live keys by their ids. Reasons: CITY_KEY (signed under none of them),
        CITY_SIGNATURE, DEVICE_KEY (the phone's key is no point), DEVICE_SIGNATURE. Time is not looked at.
        """
        key = trusted.get(code.signed.certificate.city_key)
        if key is None or key.algorithm != code.signed.certificate.algorithm:
            return Reason.CITY_KEY
        body = code.signed.certificate.body()
        digest = sha256(body + code.signed.signature).digest()
        known = self._recall(digest)
        if known is None or known.key != key:
            if not code.signed.signed_by(key):
                return Reason.CITY_SIGNATURE
            try:
                known = _Known(key, PublicKey.from_point(code.signed.certificate.phone_key).verifier())
            except KeyUnreadable:
                return Reason.DEVICE_KEY
            self._remember(digest, known)
        genuine = known.verify(device_message(body, code.step), code.signature)
        return None if genuine else Reason.DEVICE_SIGNATURE

    def _recall(self, digest: bytes) -> _Known | None:
        with self._lock:
            known = self._known.get(digest)
            if known is not None:
                self._known.move_to_end(digest)
            return known

    def _remember(self, digest: bytes, known: _Known) -> None:
        with self._lock:
            self._known[digest] = known
            if len(self._known) > self._limit:
                self._known.popitem(last=False)


def check_device(code: DeviceCode, trusted: Mapping[str, PublicKey]) -> Reason | None:
    """Tell the same of one code, remembering nothing."""
    return CertificateMemory(1).check(code, trusted)
