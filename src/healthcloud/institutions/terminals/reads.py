"""Looking at terminals, and who sits at one."""

from uuid import UUID

from healthcloud.core.crypto import sm3
from healthcloud.core.db import Read
from healthcloud.institutions.departments import departments_of
from healthcloud.institutions.numbers import spellings
from healthcloud.institutions.reads import aliases_of
from healthcloud.institutions.terminals import store
from healthcloud.institutions.terminals.errors import TerminalUnknown
from healthcloud.institutions.terminals.model import (
    Seat,
    Terminal,
    is_token,
    organisation_code,
    parts_of_terminal_code,
    terminal_code,
)

FIRST = UUID(int=0)
MAX_PAGE = 200


async def terminal(read: Read, terminal_id: UUID) -> Terminal:
    """Return a terminal, active or retired; raise TerminalUnknown."""
    found = await store.terminal(read, terminal_id)
    if found is None:
        raise TerminalUnknown
    return found


async def terminal_named(read: Read, institution_id: UUID, named: UUID | str) -> Terminal | None:
    """
    Return an institution's terminal in use by its id, its name there, or 终端号 as card platforms write it.

    Several terminals of a department share one 终端号; the one that was added first stands for them.
    """
    if isinstance(named, UUID):
        found = await store.terminal(read, named)
        return found if found is not None and found.institution_id == institution_id and found.is_active else None
    by_name = await store.active_named(read, [institution_id], [named.strip()])
    if by_name:
        return by_name[0]
    parts = parts_of_terminal_code(named)
    if parts is None:
        return None
    organisation, standard_code = parts
    aliases = {one.alias for one in await aliases_of(read, institution_id)}
    if aliases.isdisjoint(spellings(organisation)):
        return None
    return await store.first_of_department(read, institution_id, standard_code)


async def terminals_of(read: Read, institution_id: UUID, *, after: UUID = FIRST, limit: int = 50) -> list[Terminal]:
    """Return an institution's terminals, retired ones too; the next page starts after the last one's id."""
    return await store.terminals_of(read, institution_id, after, min(limit, MAX_PAGE))


async def terminal_of_token(read: Read, token: str) -> Seat | None:
    """Return the terminal whose browser carries this token; None as soon as it is retired or bound again."""
    return await store.seat_of_token(read, sm3(token.encode())) if is_token(token) else None


async def terminal_codes(read: Read, institution_id: UUID, terminals: list[Terminal]) -> dict[UUID, str]:
    """Return 终端号 of these terminals of one institution, as card platforms write it."""
    organisation = organisation_code(await aliases_of(read, institution_id))
    standard = {one.id: one.standard_code for one in await departments_of(read, institution_id)}
    return {
        one.id: terminal_code(organisation, standard.get(one.department_id) if one.department_id else None)
        for one in terminals
    }
