"""Institutions' machines sign each request; whoever gets it wrong is told what, and a revoked key is out at once."""

import asyncio
import json
from base64 import b64decode, b64encode
from datetime import timedelta
from functools import partial
from uuid import UUID

import asyncpg
import pytest
from access.machines import BODY, PATH, Machine, a_machine, another_key, code
from access.town import API, HOSPITAL, Town

from healthcloud import access
from healthcloud.access import Algorithm, Role
from healthcloud.access.clients.errors import ScopeNotForClients, SignatureWrong, TwoKeysLive
from healthcloud.core.caller import SYSTEM, Credentials
from healthcloud.core.ids import new_id


@pytest.mark.parametrize("algorithm", [Algorithm.SM3, Algorithm.SHA256, Algorithm.SM2])
async def test_a_signed_request_says_who_asks(town: Town, algorithm: Algorithm) -> None:
    machine = await a_machine(town, algorithm=algorithm)
    told = (await machine.ask()).json()
    assert told["client_id"] == str(machine.client_id)
    assert told["institution_id"] == str(HOSPITAL)
    assert told["key_id"] == str(machine.key_id)
    assert told["scopes"] == ["cards.verify", "client"]
    assert code(await machine.ask(method="GET", body=b"")) == "ok"
    assert code(await machine.ask(method="GET", target=f"{PATH}?b=2&a=%E5%81%A5&c", body=b"")) == "ok"


async def test_what_was_altered_on_the_way_is_refused(town: Town) -> None:
    machine = await a_machine(town)

    async def sent(header: str, method: str = "POST", target: str = PATH, body: bytes = BODY) -> str:
        return code(await machine.ask(header, method, target, body))

    assert await sent(machine.header(), body=BODY + b" ") == "signature-wrong"
    assert await sent(machine.header(), body=b"") == "signature-wrong"
    assert await sent(machine.header(), target=f"{PATH}?x=1") == "signature-wrong"
    assert await sent(machine.header(target=f"{PATH}?a=1&b=2"), target=f"{PATH}?b=2&a=1") == "signature-wrong"
    assert await sent(machine.header(body=b""), method="GET", body=b"") == "signature-wrong"
    header = machine.header(timestamp=int(town.now.timestamp()) - 10, nonce="n" * 16)
    assert await sent(header.replace("n" * 16, "m" * 16)) == "signature-wrong"
    stamp = str(int(town.now.timestamp()) - 10)
    assert await sent(header.replace(stamp, str(int(stamp) + 1))) == "signature-wrong"
    other = await a_machine(town)
    assert await sent(machine.header().replace(str(machine.key_id), str(other.key_id))) == "signature-wrong"
    assert await sent(machine.header()) == "ok"


async def test_a_wrong_signature_is_told_what_to_sign_and_no_secret(town: Town) -> None:
    machine = await a_machine(town)
    answer = await machine.ask(machine.header(body=b"something else"))
    told = answer.json()
    assert (answer.status_code, told["code"], told["who_acts"]) == (401, "signature-wrong", "developer")
    assert told["shape"] == r"METHOD\nTARGET\nTIMESTAMP\nNONCE\nhex(DIGEST(body))\n"
    assert (told["method"], told["body_bytes"], len(told["body_digest_begins"])) == ("POST", len(BODY), 8)
    for secret in (machine.secret.hex(), b64encode(machine.secret).decode()):
        assert secret not in answer.text
    right = machine.header().partition('signature="')[2]
    assert right not in answer.text


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("", "signature-missing"),
        ("Bearer abc", "signature-malformed"),
        ("HC1-HMAC-SM3", "signature-malformed"),
        ("HC1-HMAC-MD5 {parameters}", "signature-malformed"),
        ("hc1-hmac-sm3 {parameters}", "signature-malformed"),
        ("HC1-HMAC-SM3  {parameters}", "signature-malformed"),
        ("HC1-HMAC-SM3 {parameters},", "signature-malformed"),
        ('HC1-HMAC-SM3 {parameters},extra="1"', "signature-malformed"),
        ("HC1-HMAC-SM3 {parameters},{parameters}", "signature-malformed"),
        ("HC1-HMAC-SM3 {unquoted}", "signature-malformed"),
        ("HC1-HMAC-SM3 {blank_nonce}", "signature-malformed"),
        ("HC1-HMAC-SM3 {blank_signature}", "signature-malformed"),
        ("HC1-HMAC-SM3 {blank_key}", "signature-malformed"),
        ("HC1-HMAC-SM3 {twice_key}", "signature-malformed"),
        ("HC1-HMAC-SM3 {shouted}", "signature-malformed"),
        ("HC1-HMAC-SM3 {reordered}", "ok"),
        ("HC1-HMAC-SM3 {spaced}", "ok"),
        ("HC1-HMAC-SHA256 {parameters}", "signature-wrong"),
    ],
)
async def test_a_header_has_one_reading_or_none(town: Town, header: str, told: str) -> None:
    machine = await a_machine(town)
    parameters = machine.header().removeprefix("HC1-HMAC-SM3 ")
    parts = parameters.split(",")
    key = str(machine.key_id)
    sent = header.format(
        parameters=parameters,
        unquoted=parameters.replace('"', ""),
        blank_nonce=",".join([*parts[:2], 'nonce=""', parts[3]]),
        blank_signature=",".join([*parts[:3], 'signature=""']),
        blank_key=parameters.replace(key, ""),
        twice_key=",".join([parts[0], parts[0], *parts[2:]]),
        shouted=parameters.replace(key, key.upper()),
        reordered=",".join(reversed(parts)),
        spaced=", ".join(parts),
    )
    answer = await machine.ask(sent)
    assert code(answer) == told, answer.text
    if told == "signature-malformed":
        assert answer.json()["detail"]
        assert key not in answer.json()["detail"]


async def test_two_authorization_headers_are_not_one(town: Town) -> None:
    machine = await a_machine(town)
    good = machine.header()
    for pair in ([good, "Bearer x"], ["Bearer x", good], [good, good]):
        answer = await machine.browser.post(PATH, content=BODY, headers=[("Authorization", one) for one in pair])
        assert code(answer) == "signature-malformed"


async def test_base64_with_a_second_spelling_is_refused(town: Town) -> None:
    """Given the last letter changed in bits that decode to nothing, when it is sent, then it is not the signature."""
    machine = await a_machine(town)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    header = machine.header()
    letter = header[-3]
    other = alphabet[alphabet.index(letter) ^ 1]
    assert code(await machine.ask(header[:-3] + other + header[-2:])) == "signature-wrong"


@pytest.mark.parametrize(
    ("off", "told"), [(-303, "signature-clock"), (-298, "ok"), (298, "ok"), (303, "signature-clock")]
)
async def test_a_clock_may_be_five_minutes_off(town: Town, off: int, told: str) -> None:
    machine = await a_machine(town)
    answer = await machine.ask(machine.header(timestamp=int(town.now.timestamp()) + off))
    assert code(answer) == told
    if told == "signature-clock":
        assert abs(answer.json()["clock_off_seconds"] - off) <= 1
        assert ("ahead" if off > 0 else "behind") in answer.json()["detail"]
        assert abs(answer.json()["server_time"] - town.now.timestamp()) < 5


async def test_a_write_sent_twice_is_refused_the_second_time(town: Town) -> None:
    machine = await a_machine(town)
    header = machine.header()
    answers = await asyncio.gather(*(machine.ask(header) for _ in range(5)))
    assert sorted(code(one) for one in answers) == ["ok"] + ["signature-replayed"] * 4
    reading = machine.header(method="GET", body=b"")
    assert [code(await machine.ask(reading, "GET", body=b"")) for _ in range(2)] == ["ok", "ok"]


async def test_nonces_are_each_keys_own_and_forgotten_when_too_old(town: Town) -> None:
    one, other = await a_machine(town), await a_machine(town)
    assert [code(await m.ask(m.header(nonce="same-nonce-here-1"))) for m in (one, other)] == ["ok", "ok"]
    town.advance(minutes=11)
    [tidy] = access.RECURRING
    assert tidy.handler is not None
    handler = tidy.handler
    await town.database.transact(lambda tx: handler(tx, {}))
    async with town.database.read() as read:
        assert await read.value(int, "SELECT count(*) FROM access.nonces") == 0


async def test_a_key_nobody_has_is_unknown(town: Town) -> None:
    machine = await a_machine(town)
    machine.key_id = new_id()
    assert code(await machine.ask()) == "signature-key-unknown"


async def test_keys_roll_over_with_two_live(town: Town) -> None:
    machine = await a_machine(town)
    old, old_secret = machine.key_id, machine.secret
    await another_key(machine)
    new, new_secret = machine.key_id, machine.secret
    for machine.key_id, machine.secret in ((old, old_secret), (new, new_secret)):
        assert code(await machine.ask()) == "ok"
    with pytest.raises(TwoKeysLive):
        await another_key(machine)
    await town.database.transact(lambda tx: access.revoke_client_key(tx, SYSTEM, machine.client_id, old))
    machine.key_id, machine.secret = old, old_secret
    assert code(await machine.ask()) == "signature-key-revoked"
    machine.key_id, machine.secret = new, new_secret
    assert code(await machine.ask()) == "ok"
    await another_key(machine)
    assert code(await machine.ask()) == "ok"


async def test_a_third_live_key_fits_nowhere_in_the_database(town: Town, owner_url: str) -> None:
    machine = await a_machine(town)
    await another_key(machine)
    connection = await asyncpg.connect(owner_url)
    copy = """
        INSERT INTO access.client_keys (id, client_id, institution_id, place, algorithm, secret_sealed, created_at)
        SELECT $2, client_id, institution_id, $3, algorithm, secret_sealed, created_at FROM access.client_keys
         WHERE id = $1
    """
    with pytest.raises(asyncpg.UniqueViolationError, match="client_keys_two_live"):
        await connection.execute(copy, machine.key_id, new_id(), 1)
    with pytest.raises(asyncpg.CheckViolationError, match="client_keys_place_known"):
        await connection.execute(copy, machine.key_id, new_id(), 3)
    await connection.close()


async def test_of_many_adding_keys_at_once_two_get_one(town: Town) -> None:
    made = await town.database.transact(lambda tx: access.create_client(tx, SYSTEM, HOSPITAL, "HIS", ()))
    answers = await asyncio.gather(
        *(town.database.transact(lambda tx: access.add_client_key(tx, SYSTEM, made.client_id)) for _ in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, TwoKeysLive) for answer in answers) == 4


async def test_a_revoked_key_is_refused_at_the_next_request_however_warm_the_cache(town: Town) -> None:
    machine = await a_machine(town)
    for _ in range(3):
        assert code(await machine.ask()) == "ok"
    await town.database.transact(lambda tx: access.revoke_client_key(tx, SYSTEM, machine.client_id, machine.key_id))
    assert code(await machine.ask()) == "signature-key-revoked"
    assert code(await machine.ask(method="GET", body=b"")) == "signature-key-revoked"


async def test_a_machine_shut_out_is_out_with_all_its_keys(town: Town) -> None:
    machine = await a_machine(town)
    assert code(await machine.ask()) == "ok"
    await town.database.transact(lambda tx: access.revoke_client(tx, SYSTEM, machine.client_id))
    assert code(await machine.ask()) == "signature-key-revoked"


async def test_a_key_ends_with_its_term_and_frees_its_place(town: Town) -> None:
    machine = await a_machine(town)
    await another_key(machine, expires_at=town.now + timedelta(minutes=1))
    assert code(await machine.ask()) == "ok"
    town.advance(minutes=1)
    assert code(await machine.ask()) == "signature-key-revoked"
    await another_key(machine)
    assert code(await machine.ask()) == "ok"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE access.clients SET scopes = scopes || '{people.open}' WHERE id = $1",
        """
        WITH moved AS (UPDATE access.client_keys SET institution_id = $2 WHERE client_id = $1)
        UPDATE access.clients SET institution_id = $2 WHERE id = $1
        """,
    ],
)
async def test_altered_rights_of_a_machine_give_nothing(town: Town, owner_url: str, change: str) -> None:
    machine = await a_machine(town)
    assert code(await machine.ask()) == "ok"
    connection = await asyncpg.connect(owner_url)
    await connection.execute(change, *([machine.client_id, new_id()] if "$2" in change else [machine.client_id]))
    await connection.close()
    assert code(await machine.ask()) == "forbidden"
    assert ("access.rights-altered", "refused") in await town.deeds(machine.client_id)


async def test_a_secret_moved_to_another_machines_key_does_not_open(town: Town, owner_url: str) -> None:
    rich, poor = await a_machine(town, scopes=("cards.verify", "people.open")), await a_machine(town)
    connection = await asyncpg.connect(owner_url)
    await connection.execute(
        """
        UPDATE access.client_keys SET secret_sealed = (SELECT secret_sealed FROM access.client_keys WHERE id = $2)
         WHERE id = $1
        """,
        rich.key_id,
        poor.key_id,
    )
    await connection.close()
    rich.secret = poor.secret
    assert (await rich.ask()).status_code == 500


async def test_keys_are_made_over_http_and_shown_once(town: Town, owner_url: str) -> None:
    security = await town.signed_in(await town.member(Role.SECURITY_ADMINISTRATOR))
    wish = {"institution_id": str(HOSPITAL), "name": "HIS", "scopes": ["cards.verify"]}
    made = await security.post(f"{API}/clients", json=wish, headers={"Idempotency-Key": "client-of-this-test"})
    assert made.status_code == 201
    keys = f"{API}/clients/{made.json()['client_id']}/keys"
    key = (await security.post(keys, json={}, headers={"Idempotency-Key": "key-of-this-test"})).json()
    listed = await security.get(keys)
    assert [one["id"] for one in listed.json()] == [key["key_id"]]
    assert key["secret"] not in listed.text
    machine = Machine(
        town, await town.browser(), UUID(made.json()["client_id"]), UUID(key["key_id"]), b64decode(key["secret"])
    )
    assert code(await machine.ask()) == "ok"
    assert (await security.delete(f"{keys}/{key['key_id']}")).status_code == 204
    assert code(await machine.ask()) == "signature-key-revoked"
    assert (await security.delete(f"{API}/clients/{machine.client_id}")).status_code == 204
    assert (await security.delete(f"{API}/clients/{machine.client_id}")).json()["code"] == "no-such-client"
    shown = (await security.get(f"{API}/clients", params={"institution_id": str(HOSPITAL), "limit": 200})).json()
    assert str(machine.client_id) in {one["id"] for one in shown["items"]}
    connection = await asyncpg.connect(owner_url)
    stored = json.dumps(await connection.fetch("SELECT k::text FROM access.client_keys k"), default=str)
    await connection.close()
    assert machine.secret.hex() not in stored


async def test_a_machine_gets_no_scope_that_is_not_for_machines(town: Town) -> None:
    for scope in ("access.grant-roles", "audit.read", "resident", "staff", "anything"):
        create = partial(access.create_client, caller=SYSTEM, institution_id=HOSPITAL, name="HIS", scopes=[scope])
        with pytest.raises(ScopeNotForClients):
            await town.database.transact(create)


async def test_the_hot_edge_knows_a_key_it_has_met(town: Town) -> None:
    machine = await a_machine(town)
    authenticator = access.AccessAuthenticator(town.database, town.policy)

    def credentials(body: bytes = BODY) -> Credentials:
        return Credentials("POST", PATH, {"authorization": machine.header()}, {}, body, "192.0.2.1")

    assert authenticator.client_caller(credentials()) is None
    caller = await authenticator.authenticate(credentials())
    assert authenticator.client_caller(credentials()) == caller
    with pytest.raises(SignatureWrong):
        authenticator.client_caller(credentials(b"altered"))
    no_signature = Credentials("POST", PATH, {}, {}, b"", "192.0.2.1")
    assert authenticator.client_caller(no_signature) is None
