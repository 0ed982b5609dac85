"""What we make others read, what others make we read: the gmssl package and the openssl command."""

import os
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from gmssl import sm2 as gmssl_sm2
from gmssl import sm3 as gmssl_sm3
from gmssl import sm4 as gmssl_sm4
from hypothesis import given, settings
from hypothesis import strategies as some

from healthcloud.core.crypto import Algorithm, PublicKey, hmac_sm3, sm3
from healthcloud.core.crypto.sm2 import PKCS8_PREFIX, Sm2PrivateKey
from healthcloud.core.crypto.software import Sm4Gcm
from healthcloud_reader.keys.sm2 import Sm2PublicKey

OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="no openssl command here")
SIGNER = "distid:1234567812345678"


@given(some.binary(max_size=200))
@settings(max_examples=20, deadline=None)
def test_gmssl_digests_alike(message: bytes) -> None:
    assert sm3(message).hex() == gmssl_sm3.sm3_hash(list(message))


@given(some.binary(max_size=70), some.binary(max_size=40))
@settings(max_examples=15, deadline=None)
def test_sm4_gcm_written_out_slowly_on_gmssl_agrees_both_ways(plain: bytes, bound: bytes) -> None:
    key, nonce = os.urandom(16), os.urandom(12)
    sealed = Sm4Gcm(key).seal(bound, plain)
    assert slow_sm4_gcm(key, sealed[:12], bound, sealed[12:-16], opening=True) == (plain, sealed[-16:])
    theirs, tag = slow_sm4_gcm(key, nonce, bound, plain, opening=False)
    assert Sm4Gcm(key).open(bound, nonce + theirs + tag) == plain


@pytest.mark.parametrize("message", [b"", b"abc", "健康云".encode(), bytes(300)])
def test_gmssl_verifies_our_sm2_signatures_and_we_its(message: bytes) -> None:
    pair = Sm2PrivateKey.generate()
    theirs = gmssl_sm2.CryptSM2(private_key=pair.raw().hex(), public_key="")
    theirs.public_key = pair.point[1:].hex()  # its constructor eats leading 0s and 4s
    assert theirs.verify_with_sm3(pair.sign(message).hex(), message)
    assert Sm2PublicKey(pair.point).verifies(message, bytes.fromhex(theirs.sign_with_sm3(message)))


@needs_openssl
def test_openssl_digests_alike() -> None:
    message, key = os.urandom(1000), os.urandom(32)
    assert sm3(message) == openssl("dgst", "-sm3", "-binary", given=message)
    code = openssl("mac", "-digest", "SM3", "-macopt", f"hexkey:{key.hex()}", "-binary", "HMAC", given=message)
    assert hmac_sm3(key, message) == code


@needs_openssl
def test_openssl_enciphers_the_block_alike() -> None:
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    assert openssl("enc", "-sm4-ecb", "-nopad", "-K", key.hex(), given=key) == gmssl_block(key, key)


@needs_openssl
def test_openssl_verifies_our_sm2_signature(tmp_path: Path) -> None:
    pair = Sm2PrivateKey.generate()
    (tmp_path / "public.pem").write_text(PublicKey(Algorithm.SM2_SM3, pair.point).pem())
    (tmp_path / "message").write_bytes(b"a prescription")
    r, s = halves(pair.sign(b"a prescription"))
    (tmp_path / "signature").write_bytes(encode_dss_signature(r, s))
    answer = pkeyutl(tmp_path, "-verify", "-pubin", "-inkey", "public.pem", "-sigfile", "signature")
    assert b"Verified Successfully" in answer


@needs_openssl
def test_we_verify_an_sm2_signature_of_openssl(tmp_path: Path) -> None:
    pair = Sm2PrivateKey.generate()
    body = b64encode(PKCS8_PREFIX + pair.raw()).decode()
    (tmp_path / "private.pem").write_text(f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n")
    (tmp_path / "message").write_bytes(b"a prescription")
    pkeyutl(tmp_path, "-sign", "-inkey", "private.pem", "-out", "signature")
    r, s = decode_dss_signature((tmp_path / "signature").read_bytes())
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert Sm2PublicKey(pair.point).verifies(b"a prescription", signature)
    assert not Sm2PublicKey(pair.point).verifies(b"another", signature)


@needs_openssl
@pytest.mark.parametrize(
    ("algorithm", "options"),
    [
        (Algorithm.SM2_SM3, ("-algorithm", "SM2")),
        (Algorithm.P256_SHA256, ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")),
        (Algorithm.ED25519, ("-algorithm", "ED25519")),
    ],
)
def test_we_read_public_keys_as_openssl_writes_them(algorithm: Algorithm, options: tuple[str, ...]) -> None:
    private = openssl("genpkey", *options, given=b"")
    written = openssl("pkey", "-pubout", given=private).decode()
    key = PublicKey.from_pem(written)
    assert key.algorithm is algorithm
    assert key.pem() == written


@needs_openssl
def test_we_read_an_sm2_pair_as_openssl_writes_it() -> None:
    der = openssl("genpkey", "-algorithm", "SM2", "-outform", "DER", given=b"")
    pair = Sm2PrivateKey.from_der(der)
    assert pair.raw() in der
    assert pair.point in der


def openssl(*arguments: str, given: bytes) -> bytes:
    assert OPENSSL is not None
    return subprocess.run([OPENSSL, *arguments], input=given, check=True, capture_output=True).stdout  # noqa: S603 - our own words


def pkeyutl(folder: Path, *arguments: str) -> bytes:
    assert OPENSSL is not None
    fixed = ("pkeyutl", "-rawin", "-digest", "sm3", "-pkeyopt", SIGNER, "-in", "message")
    return subprocess.run([OPENSSL, *fixed, *arguments], cwd=folder, check=True, capture_output=True).stdout  # noqa: S603 - our own words


def halves(signature: bytes) -> tuple[int, int]:
    return int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")


def gmssl_block(key: bytes, block: bytes) -> bytes:
    cipher = gmssl_sm4.CryptSM4()
    cipher.set_key(key, gmssl_sm4.SM4_ENCRYPT)
    return bytes(cipher.one_round(cipher.sk, list(block)))


def slow_sm4_gcm(key: bytes, nonce: bytes, bound: bytes, text: bytes, *, opening: bool) -> tuple[bytes, bytes]:
    """NIST SP 800-38D section 7, block by block on gmssl's SM4: the text turned round, and its tag."""
    hash_key = int.from_bytes(gmssl_block(key, bytes(16)), "big")
    turned = b""
    for counter, start in enumerate(range(0, len(text), 16), start=2):
        pad = gmssl_block(key, nonce + counter.to_bytes(4, "big"))
        turned += bytes(a ^ b for a, b in zip(text[start : start + 16], pad, strict=False))
    cipher_text = text if opening else turned
    hashed = 0
    lengths = (len(bound) * 8).to_bytes(8, "big") + (len(cipher_text) * 8).to_bytes(8, "big")
    padded = bound + bytes(-len(bound) % 16) + cipher_text + bytes(-len(cipher_text) % 16) + lengths
    for start in range(0, len(padded), 16):
        hashed = multiply(hashed ^ int.from_bytes(padded[start : start + 16], "big"), hash_key)
    mask = int.from_bytes(gmssl_block(key, nonce + bytes((0, 0, 0, 1))), "big")
    return turned, (hashed ^ mask).to_bytes(16, "big")


def multiply(x: int, y: int) -> int:
    """Multiply in GF(2^128) as SP 800-38D section 6.3 does."""
    product = 0
    for bit in range(127, -1, -1):
        if x >> bit & 1:
            product ^= y
        y = y >> 1 ^ (0xE1 << 120 if y & 1 else 0)
    return product
