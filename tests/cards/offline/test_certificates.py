"""Certificates for phones' keys: only for who enrolled the phone, and only for a key it holds."""

from datetime import timedelta

from cards.offline.phones import OwnPhone, new_key, own_phone
from cards.scanning import Holder, Town, manager

from healthcloud import audit, cards
from healthcloud.cards.phones.certificates import masked_within
from healthcloud.cards.phones.jobs import forget_keys
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.ids import new_id
from healthcloud_reader import check_device, parse, step_at
from healthcloud_reader.jws import to_base64url


def trusted(town: Town) -> dict[str, object]:
    keys = town.database.vault.trust_list(cards.CITY_SIGNATURE)
    return {one.public.id: one.public for one in keys}


async def test_a_phone_gets_a_certificate_that_anybody_can_check(town: Town) -> None:
    phone = await own_phone(town)
    assert phone.signed is not None
    stated = phone.signed.certificate
    assert stated.card_id == phone.holder.card.id
    assert (stated.slot, stated.epoch) == (phone.slot, 0)
    assert stated.lifetime == 7 * 24 * 60
    assert "*" in stated.name
    reading = parse(phone.code())
    assert check_device(reading, trusted(town)) is None  # type: ignore[arg-type]  # a device-signed code


async def test_the_certificate_is_a_deed_and_holds_no_number(town: Town) -> None:
    phone = await own_phone(town)
    async with town.database.read() as read:
        deeds = await audit.deeds_about(read, [phone.holder.person_id], limit=10)
    assert "cards.phone-certified" in [one.deed for one in deeds]


async def test_when_to_renew_and_when_it_ends(town: Town) -> None:
    phone = await own_phone(town)
    body = (await phone.ask()).json()
    issued, renew, expires = body["issued_at"], body["renew_at"], body["expires_at"]
    assert issued < renew < expires
    assert body["server_time"] >= issued


async def test_only_the_account_that_enrolled_the_phone_is_given_one(town: Town) -> None:
    phone = await own_phone(town)
    stranger = await town.holder()
    assert (await OwnPhone(town, stranger, phone.id, 1, new_key()).ask()).json()["code"] == "phone-not-found"
    other = Caller(CallerKind.RESIDENT, new_id(), frozenset({"resident"}), person_id=phone.holder.person_id)
    answer = await town.act(other, f"/phones/{phone.id}/certificate", _nonsense())
    assert answer.json()["code"] == "phone-not-found"
    assert (await town.act(manager(), f"/phones/{phone.id}/certificate", _nonsense())).status_code == 403


async def test_the_proof_must_be_the_key_s_own_and_of_now(town: Town) -> None:
    phone = await own_phone(town)
    other = to_base64url(b"\4" + bytes(64))
    assert (await phone.ask(public_key=other)).json()["code"] == "phone-key-unusable"
    assert (await phone.ask(proof=to_base64url(bytes(64)))).json()["code"] == "phone-proof-wrong"
    assert (await phone.ask(off=6)).json()["code"] == "phone-proof-wrong"
    assert (await phone.ask(off=-6)).json()["code"] == "phone-proof-wrong"
    assert (await phone.ask(off=5)).status_code == 201
    assert (await phone.ask(public_key="short")).status_code == 422


async def test_one_key_is_one_phone_s(town: Town) -> None:
    phone = await own_phone(town)
    other = await own_phone(town, phone.holder, "另一部")
    assert (await other.ask(key=phone.key)).json()["code"] == "phone-key-taken"
    assert (await phone.ask()).status_code == 201


async def test_a_removed_phone_and_a_stopped_card_get_none(town: Town) -> None:
    phone = await own_phone(town)
    await town.act(phone.holder, "/freeze")
    assert (await phone.ask()).json()["code"] == "card-not-usable"
    gone = await own_phone(town)
    await town.http.delete(f"/api/v1/cards/phones/{gone.id}", headers=town.callers.header(gone.holder.caller))
    assert (await gone.ask()).json()["code"] == "phone-not-found"


async def test_a_temporary_card_s_certificate_ends_with_it(town: Town) -> None:
    deadline = town.now + timedelta(days=2)
    person = await town.person()
    wish = {"person_id": str(person), "kind": "temporary", "deadline": deadline.isoformat()}
    assert (await town.act(manager(), "", wish)).status_code == 201
    caller = Caller(CallerKind.RESIDENT, new_id(), frozenset({"resident"}), person_id=person)
    async with town.database.read() as read:
        card = await cards.card_of(read, person)
    assert card is not None
    phone = await own_phone(town, Holder(person, caller, card))
    assert phone.signed is not None
    assert phone.signed.certificate.expires <= step_at(deadline)


def test_a_long_name_is_cut_between_characters() -> None:
    assert masked_within("张*兰") == "张*兰"
    assert masked_within("阿" * 20) == "阿" * 12
    assert masked_within("a" + "阿" * 20) == "a" + "阿" * 11


def _nonsense() -> dict[str, object]:
    return {"public_key": to_base64url(b"\4" + bytes(64)), "minutes": 0, "proof": to_base64url(bytes(64))}


async def test_a_key_long_over_is_forgotten_and_may_be_certified_again(town: Town) -> None:
    phone = await own_phone(town)
    other = await own_phone(town, phone.holder, "另一部")
    town.advance(days=20)
    assert (await phone.ask()).status_code == 201
    town.advance(days=20)
    await town.database.transact(forget_keys)
    assert (await other.ask(key=phone.key)).json()["code"] == "phone-key-taken"
    town.advance(days=20)
    await town.database.transact(forget_keys)
    assert (await other.ask(key=phone.key)).status_code == 201
