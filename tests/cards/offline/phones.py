"""A phone that signs its own codes, as the page of a resident does with WebCrypto."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

import httpx
from cards.scanning import Holder, Town
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from healthcloud_reader import Certificate, DeviceCode, SignedCertificate, device_message, key_proof_message, step_at
from healthcloud_reader.jws import to_base64url


def new_key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def point(key: EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def signature(key: EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(message, ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass
class OwnPhone:
    """An enrolled phone with its key and, once asked for, its certificate."""

    town: Town
    holder: Holder
    id: str
    slot: int
    key: EllipticCurvePrivateKey
    signed: SignedCertificate | None = None

    async def ask(self, *, key: EllipticCurvePrivateKey | None = None, off: int = 0, **changed: Any) -> httpx.Response:
        """Ask for a certificate; `off` is how many minutes the phone's clock is off."""
        used = key or self.key
        minutes = step_at(self.town.now) + off
        phone_id = bytes.fromhex(self.id.replace("-", ""))
        body = {
            "public_key": to_base64url(point(used)),
            "minutes": minutes,
            "proof": to_base64url(signature(used, key_proof_message(phone_id, minutes))),
        }
        return await self.town.act(self.holder, f"/phones/{self.id}/certificate", body | changed)

    async def certified(self) -> "OwnPhone":
        """Get a certificate, or a new one."""
        answer = await self.ask()
        assert answer.status_code == 201, answer.text
        text = answer.json()["certificate"]
        self.signed = Certificate.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return self

    def code(self, step: int = 0, *, key: EllipticCurvePrivateKey | None = None) -> str:
        """Make the code of a minute, `step` minutes from now, with no network."""
        assert self.signed is not None
        at = step_at(self.town.now) + step
        return DeviceCode(
            self.signed, at, signature(key or self.key, device_message(self.signed.certificate.body(), at))
        ).text


async def own_phone(town: Town, holder: Holder | None = None, label: str = "我的手机") -> OwnPhone:
    """Enrol a phone for a holder, and have its key certified."""
    whose = holder or await town.holder()
    answer = await town.act(whose, "/phones", {"label": label})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    return await OwnPhone(town, whose, body["phone_id"], body["slot"], new_key()).certified()
