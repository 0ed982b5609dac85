"""SM2 through the system's OpenSSL."""

import ctypes.util
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from healthcloud.core.crypto import Algorithm, KeyUnreadable, PublicKey
from healthcloud.core.crypto.errors import Sm2Unavailable
from healthcloud.core.crypto.sm2 import PKCS8_PREFIX, Sm2PrivateKey
from healthcloud_reader import keys
from healthcloud_reader.keys import libcrypto
from healthcloud_reader.keys.sm2 import Sm2PublicKey

ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123


@pytest.fixture
def fresh_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the library looked for again; what was opened comes back afterwards, since keys belong to one opening."""
    monkeypatch.setattr(libcrypto, "_opened", cache(libcrypto._opened.__wrapped__))


ASKED_BY_MANY = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from healthcloud_reader.keys.libcrypto import libcrypto

together = Barrier(16)

def ask(_):
    together.wait()
    return libcrypto()

with ThreadPoolExecutor(16) as threads:
    print(len(set(map(id, threads.map(ask, range(16))))))
"""


def test_the_library_is_opened_once_though_many_threads_ask_first() -> None:
    command = [sys.executable, "-c", ASKED_BY_MANY]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own text
    assert asked.stdout == "1\n"


def test_a_pair_survives_being_written_and_read() -> None:
    pair = Sm2PrivateKey.generate()
    again = Sm2PrivateKey.from_raw(pair.raw())
    assert (again.raw(), again.point) == (pair.raw(), pair.point)
    assert Sm2PublicKey(pair.point).verifies(b"word", again.sign(b"word"))


def test_a_changed_message_signature_or_key_is_refused() -> None:
    pair, stranger = Sm2PrivateKey.generate(), Sm2PrivateKey.generate()
    signature = pair.sign(b"word")
    public = Sm2PublicKey(pair.point)
    assert public.verifies(b"word", signature)
    assert not public.verifies(b"word", signature[:32] + b"\0" + signature[32:])
    assert not public.verifies(b"ward", signature)
    assert not Sm2PublicKey(stranger.point).verifies(b"word", signature)
    for place in (0, 31, 32, 63):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert not public.verifies(b"word", bytes(changed))


@pytest.mark.parametrize(
    "nonsense", [b"", bytes(63), bytes(64), bytes(65), b"\xff" * 64, ORDER.to_bytes(32, "big") * 2]
)
def test_nonsense_is_no_signature(nonsense: bytes) -> None:
    assert not Sm2PublicKey(Sm2PrivateKey.generate().point).verifies(b"word", nonsense)


@pytest.mark.parametrize("number", [b"", bytes(32), bytes(31), (ORDER - 1).to_bytes(32, "big"), b"\xff" * 32])
def test_a_number_outside_the_range_is_no_private_key(number: bytes) -> None:
    with pytest.raises(KeyUnreadable):
        Sm2PrivateKey.from_raw(number)


def test_a_point_off_the_curve_is_no_public_key() -> None:
    point = bytearray(Sm2PrivateKey.generate().point)
    point[40] ^= 1
    with pytest.raises(keys.KeyUnreadable):
        Sm2PublicKey(bytes(point))
    with pytest.raises(keys.KeyUnreadable):
        PublicKey(Algorithm.SM2_SM3, bytes(point)).verifies(b"word", bytes(64))
    with pytest.raises(keys.KeyUnreadable):
        Sm2PublicKey(bytes(33))


def test_der_of_another_curve_or_none_is_no_private_key() -> None:
    p256 = bytes.fromhex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420") + bytes(31) + b"\7"
    for der in (p256, b"", b"\x30\x03\x02\x01\x01", PKCS8_PREFIX):
        with pytest.raises(KeyUnreadable):
            Sm2PrivateKey.from_der(der)


def test_openssls_reason_is_told() -> None:
    crypto = libcrypto.libcrypto()
    with pytest.raises(keys.Sm2Failed) as failed:
        crypto.sound(crypto.lib.d2i_PUBKEY(crypto.ffi.NULL, crypto.ffi.new("const unsigned char **"), 0))
    assert str(failed.value).startswith("error:")


@pytest.mark.usefixtures("fresh_library")
@pytest.mark.parametrize("found", [(), ("libnothing.so.9",), ("libc.so.6",)])
def test_a_missing_library_is_said_in_words(monkeypatch: pytest.MonkeyPatch, found: tuple[str, ...]) -> None:
    monkeypatch.setattr(libcrypto, "NAMES", found)
    monkeypatch.setattr(ctypes.util, "find_library", lambda _name: None)
    with pytest.raises(Sm2Unavailable) as missing:
        Sm2PrivateKey.generate()
    assert "libssl3" in missing.value.sentence
    assert "libssl3" in missing.value.zh
    with pytest.raises(keys.Sm2Unavailable, match="libssl3"):
        PublicKey(Algorithm.SM2_SM3, b"\4" + bytes(64)).verifies(b"word", bytes(64))


def test_nothing_leaks() -> None:
    def work(times: int) -> None:
        for _ in range(times):
            pair = Sm2PrivateKey.from_raw(Sm2PrivateKey.generate().raw())
            assert len({pair.raw() for _ in range(20)}) == 1
            Sm2PublicKey(pair.point).verifies(b"word", pair.sign(b"word"))

    work(100)
    before = resident_bytes()
    work(600)
    assert resident_bytes() - before < 200_000  # one forgotten digest context each would be 400,000 and more


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
