"""Offline verification: what one core proves of texts that phones signed, certificates remembered or met anew."""

import time
from collections.abc import Callable, Sequence
from statistics import median

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench.city import BenchCity
from bench.row import Row
from healthcloud.core.crypto import Algorithm, PublicKey
from healthcloud.core.crypto.software import new_secret, signer
from healthcloud_reader import Certificate, CertificateMemory, DeviceCode, certificate_message, device_message, parse

PHONES = 500
STEP = 29_924_000
PROMISES = {
    (Algorithm.SM2_SM3, False): 2_000,
    (Algorithm.P256_SHA256, True): 8_000,
}


def measure(_: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Read and prove texts of 500 phones one after the other; medians, in seconds of this process's own CPU."""
    rows = []
    for (algorithm, is_remembered), promise in PROMISES.items():
        key, texts = signed_texts(algorithm)
        rates = [_rate(texts, {key.id: key}, seconds, remembered=is_remembered) for _ in range(runs)]
        rate = median(rates)
        rows.append(
            Row(
                name=f"offline verify, {algorithm}, {'remembered' if is_remembered else 'not remembered'}",
                promise=f"≥ {promise:,} codes/s a core",
                found=f"{rate:,.0f} codes/s of CPU ({min(rates):,.0f}–{max(rates):,.0f})",
                kept=rate >= promise,
                data=f"{PHONES} phones, {len(texts[0])} characters a text",
                command="python -m bench offline_verify",
                checked="each text was proven; the same with another phone's signature was refused",
            )
        )
    return rows


def signed_texts(algorithm: Algorithm, phones: int = PHONES) -> tuple[PublicKey, list[str]]:
    """Return a city's key of this algorithm, and a code of each of so many phones."""
    city = signer(algorithm, new_secret(algorithm))
    keys = [generate_private_key(SECP256R1()) for _ in range(phones)]
    return city.public, [_text(city.public, city.sign, key, number) for number, key in enumerate(keys)]


def _text(city: PublicKey, sign: Callable[[bytes], bytes], key: EllipticCurvePrivateKey, number: int) -> str:
    certificate = Certificate(
        algorithm=city.algorithm,
        city_key=city.id,
        card_id=number.to_bytes(32, "big"),
        slot=1,
        epoch=0,
        phone_key=key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint),
        issued=STEP,
        lifetime=10_080,
        level=2,
        sex=2,
        birth_year=1900,
        name="张*兰",
    )
    body = certificate.body()
    signed = Certificate.decode(certificate.encode(sign(certificate_message(body))))
    r, s = decode_dss_signature(key.sign(device_message(body, STEP), ECDSA(SHA256())))
    return DeviceCode(signed, STEP, r.to_bytes(32, "big") + s.to_bytes(32, "big")).text


def _rate(texts: Sequence[str], trusted: dict[str, PublicKey], seconds: float, *, remembered: bool) -> float:
    memory = CertificateMemory(len(texts) if remembered else 1)
    _prove(texts, trusted, memory)
    proven, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        _prove(texts, trusted, memory)
        proven += len(texts)
    _refuse(texts, trusted)
    return proven / spent


def _prove(texts: Sequence[str], trusted: dict[str, PublicKey], memory: CertificateMemory) -> None:
    for text in texts:
        reading = parse(text)
        if not isinstance(reading, DeviceCode) or memory.check(reading, trusted) is not None:
            raise AssertionError(text)


def _refuse(texts: Sequence[str], trusted: dict[str, PublicKey]) -> None:
    one, other = parse(texts[0]), parse(texts[1])
    if not isinstance(one, DeviceCode) or not isinstance(other, DeviceCode):
        raise TypeError
    if CertificateMemory().check(one._replace(signature=other.signature), trusted) is None:
        raise AssertionError(texts[0])
