"""What proves a signature, by the kind of its key; and reading the public half of an SM2 key."""

from base64 import b64decode, b64encode
from collections.abc import Callable

from healthcloud.access.clients.errors import PublicKeyUnreadable
from healthcloud.access.clients.signature import Algorithm, signer_of
from healthcloud.core import crypto
from healthcloud.core.crypto import PublicKey, same
from healthcloud_reader.keys import KeyUnreadable

Proof = Callable[[bytes, str], bool]


def proof_of(algorithm: Algorithm, secret: bytes) -> Proof:
    """
    Return what tells whether a base64 signature is right over a text; prepared once per key.

    Compared as text: base64 that decodes to the same bytes in a second way is not the same.
    """
    if algorithm is Algorithm.APP_SECRET:
        return lambda _text, _signature: False
    if algorithm is Algorithm.SM2:
        verify = PublicKey(crypto.Algorithm.SM2_SM3, secret).verifier()
        return lambda text, signature: _spelled_once(signature) and verify(text, b64decode(signature))
    sign = signer_of(algorithm, secret)
    return lambda text, signature: same(b64encode(sign(text)), signature.encode())


def _spelled_once(signature: str) -> bool:
    return b64encode(b64decode(signature)) == signature.encode()


def read_public_key(text: str) -> bytes:
    """Return the 65-byte point of an SM2 key given as PEM or as hexadecimal digits; raise PublicKeyUnreadable."""
    try:
        if text.strip().startswith("-----"):
            key = PublicKey.from_pem(text)
        else:
            key = PublicKey(crypto.Algorithm.SM2_SM3, bytes.fromhex(text))
            key.verifier()
    except (KeyUnreadable, ValueError):
        raise PublicKeyUnreadable from None
    if key.algorithm is not crypto.Algorithm.SM2_SM3:
        raise PublicKeyUnreadable
    return key.value
