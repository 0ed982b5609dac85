"""Keys of the demonstration's two hospitals for every way in, kept in one file of the sandbox's folder."""

import os
from pathlib import Path
from uuid import UUID

import msgspec

from healthcloud import access, institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Transaction
from healthcloud.core.settings import Settings
from healthcloud.server.composition import City
from healthcloud.server.demonstration import find_hospitals

QUOTA = 1000
_DESKS = 100
LOOPBACK = ("127.0.0.1/32", "::1/128")


class Key(msgspec.Struct, frozen=True):
    """A key for some ways in; `app_id` and `secret` as its client writes them."""

    ways: list[str]
    algorithm: str
    app_id: str
    secret: str


class Desk(msgspec.Struct, frozen=True):
    """A terminal of a hospital, as scans name it."""

    id: UUID
    name: str
    scene: str
    terminal_code: str


class Hospital(msgspec.Struct, frozen=True):
    """Everything a hospital's system is given."""

    name: str
    institution_id: UUID
    code: str
    keys: list[Key]
    desks: list[Desk]


def keys_file(settings: Settings) -> Path:
    """Return where the keys are."""
    return settings.var / "sandbox" / "keys.json"


def read_keys(settings: Settings) -> list[Hospital]:
    """Return what was made; nothing before the first start."""
    path = keys_file(settings)
    return msgspec.json.decode(path.read_bytes(), type=list[Hospital]) if path.exists() else []


async def make_keys(city: City) -> list[Hospital]:
    """Make keys for both hospitals where that has not been done; return them all."""
    known = {one.institution_id: one for one in read_keys(city.settings)}
    hospitals = await find_hospitals(city)
    made = [known.get(one.id) or await _make(city, one) for _, one in sorted(hospitals.items())]
    write_private(keys_file(city.settings), msgspec.json.format(msgspec.json.encode(made), indent=2))
    return made


def write_private(path: Path, content: bytes) -> None:
    """Write a file for its owner's eyes only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


async def _make(city: City, hospital: institutions.Institution) -> Hospital:
    every = access.roles.CLIENT_SCOPES
    scopes = every - {"exchange.hl7"}

    async def make(tx: Transaction) -> list[Key]:
        own = await access.create_client(tx, SYSTEM, hospital.id, "HIS（沙箱）", scopes, quota_per_second=QUOTA)
        hc1 = await access.add_client_key(tx, SYSTEM, own.client_id)
        # For platforms whose own libraries have no SM3; a client apart, for each may have two live keys only.
        plain = await access.create_client(
            tx, SYSTEM, hospital.id, "HIS SHA-256（沙箱）", scopes, quota_per_second=QUOTA
        )
        sha = await access.add_client_key(tx, SYSTEM, plain.client_id, algorithm=access.Algorithm.SHA256)
        face = await access.create_client(tx, SYSTEM, hospital.id, "卡管前置（沙箱）", scopes, quota_per_second=QUOTA)
        app = await access.add_client_key(tx, SYSTEM, face.client_id, algorithm=access.Algorithm.APP_SECRET)
        # HL7 proves itself by the connection: whoever speaks from this machine in this hospital's name.
        await access.create_client(tx, SYSTEM, hospital.id, "HL7（沙箱）", every, addresses=LOOPBACK)
        return [
            Key(["own", "fhir"], hc1.algorithm, str(hc1.key_id), hc1.secret),
            Key(["own", "fhir"], sha.algorithm, str(sha.key_id), sha.secret),
            Key(["family-b", "family-c", "tencent", "shandong"], app.algorithm, app.key_id.hex, app.secret),
        ]

    keys = await city.database.transact(make)
    async with city.database.read() as read:
        desks = await institutions.terminals.terminals_of(read, hospital.id, limit=_DESKS)
        codes = await institutions.terminals.terminal_codes(read, hospital.id, desks)
        numbers = await institutions.numbers_of(read, hospital.id)
    told = [Desk(one.id, one.name, one.scene_code, codes[one.id]) for one in desks if one.is_active]
    told.sort(key=lambda desk: desk.scene)
    platform = next((one.number for one in numbers if one.kind == institutions.NumberKind.PLATFORM), "")
    return Hospital(hospital.name, hospital.id, platform, keys, told)
