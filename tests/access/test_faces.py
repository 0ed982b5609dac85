"""Keys of faces and addresses: one kind is never taken for another, and a list of addresses holds on every way in."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from access.machines import BODY, PATH, Machine, a_machine, another_key, code
from access.town import API, HOSPITAL, Town

from healthcloud import access
from healthcloud.access import Algorithm, Role
from healthcloud.access.clients.errors import (
    AddressesUnreadable,
    AddressNotAllowed,
    PublicKeyUnreadable,
    QuotaExceeded,
    SignatureClock,
    SignatureKeyRevoked,
    SignatureKeyUnknown,
    SignatureReplayed,
    TwoKeysLive,
)
from healthcloud.core.caller import SYSTEM, Credentials

HERE, ELSEWHERE = "192.0.2.1", "203.0.113.9"


async def a_face(town: Town, **other: Any) -> tuple[access.AccessAuthenticator, access.NewKey, Any]:
    made = await town.database.transact(
        lambda tx: access.create_client(tx, SYSTEM, HOSPITAL, "HIS", ["cards.verify"], **other)
    )
    key = await app_secret(town, made.client_id)
    return access.AccessAuthenticator(town.database, town.policy), key, made.client_id


async def app_secret(town: Town, client_id: Any, **other: Any) -> access.NewKey:
    return await town.database.transact(
        lambda tx: access.add_client_key(tx, SYSTEM, client_id, algorithm=Algorithm.APP_SECRET, **other)
    )


async def test_an_app_key_says_whose_it_is_in_either_spelling(town: Town) -> None:
    faces, key, client_id = await a_face(town)
    assert len(key.secret) == 16
    assert key.secret.isascii()
    assert key.secret.isalnum()
    assert faces.known_app_key(key.key_id.hex) is None
    found = await faces.app_key(key.key_id.hex.upper())
    assert found.secret == key.secret
    assert (found.caller.account_id, found.caller.institution_id, found.caller.key_id) == (
        client_id,
        HOSPITAL,
        key.key_id,
    )
    assert found.caller.scopes == {"cards.verify", "client"}
    known = faces.known_app_key(key.key_id.hex)
    assert known is not None
    assert known.caller == found.caller
    assert key.secret not in repr(known)


async def test_what_is_no_app_id_is_unknown(town: Town) -> None:
    faces, key, _ = await a_face(town)
    for text in ("", "x" * 32, str(key.key_id), "0" * 32, key.key_id.hex + "0"):
        assert faces.known_app_key(text) is None
        with pytest.raises(SignatureKeyUnknown):
            await faces.app_key(text)


@pytest.mark.parametrize("algorithm", [Algorithm.SM3, Algorithm.SHA256, Algorithm.SM2])
async def test_a_key_of_another_kind_is_no_face_s(town: Town, algorithm: Algorithm) -> None:
    machine = await a_machine(town, algorithm=algorithm)
    faces = access.AccessAuthenticator(town.database, town.policy)
    credentials = Credentials("POST", PATH, {"authorization": machine.header()}, {}, BODY, HERE)
    await faces.authenticate(credentials)
    assert faces.known_app_key(machine.key_id.hex) is None
    with pytest.raises(SignatureKeyUnknown):
        await faces.app_key(machine.key_id.hex)


async def test_a_face_s_key_signs_no_request_of_ours(town: Town) -> None:
    _, key, client_id = await a_face(town)
    machine = Machine(town, await town.browser(), client_id, key.key_id, key.secret.encode())
    assert code(await machine.ask()) == "signature-wrong"
    machine.algorithm = Algorithm.SHA256
    assert code(await machine.ask()) == "signature-wrong"


async def test_one_kind_of_signature_is_not_taken_for_another(town: Town) -> None:
    machine = await a_machine(town, algorithm=Algorithm.SM2)
    assert code(await machine.ask()) == "ok"
    header = machine.header().replace("HC1-SM2", "HC1-HMAC-SM3")
    assert code(await machine.ask(header)) == "signature-malformed"
    hmac = await a_machine(town)
    header = hmac.header().replace("HC1-HMAC-SM3", "HC1-SM2")
    assert code(await hmac.ask(header)) == "signature-malformed"
    machine.algorithm = Algorithm.SM3
    assert code(await machine.ask()) == "signature-wrong"


async def test_a_nonce_of_a_face_is_good_once(town: Town) -> None:
    faces, key, _ = await a_face(town)
    found = await faces.app_key(key.key_id.hex)
    now = town.now.timestamp()
    for nonce in ("0a1b2c", "长" * 200, "\0"):
        admitted = await asyncio.gather(
            *(faces.admit(found, timestamp=now, nonce=nonce, address=HERE) for _ in range(3)), return_exceptions=True
        )
        assert sorted(type(one).__name__ for one in admitted) == ["NoneType", "SignatureReplayed", "SignatureReplayed"]
    with pytest.raises(SignatureReplayed):
        await faces.admit(found, timestamp=now + 1, nonce="0a1b2c", address=HERE)
    await faces.admit(found, timestamp=now, nonce=None, address=HERE)


@pytest.mark.parametrize("off", [-600.0, 600.0, float("nan"), float("inf"), 1e15])
async def test_a_clock_ten_minutes_off_is_told(town: Town, off: float) -> None:
    faces, key, _ = await a_face(town)
    found = await faces.app_key(key.key_id.hex)
    with pytest.raises(SignatureClock):
        faces.admit_known(found, timestamp=town.now.timestamp() + off, address=HERE)
    with pytest.raises(SignatureClock):
        await faces.admit(found, timestamp=town.now.timestamp() + off, nonce="n", address=HERE)
    faces.admit_known(found, timestamp=town.now.timestamp() + 290, address=HERE)


async def test_a_revoked_face_s_key_is_out_however_warm_the_cache(town: Town) -> None:
    faces, key, client_id = await a_face(town)
    found = await faces.app_key(key.key_id.hex)
    await town.database.transact(lambda tx: access.revoke_client_key(tx, SYSTEM, client_id, key.key_id))
    with pytest.raises(SignatureKeyRevoked):
        await faces.admit(found, timestamp=town.now.timestamp(), nonce="n", address=HERE)
    assert faces.known_app_key(key.key_id.hex) is None
    with pytest.raises(SignatureKeyRevoked):
        await faces.app_key(key.key_id.hex)


async def test_app_secrets_roll_over_with_two_live(town: Town) -> None:
    faces, old, client_id = await a_face(town)
    new = await app_secret(town, client_id)
    assert [(await faces.app_key(one.key_id.hex)).secret for one in (old, new)] == [old.secret, new.secret]
    with pytest.raises(TwoKeysLive):
        await app_secret(town, client_id)
    await town.database.transact(lambda tx: access.revoke_client_key(tx, SYSTEM, client_id, old.key_id))
    with pytest.raises(SignatureKeyRevoked):
        await faces.app_key(old.key_id.hex)
    ending = await app_secret(town, client_id, expires_at=town.now + timedelta(minutes=1))
    await faces.app_key(ending.key_id.hex)
    town.advance(minutes=1)
    assert faces.known_app_key(ending.key_id.hex) is None


async def test_a_face_s_quota_is_its_client_s(town: Town) -> None:
    _, key, _ = await a_face(town, quota_per_second=2)
    faces = access.AccessAuthenticator(town.database, town.policy, monotonic=lambda: 1.0)
    found = await faces.app_key(key.key_id.hex)
    now = town.now.timestamp()
    faces.admit_known(found, timestamp=now, address=HERE)
    faces.admit_known(found, timestamp=now, address=HERE)
    with pytest.raises(QuotaExceeded):
        faces.admit_known(found, timestamp=now, address=HERE)


async def test_addresses_hold_on_every_way_in(town: Town) -> None:
    """Given a list of networks, when a right request comes from elsewhere, then each way in refuses it."""
    machine = await a_machine(town)
    await town.database.transact(
        lambda tx: access.change_client_addresses(tx, SYSTEM, machine.client_id, ["192.0.2.0/24", "2001:db8::1"])
    )
    assert code(await machine.ask()) == "ok"
    machine.browser = await town.browser(ELSEWHERE)
    told = await machine.ask()
    assert (told.status_code, code(told), told.json()["address"]) == (403, "address-not-allowed", ELSEWHERE)
    assert code(await machine.ask(method="GET", body=b"")) == "address-not-allowed"
    assert code(await machine.ask(machine.header(body=b"other"))) == "signature-wrong"
    signed = access.AccessAuthenticator(town.database, town.policy)
    right = Credentials("POST", PATH, {"authorization": machine.header()}, {}, BODY, "::ffff:192.0.2.77")
    await signed.authenticate(right, spend=False)
    assert signed.client_caller(right) is not None
    for address in (ELSEWHERE, "unknown", ""):
        with pytest.raises(AddressNotAllowed):
            signed.client_caller(replace(right, address=address))
    faces, key, client_id = await a_face(town, addresses=[HERE])
    found = await faces.app_key(key.key_id.hex)
    faces.admit_known(found, timestamp=town.now.timestamp(), address=HERE)
    with pytest.raises(AddressNotAllowed):
        faces.admit_known(found, timestamp=town.now.timestamp(), address=None)
    await town.database.transact(lambda tx: access.change_client_addresses(tx, SYSTEM, client_id, [ELSEWHERE]))
    with pytest.raises(AddressNotAllowed):
        await faces.admit(found, timestamp=town.now.timestamp(), nonce="n", address=HERE)


async def test_a_list_altered_in_the_database_gives_nothing(town: Town) -> None:
    machine = await a_machine(town)
    await town.database.transact(
        lambda tx: tx.run("UPDATE access.clients SET addresses = '{0.0.0.0/0}' WHERE id = $1", machine.client_id)
    )
    assert code(await machine.ask()) == "forbidden"


@pytest.mark.parametrize("wrong", ["10.1.2.3/8", "example.org", "10.0.0", "::g", "10.0.0.0/33", "\0"])
async def test_what_is_no_address_is_refused(town: Town, wrong: str) -> None:
    machine = await a_machine(town)
    with pytest.raises(AddressesUnreadable):
        await town.database.transact(
            lambda tx: access.change_client_addresses(tx, SYSTEM, machine.client_id, [HERE, wrong])
        )
    assert code(await machine.ask()) == "ok"


async def test_addresses_and_public_keys_are_handed_in_over_http(town: Town) -> None:
    security = await town.signed_in(await town.member(Role.SECURITY_ADMINISTRATOR))
    machine = await a_machine(town)
    place = f"{API}/clients/{machine.client_id}/addresses"
    assert (await security.put(place, json={"addresses": ["10.1.0.0/16"]})).status_code == 204
    assert code(await machine.ask()) == "address-not-allowed"
    assert (await security.put(place, json={"addresses": ["hospital"]})).json()["code"] == "addresses-unreadable"
    assert (await security.put(place, json={"addresses": []})).status_code == 204
    assert code(await machine.ask()) == "ok"
    keys = f"{API}/clients/{machine.client_id}/keys"
    for wish in ({"algorithm": "SM2"}, {"algorithm": "SM2", "public_key": "00" * 65}, {"public_key": "04"}):
        refused = await security.post(keys, json=wish, headers={"Idempotency-Key": f"wish-{len(str(wish))}-here"})
        assert refused.json()["code"] == "public-key-unreadable"


async def test_an_sm2_key_shows_no_secret(town: Town) -> None:
    machine = await a_machine(town, algorithm=Algorithm.SM2)
    await another_key(machine)
    assert code(await machine.ask()) == "ok"
    with pytest.raises(PublicKeyUnreadable):
        await town.database.transact(
            lambda tx: access.add_client_key(tx, SYSTEM, machine.client_id, public_key="00" * 65)
        )
