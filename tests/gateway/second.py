"""SM3 and SM4 by a second implementation: what a hospital's engineer would take, and nothing of ours."""

from gmssl import sm3, sm4


def digest(data: bytes) -> str:
    """Return SM3 in small hexadecimal digits."""
    return str(sm3.sm3_hash(list(data)))


def encrypted(key: bytes, plain: bytes) -> bytes:
    """Return SM4-ECB with zero padding."""
    return _blocks(key, plain + bytes(-len(plain) % 16), sm4.SM4_ENCRYPT)


def decrypted(key: bytes, sealed: bytes) -> bytes:
    """Return the plaintext without its zeros."""
    return _blocks(key, sealed, sm4.SM4_DECRYPT).rstrip(b"\0")


def _blocks(key: bytes, data: bytes, mode: int) -> bytes:
    cipher = sm4.CryptSM4()
    cipher.set_key(key, mode)
    return b"".join(
        bytes(cipher.one_round(cipher.sk, list(data[place : place + 16]))) for place in range(0, len(data), 16)
    )
