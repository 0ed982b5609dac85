"""A reader's side of the lists: fetched as anybody fetches them, checked, and kept as the format says."""

from dataclasses import dataclass, field
from typing import Any

from cards.scanning import Town

from healthcloud import cards
from healthcloud.core.db import Database
from healthcloud.core.settings import Settings
from healthcloud_reader import PublicKey, read_list, revocation_key
from healthcloud_reader.jws import read_json, to_base64url

POLICY = cards.offline.Policy.of(Settings())
DELTA, SNAPSHOT, TRUST = "EHC-REVOKE-DELTA-1", "EHC-REVOKE-1", "EHC-TRUST-1"


def keys_of(database: Database) -> dict[str, PublicKey]:
    return {one.public.id: one.public for one in database.vault.trust_list(cards.CITY_SIGNATURE)}


def said_by(kind: str, document: object, trusted: dict[str, PublicKey]) -> dict[str, Any]:
    """Return what a list says; it must be signed by a trusted key."""
    found = read_list(document)
    assert found.signed_by(kind, trusted) is not None
    told = read_json(found.payload)
    assert isinstance(told, dict)
    return told


async def publish(town: Town) -> int:
    return await town.database.transact(lambda tx: cards.offline.publish(tx, POLICY))


@dataclass
class Reader:
    """What a reader knows is void, and up to which number."""

    town: Town
    number: int | None = None
    void: dict[tuple[str, int], int] = field(default_factory=dict)
    deltas: int = 0

    async def catch_up(self) -> "Reader":
        asked = {} if self.number is None else {"after": self.number}
        answer = await self.town.http.get("/api/v1/offline/revocations", params=asked)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        trusted = keys_of(self.town.database)
        if body["snapshot"] is not None:
            told = said_by(SNAPSHOT, body["snapshot"], trusted)
            self.void = {(key, slot): void for key, slot, void in told["entries"]}
            self.number = told["number"]
        for document in body["deltas"]:
            told = said_by(DELTA, document, trusted)
            assert told["after"] == self.number
            self.void |= {(key, slot): void for key, slot, void in told["entries"]}
            self.number = told["number"]
        self.deltas = len(body["deltas"])
        return self

    def voids(self, card_id: bytes, slot: int, issued: int) -> bool:
        """Tell whether a certificate issued in this minute is void."""
        key = to_base64url(revocation_key(card_id))
        return any(issued < self.void.get((key, one), 0) for one in (0, slot))
