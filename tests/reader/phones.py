"""A city with its keys and a phone with its own: what makes certificates, codes and lists for tests, never for use."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from healthcloud.core.crypto import Algorithm
from healthcloud.core.crypto.software import signer
from healthcloud_reader import Certificate, DeviceCode, PublicKey, certificate_message, device_message

NOW = 29_833_333
CARD = bytes(range(32))


@dataclass(frozen=True)
class CityKey:
    """One of the city's signing keys, from a fixed secret."""

    public: PublicKey
    sign: Callable[[bytes], bytes] = field(repr=False)


def city_key(algorithm: Algorithm = Algorithm.SM2_SM3, seed: int = 7) -> CityKey:
    made = signer(algorithm, seed.to_bytes(32, "big"))
    return CityKey(made.public, made.sign)


@dataclass(frozen=True)
class Phone:
    """A phone's own P-256 key."""

    key: EllipticCurvePrivateKey

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)

    def sign(self, message: bytes) -> bytes:
        r, s = decode_dss_signature(self.key.sign(message, ECDSA(SHA256(), deterministic_signing=True)))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def phone(seed: int = 11) -> Phone:
    return Phone(derive_private_key(seed, SECP256R1()))


def stated(city: CityKey, holder: Phone, **changed: object) -> Certificate:
    usual = Certificate(
        algorithm=city.public.algorithm,
        city_key=city.public.id,
        card_id=CARD,
        slot=1,
        epoch=3,
        phone_key=holder.point,
        issued=NOW - 60,
        lifetime=7 * 24 * 60,
        level=3,
        sex=2,
        birth_year=1900,
        name="张*兰",
    )
    return replace(usual, **changed)  # type: ignore[arg-type]  # fields by their names


def code_of(city: CityKey, holder: Phone, step: int = NOW, **changed: object) -> DeviceCode:
    certificate = stated(city, holder, **changed)
    body = certificate.body()
    signed = Certificate.decode(certificate.encode(city.sign(certificate_message(body))))
    return DeviceCode(signed, step, holder.sign(device_message(body, step)))
