"""Signed scans, made right before they are sent: a code is good for its own minute and the ones beside it."""

import time
from collections.abc import Iterator
from functools import partial
from itertools import count, cycle, islice
from pathlib import Path

import msgspec

from bench.city import BenchCity, Client
from bench.wrk import post
from healthcloud import access, cards
from healthcloud.core.crypto import FileKeyStore, Vault
from healthcloud.server.places import keys_file
from healthcloud_reader import PLATFORM_SLOT, STEP_SECONDS, make_token, period_of, slot_secrets

VERIFY, VERIFY_BATCH = "/api/v1/cards/verify", "/api/v1/cards/verify-batch"
TURNS = 64
MOST_CARDS = 1_000_000  # a minute's codes, at more than any bench asks for


def scans_of(city: BenchCity) -> "Scans":
    """Return the one source of codes of a city, so that no bench uses another's."""
    if city.settings.var not in _made:
        _made[city.settings.var] = Scans(city)
    return _made[city.settings.var]


class Scans:
    """Codes of the city's cards, no code twice: each card has one in a minute."""

    def __init__(self, city: BenchCity) -> None:
        self._city = city
        vault = Vault(FileKeyStore(keys_file(city.settings)))
        self._derive = partial(vault.derive, cards.PURPOSES[0].name)
        # By the end of their ids, which are random: whoever is scanned next stands anywhere in the index.
        found = city.ask(
            "SELECT id FROM cards.cards WHERE status = 1 ORDER BY substring(id FROM 25), id LIMIT $1", MOST_CARDS
        )
        self._cards = [bytes(row[0]) for row in found]
        self._machines = cycle(machine for turn in zip(*map(_desks, city.clients), strict=True) for machine in turn)
        self._nonces = count(time.time_ns())
        self._step = self._next = 0

    def singles(self, wanted: int) -> list[bytes]:
        """Return requests of one code each, from all hospitals in turn."""
        return [self._request(VERIFY, {"code": code}) for code in self.codes(wanted)]

    def batches(self, wanted: int, size: int) -> list[bytes]:
        """Return requests of `size` codes each."""
        codes = self.codes(wanted * size)
        return [self._request(VERIFY_BATCH, {"codes": list(islice(codes, size))}) for _ in range(wanted)]

    def _request(self, path: str, wish: dict[str, object]) -> bytes:
        client, terminal = next(self._machines)
        body = msgspec.json.encode(wish | {"terminal": terminal})
        nonce = f"{next(self._nonces):032x}"
        signed = access.sign_request(client.key_id, client.secret, "POST", path, body, nonce=nonce)
        return post(path, body, {"Authorization": signed})

    def codes(self, wanted: int) -> Iterator[str]:
        """Make codes of this minute, or of the next one where too few of this one are left."""
        if wanted > len(self._cards):
            message = f"{wanted} codes in a minute need as many cards"
            raise ValueError(message)
        if self._step == _step() and self._next + wanted > len(self._cards):
            time.sleep(STEP_SECONDS - time.time() % STEP_SECONDS)
        if self._step != _step():
            self._step, self._next = _step(), 0
        chosen = self._cards[self._next : self._next + wanted]
        self._next += wanted
        return iter([self._code(card_id) for card_id in chosen])

    def _code(self, card_id: bytes) -> str:
        secret = slot_secrets(self._derive, card_id, PLATFORM_SLOT, 0, period_of(self._step))[0]
        return f"{card_id.hex().upper()}:0:{make_token(secret, card_id, PLATFORM_SLOT, 0, self._step).hex}::"


_made: dict[Path, Scans] = {}


def _desks(client: Client) -> list[tuple[Client, str]]:
    """Return a client's terminals in turn, each client's as often."""
    return list(islice(cycle((client, terminal) for terminal in client.terminals), TURNS))


def _step() -> int:
    return int(time.time()) // STEP_SECONDS
