"""The demonstration's two hospitals: who they are, and the keys of their machines."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from uuid import UUID

import msgspec

from healthcloud import access, institutions, onboarding, province
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Transaction
from healthcloud.server.composition import City
from healthcloud.server.demonstration.addresses import DEFAULT_KEY, KEY_VARIABLE
from healthcloud.server.demonstration.ledger import Ledger

# The plan's first two institutions, by the number a card platform would know them by.
PLATFORM_CODES = {1: "KGADEMO0001", 2: "KGADEMO0002"}
DESK = "挂号窗口1"
# The second has applied to connect; the first's administrator may do so before everybody's eyes.
APPLYING = 2
APPLICATION = onboarding.Application(
    "信息科（演示）",
    "0632-0000000",
    (onboarding.System("HIS", "示例医院软件"), onboarding.System("LIS", "示例检验软件")),
    (onboarding.Point.WINDOW, onboarding.Point.KIOSK, onboarding.Point.CONSULTING, onboarding.Point.PHARMACY),
)
QUOTA = 2000  # a second; drills scan faster than any hospital
SCOPES = {
    1: ("cards.verify", "cards.identity", "cards.issue", "people.register", "people.open"),
    2: ("cards.verify",),
}


@dataclass(frozen=True, slots=True)
class Machine:
    """A hospital's machine: whose it is, where it scans, and its key, as kept in its file."""

    institution: str
    institution_id: UUID
    client_id: UUID
    terminal_id: UUID
    terminal: str
    scopes: list[str]
    key_id: UUID
    algorithm: str
    secret: str  # base64


async def find_hospitals(city: City) -> dict[int, institutions.Institution]:
    """Return the two hospitals, those of them that are there."""
    found = {}
    async with city.database.read() as read:
        for number, code in PLATFORM_CODES.items():
            one = await institutions.institution_named(read, code)
            if one is not None:
                found[number] = one
    return found


async def make_machines(city: City, ledger: Ledger, hospitals: dict[int, institutions.Institution]) -> None:
    """Admit a machine for each hospital and keep its key, where that has not been done."""
    for number, hospital in hospitals.items():
        path = ledger.hospital_file(number)
        if path.exists():
            continue
        machine = await _admit(city, number, hospital)
        await _enrol(city, PLATFORM_CODES[number], hospital)
        if number == APPLYING:
            await _apply(city, hospital.id)
        ledger.write(path, msgspec.json.format(msgspec.json.encode(machine), indent=2) + b"\n")


async def _apply(city: City, hospital_id: UUID) -> None:
    await city.database.transact(lambda tx: onboarding.apply(tx, SYSTEM, hospital_id, APPLICATION))


async def _enrol(city: City, app_id: str, hospital: institutions.Institution) -> None:
    """Give a hospital the credential that the province's simulator knows it by."""
    key = os.environ.get(KEY_VARIABLE, DEFAULT_KEY)
    secret = hmac.new(key.encode(), app_id.encode(), hashlib.sha256).hexdigest()[:16]
    await city.database.transact(lambda tx: province.enrol(tx, SYSTEM, hospital.id, app_id, secret))


async def _admit(city: City, number: int, hospital: institutions.Institution) -> Machine:
    async with city.database.read() as read:
        desk = await institutions.terminal_named(read, hospital.id, DESK)
    if desk is None:
        raise LookupError(DESK)

    async def make(tx: Transaction) -> tuple[UUID, access.NewKey]:
        made = await access.create_client(
            tx, SYSTEM, hospital.id, "医院信息系统（演示）", SCOPES[number], quota_per_second=QUOTA
        )
        return made.client_id, await access.add_client_key(tx, SYSTEM, made.client_id)

    client_id, key = await city.database.transact(make)
    return Machine(
        hospital.name,
        hospital.id,
        client_id,
        desk.id,
        desk.name,
        list(SCOPES[number]),
        key.key_id,
        key.algorithm,
        key.secret,
    )


def read_machine(ledger: Ledger, number: int) -> Machine:
    """Return a hospital's machine with its key; raise FileNotFoundError."""
    return msgspec.json.decode(ledger.hospital_file(number).read_bytes(), type=Machine)


async def enrolment_code(city: City, hospital: institutions.Institution) -> institutions.terminals.Enrolment:
    """Issue a new code that binds a browser to the hospital's first desk; the browser there stays until then."""

    async def issue(tx: Transaction) -> institutions.terminals.Enrolment:
        desk = await institutions.terminal_named(tx, hospital.id, DESK)
        if desk is None:
            raise LookupError(DESK)
        return await institutions.terminals.issue_enrolment(tx, SYSTEM, desk.id)

    return await city.database.transact(issue)
