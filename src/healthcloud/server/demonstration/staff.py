"""The demonstration's staff: three separated administrators, an institution's administrator, clerks, a doctor …"""

import json
import secrets
from dataclasses import dataclass
from uuid import UUID

import msgspec
import pyotp

from healthcloud import access
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Transaction
from healthcloud.server.composition import City
from healthcloud.server.demonstration.ledger import Ledger

STEP_SECONDS = 30
_SYLLABLES = "ba be bi bo bu da de di do du ga ge gi go gu ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu"


@dataclass(frozen=True, slots=True)
class Post:
    """An account to be: its sign-in name, whose it is, its role, and at which hospital (1 or 2) or none."""

    login: str
    name: str
    role: access.Role
    hospital: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """An account of the demonstration with both factors, as kept in the staff file."""

    login: str
    name: str
    role: str
    hospital: int | None
    password: str
    secret: str

    def code(self, at: float) -> str:
        """Return the one-time code of this instant, Unix seconds."""
        return pyotp.TOTP(self.secret, interval=STEP_SECONDS).at(int(at))


ADMINISTRATORS = (
    Post("system", "系统管理员", access.Role.SYSTEM_ADMINISTRATOR),
    Post("security", "安全管理员", access.Role.SECURITY_ADMINISTRATOR),
    Post("audit", "审计管理员", access.Role.AUDIT_ADMINISTRATOR),
)
OTHERS = (
    Post("operator", "城市业务员", access.Role.CITY_OPERATOR),
    Post("reviewer1", "主索引审核员甲", access.Role.INDEX_CLERK),
    Post("reviewer2", "主索引审核员乙", access.Role.INDEX_CLERK),
    Post("manager1", "一院管理员", access.Role.INSTITUTION_ADMINISTRATOR, 1),
    Post("clerk1", "一院挂号员", access.Role.CLERK, 1),
    Post("doctor1", "一院医生", access.Role.DOCTOR, 1),
    Post("clerk2", "二院挂号员", access.Role.CLERK, 2),
)


def read_staff(ledger: Ledger) -> list[Member]:
    """Return the accounts made so far."""
    if not ledger.staff_file.exists():
        return []
    return [msgspec.json.decode(line, type=Member) for line in ledger.staff_file.read_bytes().splitlines()]


async def make_staff(city: City, ledger: Ledger, hospitals: dict[int, UUID]) -> list[Member]:
    """Make the accounts that are missing and return all; an account somebody else made under such a name is left."""
    there = {one.login: one for one in read_staff(ledger)}
    known = {one.login: one for one in await _accounts(city)}
    if "system" not in known:
        logins = {post.role: post.login for post in ADMINISTRATORS}
        await city.database.transact(lambda tx: access.create_first_administrators(tx, city.policy, logins))
        known = {one.login: one for one in await _accounts(city)}
    for post in (*ADMINISTRATORS, *OTHERS):
        account = known.get(post.login)
        if account is not None and (account.state != "invited" or account.name not in (post.name, post.role)):
            continue
        there[post.login] = await _enrol(city, ledger, list(there.values()), post, account, hospitals)
    return list(there.values())


async def _enrol(
    city: City,
    ledger: Ledger,
    others: list[Member],
    post: Post,
    account: access.staff.StaffLine | None,
    hospitals: dict[int, UUID],
) -> Member:
    """Invite and enrol one; the file is written before the factors are in force, so none is ever lost."""

    async def invite(tx: Transaction) -> access.Invitation:
        if account is not None:
            return await access.invite_again(tx, SYSTEM, city.policy, account.id)
        institution = None if post.hospital is None else hospitals[post.hospital]
        return await access.invite(
            tx,
            SYSTEM,
            city.policy,
            login=post.login,
            name=post.name,
            institution_id=institution,
            roles=(post.role,),
        )

    invitation = await city.database.transact(invite)
    password = _password()
    begun = await access.staff.begin_enrolment(city.database, city.policy, invitation.token, password)
    member = Member(post.login, post.name, post.role, post.hospital, password, begun.secret)
    _keep(ledger, [*(one for one in others if one.login != post.login), member])
    # With the code before this one, so that the present one is still good for signing in.
    code = member.code(city.database.clock.now().timestamp() - STEP_SECONDS)
    await access.staff.finish_enrolment(city.database, city.policy, invitation.token, code)
    return member


async def _accounts(city: City) -> list[access.staff.StaffLine]:
    async with city.database.read() as read:
        return await access.staff.staff_of(read, SYSTEM, limit=200)


def _password() -> str:
    """Return a password that can be read aloud and typed: five syllables, a hyphen, four digits; 39 bits."""
    syllables = _SYLLABLES.split()
    return "".join(secrets.choice(syllables) for _ in range(5)) + f"-{secrets.randbelow(10_000):04}"


def _keep(ledger: Ledger, members: list[Member]) -> None:
    lines = [json.dumps(msgspec.to_builtins(one), ensure_ascii=False) for one in members]
    ledger.write(ledger.staff_file, ("\n".join(lines) + "\n").encode())
