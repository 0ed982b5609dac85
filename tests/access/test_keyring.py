"""What a process knows of keys, when it asks again, and nonces noted together."""

import asyncio

import pytest
from access.machines import BODY, PATH, Machine, a_machine, code
from access.town import Town

from healthcloud import access
from healthcloud.access.clients.errors import SignatureReplayed
from healthcloud.core.caller import Credentials
from healthcloud.core.ids import new_id


async def test_many_writes_at_once_are_each_themselves(town: Town) -> None:
    """Given writes of two machines together, one sent twice and one of an unknown key, then each hears its own."""
    one, other = await a_machine(town), await a_machine(town)
    stranger = Machine(town, one.browser, one.client_id, new_id(), one.secret)
    twice = one.header(nonce="sent-twice-here-1")
    headers = [twice, *(m.header() for m in (one, other) for _ in range(20)), stranger.header(), twice]
    told = [code(answer) for answer in await asyncio.gather(*(one.ask(header) for header in headers))]
    assert sorted(told[1:-2]) == ["ok"] * 40
    assert sorted((told[0], told[-1])) == ["ok", "signature-replayed"]
    assert told[-2] == "signature-key-unknown"


async def test_a_scan_spends_no_nonce_and_renews_its_key_one_request_at_a_time(town: Town) -> None:
    machine = await a_machine(town)
    later = 100.0
    authenticator = access.AccessAuthenticator(town.database, town.policy, monotonic=lambda: later)
    scanning = access.ScanAuthenticator(authenticator)
    header = {"authorization": machine.header()}
    credentials = Credentials("POST", PATH, header, {}, BODY, "198.51.100.1")
    for _ in range(2):
        await scanning.authenticate(credentials)
    later += 20
    fast = [authenticator.client_caller(credentials) for _ in range(3)]
    assert [caller is None for caller in fast] == [True, False, False]
    await scanning.authenticate(credentials)
    assert authenticator.client_caller(credentials) is not None
    later += 31
    assert authenticator.client_caller(credentials) is None
    await authenticator.authenticate(credentials)
    with pytest.raises(SignatureReplayed):
        await authenticator.authenticate(credentials)
