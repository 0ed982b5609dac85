"""SM3 (GB/T 32905), HMAC-SM3 and SM4-ECB with zero padding (GB/T 32907), written from the standards; slow and plain."""

import struct

_WORD = 0xFFFFFFFF
_START: tuple[int, ...] = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip
_EARLY = 16
_SBOX = bytes.fromhex(
    "d690e9fecce13db716b614c228fb2c052b679a762abe04c3aa441326498606999c4250f491ef987a33540b43edcfac62"
    "e4b31ca9c908e89580df94fa758f3fa64707a7fcf37317ba83593c19e6854fa8686b81b27164da8bf8eb0f4b70569d35"
    "1e240e5e6358d1a225227c3b01217887d40046579fd327524c3602e7a0c4c89eeabf8ad240c738b5a3f7f2cef96115a1"
    "e0ae5da49b341a55ad933230f58cb1e31df6e22e8266ca60c02923ab0d534e6fd5db3745defd8e2f03ff6a726d6c5b51"
    "8d1baf92bbddbc7f11d95c411f105ad80ac13188a5cd7bbd2d74d012b8e5b4b08969974a0c96777e65b9f109c56ec684"
    "18f07dec3adc4d2079ee5f3ed7cb3948"
)
_FK = (0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC)
_CK = tuple(sum(((4 * i + j) * 7 % 256) << (24 - 8 * j) for j in range(4)) for i in range(32))
BLOCK = 16


def sm3(message: bytes) -> bytes:
    """Return the digest, 32 bytes."""
    padded = message + b"\x80" + bytes((55 - len(message)) % 64) + struct.pack(">Q", len(message) * 8)
    state = _START
    for start in range(0, len(padded), 64):
        state = _compressed(state, padded[start : start + 64])
    return struct.pack(">8I", *state)


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    """Return the HMAC with SM3."""
    block = (sm3(key) if len(key) > 64 else key).ljust(64, b"\0")  # noqa: PLR2004 - SM3's block
    inner = sm3(bytes(b ^ 0x36 for b in block) + message)
    return sm3(bytes(b ^ 0x5C for b in block) + inner)


def sm4_encrypt(key: bytes, plain: bytes) -> bytes:
    """Return the ECB ciphertext of a text padded with zero bytes."""
    keys = _round_keys(key)
    padded = plain + bytes(-len(plain) % BLOCK)
    return b"".join(_crypted(padded[n : n + BLOCK], keys) for n in range(0, len(padded), BLOCK))


def sm4_decrypt(key: bytes, sealed: bytes) -> bytes:
    """Return the plaintext without the zero bytes at its end."""
    keys = _round_keys(key)[::-1]
    return b"".join(_crypted(sealed[n : n + BLOCK], keys) for n in range(0, len(sealed), BLOCK)).rstrip(b"\0")


def _turned(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _WORD


def _compressed(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        x = words[j - 16] ^ words[j - 9] ^ _turned(words[j - 3], 15)
        words.append(x ^ _turned(x, 15) ^ _turned(x, 23) ^ _turned(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = 0x79CC4519 if j < _EARLY else 0x7A879D8A
        ss1 = _turned((_turned(a, 12) + e + _turned(constant, j)) & _WORD, 7)
        ss2 = ss1 ^ _turned(a, 12)
        ff = a ^ b ^ c if j < _EARLY else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if j < _EARLY else (e & f) | (~e & _WORD & g)
        tt1 = (ff + d + ss2 + (words[j] ^ words[j + 4])) & _WORD
        tt2 = (gg + h + ss1 + words[j]) & _WORD
        a, b, c, d = tt1, a, _turned(b, 9), c
        e, f, g, h = tt2 ^ _turned(tt2, 9) ^ _turned(tt2, 17), e, _turned(f, 19), g
    return tuple(one ^ other for one, other in zip((a, b, c, d, e, f, g, h), state, strict=True))


def _substituted(word: int) -> int:
    return int.from_bytes(bytes(_SBOX[b] for b in word.to_bytes(4, "big")), "big")


def _round_keys(key: bytes) -> list[int]:
    k = [word ^ fk for word, fk in zip(struct.unpack(">4I", key), _FK, strict=True)]
    for i in range(32):
        b = _substituted(k[i + 1] ^ k[i + 2] ^ k[i + 3] ^ _CK[i])
        k.append(k[i] ^ b ^ _turned(b, 13) ^ _turned(b, 23))
    return k[4:]


def _crypted(block: bytes, keys: list[int]) -> bytes:
    x = list(struct.unpack(">4I", block))
    for i in range(32):
        b = _substituted(x[i + 1] ^ x[i + 2] ^ x[i + 3] ^ keys[i])
        x.append(x[i] ^ b ^ _turned(b, 2) ^ _turned(b, 10) ^ _turned(b, 18) ^ _turned(b, 24))
    return struct.pack(">4I", x[35], x[34], x[33], x[32])
