"""What features rely on: sealed values stay in their place, fingerprints are stable, signatures name their key."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from healthcloud.core.crypto import (
    Algorithm,
    FileKeyStore,
    KeyState,
    PublicKey,
    Purpose,
    SealBroken,
    Signature,
    Use,
    Vault,
    create_development_keys,
)
from healthcloud.core.crypto.errors import KeyMissing
from healthcloud_reader.keys import KeyUnreadable

FACE, PHONE = "people.face", "people.phone"
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(row=some.binary(max_size=40), plain=some.binary(max_size=300))
@many
def test_what_is_sealed_opens_again_in_its_row(vault: Vault, row: bytes, plain: bytes) -> None:
    sealed = vault.seal(FACE, row, plain)
    assert vault.open(FACE, row, sealed) == plain
    assert len(sealed) == len(plain) + 32
    assert vault.is_current(FACE, sealed)


def test_a_value_moved_to_another_row_does_not_open(vault: Vault) -> None:
    sealed = vault.seal(FACE, b"person 1", "张三".encode())
    with pytest.raises(SealBroken):
        vault.open(FACE, b"person 2", sealed)


def test_a_value_moved_to_another_purpose_does_not_open(vault: Vault) -> None:
    sealed = vault.seal(FACE, b"person 1", "张三".encode())
    with pytest.raises(SealBroken):
        vault.open(PHONE, b"person 1", sealed)


def test_purpose_and_row_are_bound_even_where_an_operator_gave_two_purposes_one_key(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_development_keys(path, [Purpose("people.face", Use.SEAL)])
    content = json.loads(path.read_text())
    content["purposes"]["people.faces"] = content["purposes"]["people.face"]
    path.write_text(json.dumps(content))
    vault = Vault(FileKeyStore(path))
    sealed = vault.seal("people.face", b"stone", b"x")
    for purpose, row in (("people.faces", b"stone"), ("people.faces", b"tone")):
        with pytest.raises(SealBroken):
            vault.open(purpose, row, sealed)


@given(data=some.data())
@many
def test_one_changed_bit_anywhere_breaks_the_seal(vault: Vault, data: some.DataObject) -> None:
    sealed = bytearray(vault.seal(FACE, b"row", b"0123456789"))
    bit = data.draw(some.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        vault.open(FACE, b"row", bytes(sealed))


@given(length=some.integers(0, 41))
@many
def test_a_value_cut_short_does_not_open(vault: Vault, length: int) -> None:
    with pytest.raises(SealBroken):
        vault.open(FACE, b"row", vault.seal(FACE, b"row", b"0123456789")[:length])


def test_a_broken_seal_tells_purpose_and_key_and_nothing_of_the_row(vault: Vault) -> None:
    with pytest.raises(SealBroken) as broken:
        vault.open(FACE, b"370402190001010015", vault.seal(FACE, b"row", b"secret"))
    assert broken.value.facts == {"purpose": FACE, "key": 1}
    assert "370402" not in str(broken.value.body())


def test_no_nonce_comes_twice(vault: Vault) -> None:
    sealed = [vault.seal(FACE, b"row", b"the same") for _ in range(20_000)]
    assert len({value[4:16] for value in sealed}) == len(sealed)
    assert len(set(sealed)) == len(sealed)


def test_fingerprints_are_stable_keyed_and_of_32_bytes(vault: Vault) -> None:
    one = vault.fingerprint("people.document", "370402190001010015")
    assert one == vault.fingerprint("people.document", "370402190001010015")
    assert one != vault.fingerprint("people.document", "370402190001010023")
    assert vault.fingerprints("people.document", "370402190001010015") == (one,)
    assert len(one) == 32


def test_derived_secrets_differ_by_info(vault: Vault) -> None:
    (one,) = vault.derive("cards.code", b"card 1")
    assert vault.derive("cards.code", b"card 1") == (one,)
    assert vault.derive("cards.code", b"card 2") != (one,)
    assert len(one) == 32


@pytest.mark.parametrize(
    ("purpose", "algorithm"),
    [("audit.head", "SM2-SM3"), ("cards.browser", "P-256-SHA-256"), ("cards.door", "Ed25519")],
)
def test_a_signature_names_key_and_algorithm_and_holds_for_its_message(
    vault: Vault, purpose: str, algorithm: str
) -> None:
    signature = vault.sign(purpose, b"head 7")
    (trusted,) = vault.trust_list(purpose)
    assert (signature.key, signature.algorithm, len(signature.value)) == (trusted.public.id, algorithm, 64)
    assert vault.verify(purpose, b"head 7", signature)
    assert trusted.public.verifies(b"head 7", signature.value)  # a reader with the list and no vault
    assert not vault.verify(purpose, b"head 8", signature)
    assert not vault.verify(purpose, b"head 7", Signature(signature.key, algorithm, signature.value[:-1]))
    assert not vault.verify(purpose, b"head 7", Signature(signature.key, algorithm, bytes(64)))
    stretched = signature.value[:32] + b"\0" + signature.value[32:]
    assert not vault.verify(purpose, b"head 7", Signature(signature.key, algorithm, stretched))
    assert not vault.verify(purpose, b"head 7", Signature("0" * 16, algorithm, signature.value))
    assert not vault.verify(purpose, b"head 7", Signature(signature.key, "none", signature.value))


def test_a_signature_of_another_purpose_is_refused(vault: Vault) -> None:
    assert not vault.verify("audit.head", b"head 7", vault.sign("cards.browser", b"head 7"))


@pytest.mark.parametrize("purpose", ["audit.head", "cards.browser", "cards.door"])
def test_public_keys_travel_as_pem(vault: Vault, purpose: str) -> None:
    (trusted,) = vault.trust_list(purpose)
    assert PublicKey.from_pem(trusted.public.pem()) == trusted.public
    assert PublicKey.from_pem(trusted.public.pem().replace("\n", "\r\n")).id == trusted.public.id


@pytest.mark.parametrize("text", ["", "-----BEGIN PUBLIC KEY-----", "hello\nworld", "PEM"])
def test_text_that_is_no_pem_is_no_key(text: str) -> None:
    with pytest.raises(KeyUnreadable):
        PublicKey.from_pem(text)


@pytest.mark.parametrize("body", ["****", "AAAA", "MCowBQYDK2VwAyEA"])
def test_pem_that_holds_no_key_of_ours_is_refused(body: str) -> None:
    with pytest.raises(KeyUnreadable):
        PublicKey.from_pem(f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")


@pytest.mark.parametrize("algorithm", [Algorithm.P256_SHA256, Algorithm.ED25519, Algorithm.HMAC_SM3])
def test_bytes_that_are_no_public_key_are_refused(algorithm: Algorithm) -> None:
    with pytest.raises(KeyUnreadable):
        PublicKey(algorithm, b"\4" + bytes(64)).verifies(b"message", bytes(64))


def test_an_unknown_purpose_or_another_use_is_refused(vault: Vault) -> None:
    with pytest.raises(KeyMissing):
        vault.seal("people.unheard-of", b"row", b"x")
    with pytest.raises(KeyMissing):
        vault.fingerprint(FACE, "x")
    with pytest.raises(KeyMissing):
        vault.sign("people.document", b"x")


@pytest.mark.parametrize("name", ["", "People.face", "people face", "people.\0", ".people", "a" * 65, "люди"])
def test_a_purpose_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="purpose name"):
        Purpose(name, Use.SEAL)


def test_a_purpose_takes_only_an_algorithm_of_its_use() -> None:
    with pytest.raises(ValueError, match="does not seal"):
        Purpose("people.face", Use.SEAL, Algorithm.ED25519)


def test_keys_tell_their_state_and_never_their_secret(store: FileKeyStore) -> None:
    ring = store.ring(FACE)
    assert (ring.current.number, ring.current.state) == (1, KeyState.CURRENT)
    assert "secret" not in repr(ring)
    assert "secret" not in repr(store.lines())
