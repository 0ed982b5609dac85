"""Finding institutions, their departments, terminals and practitioners by what FHIR asks by: public facts."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud import institutions
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.fhir.errors import ParameterNotPossible
from healthcloud.fhir.listing import Found, fault_of
from healthcloud.fhir.model import Ask
from healthcloud.fhir.systems import LICENCE, NUMBERS, Token, read_token, read_urn

NAMES = ("name", "name:contains", "name:exact")
_PAGE = 200


async def find_organizations(read: Read, _: Caller, ask: Ask) -> list[Found]:
    """Return the institutions asked for, closed ones too."""
    tokens = _tokens(ask)
    if tokens:
        named = [await _institution_named(read, token) for token in tokens]
        known = {one.id: one for one in named if one is not None}
    else:
        known = {one.id: one for one in await _every_institution(read)}
    parents = {_reference(value, "Organization") for value in ask.all("partof")}
    classes = {read_token(one).value for value in ask.all("type") for one in value.split(",")}
    active = ask.one("active")
    kept = [
        one
        for one in known.values()
        if is_named(ask, (one.name, one.short_name or ""))
        and (not parents or one.parent_id in parents)
        and (not classes or one.class_code in classes)
        and (active not in ("true", "false") or (one.state == "open") == (active == "true"))
        and all(text in (one.address or "") for text in ask.all("address"))
    ]
    return _among(ask, [(one.id, one.name) for one in kept])


async def _every_institution(read: Read) -> list[institutions.Institution]:
    found: list[institutions.Institution] = []
    wanted = institutions.InstitutionFilter(with_closed=True)
    while page := await institutions.list_institutions(
        read, wanted, after=found[-1].id if found else UUID(int=0), limit=_PAGE
    ):
        found += page
    return found


async def _institution_named(read: Read, token: Token) -> institutions.Institution | None:
    own = token.person_id  # `urn:uuid:…` in the system of URIs, whatever it names
    if own is not None:
        try:
            return await institutions.institution(read, own)
        except institutions.InstitutionUnknown:
            return None
    kinds = {system: kind for kind, system in NUMBERS.items()}
    if token.system is not None and token.system not in kinds:
        return None
    kind = institutions.NumberKind(kinds[token.system]) if token.system else None
    try:
        return await institutions.institution_named(read, token.value, kind)
    except institutions.NumberAmbiguous:
        return None


async def find_locations(read: Read, caller: Caller, ask: Ask) -> list[Found]:
    """Return the departments and terminals asked for, of the institution named, else the caller's own."""
    found: list[tuple[UUID, str]] = []
    codes = {token.value for token in _tokens(ask)}
    within = {_reference(value, "Location") for value in ask.all("partof")}
    types = {read_token(one).value for value in ask.all("type") for one in value.split(",")}
    for institution_id in await _places(read, caller, ask):
        for one in await institutions.departments.departments_of(read, institution_id):
            fits = (not codes or one.code in codes) and not within and (not types or one.standard_code in types)
            if fits and _has_status(ask, active=one.state == "open") and is_named(ask, (one.name,)):
                found.append((one.id, one.name))
        for terminal in await _every_terminal(read, institution_id):
            fits = not codes and (not within or terminal.department_id in within)
            fits = fits and (not types or terminal.kind in types) and _has_status(ask, active=terminal.is_active)
            if fits and is_named(ask, (terminal.name,)):
                found.append((terminal.id, terminal.name))
    return _among(ask, found)


async def _every_terminal(read: Read, institution_id: UUID) -> list[institutions.Terminal]:
    found: list[institutions.Terminal] = []
    while page := await institutions.terminals.terminals_of(
        read, institution_id, after=found[-1].id if found else UUID(int=0), limit=_PAGE
    ):
        found += page
    return found


async def find_practitioners(read: Read, caller: Caller, ask: Ask) -> list[Found]:
    """Return the practitioners asked for: by number anywhere, else of the institution named or the caller's own."""
    wanted = ids_of(ask)
    if wanted:
        return await _checked(read, ask, wanted)
    tokens = _tokens(ask)
    if tokens:
        ids = {one for token in tokens if (one := await _practitioner_named(read, caller, token)) is not None}
        return await _checked(read, ask, sorted(ids))
    found: dict[UUID, str] = {}
    for institution_id in _institutions(caller, ask):
        after = ""
        while page := await institutions.practitioners.practitioners_of(read, institution_id, after=after, limit=_PAGE):
            after = page[-1].staff_number
            found |= {
                one.practitioner_id: one.name
                for one in page
                if is_named(ask, (one.name,)) and _is_active(ask, active=one.ended_on is None)
            }
    return _among(ask, list(found.items()))


async def _checked(read: Read, ask: Ask, ids: Sequence[UUID]) -> list[Found]:
    kept = []
    for one in ids:
        there = await institutions.practitioners.practitioner(read, one)
        if there is not None and is_named(ask, (there.name,)):
            kept.append((one, there.name))
    return _among(ask, kept)


async def _practitioner_named(read: Read, caller: Caller, token: Token) -> UUID | None:
    if token.system in (None, LICENCE):
        licensed = await institutions.practitioners.practitioner_licensed(read, token.value)
        if licensed is not None:
            return licensed.id
    institution_id = caller.institution_id if token.system is None else read_urn(token.system)
    if institution_id is None:
        return None
    post = await institutions.practitioners.post_numbered(read, institution_id, token.value)
    return None if post is None else post.practitioner_id


async def _places(read: Read, caller: Caller, ask: Ask) -> list[UUID]:
    """Return at which institutions places are looked for: those of the ids asked for, else as for practitioners."""
    wanted = ids_of(ask)
    if not wanted or ask.all("organization"):
        return _institutions(caller, ask)
    owners = []
    for one in wanted:
        department = await institutions.departments.find_department(read, one)
        try:
            owners.append((department or await institutions.terminal(read, one)).institution_id)
        except institutions.terminals.TerminalUnknown:
            continue
    return list(dict.fromkeys(owners))


def _institutions(caller: Caller, ask: Ask) -> list[UUID]:
    named = [one for value in ask.all("organization") for one in value.split(",")]
    if named:
        return [one for value in named if (one := _reference(value, "Organization")) is not None]
    if caller.institution_id is None:
        en, zh = "is needed: whose", "必填：哪个机构的"
        raise ParameterNotPossible(faults=(fault_of("organization", en, zh),))
    return [caller.institution_id]


def _tokens(ask: Ask) -> list[Token]:
    return [read_token(one) for value in ask.all("identifier") for one in value.split(",") if one]


def _reference(value: str, kind: str) -> UUID | None:
    """Read a reference of a search: an id, or `Kind/id`."""
    try:
        return UUID(value.rpartition(f"{kind}/")[2])
    except ValueError:
        return None


def ids_of(ask: Ask) -> list[UUID]:
    """Return the ids that `_id` names; what is none names nothing."""
    found = [_reference(one, ask.kind) for value in ask.all("_id") for one in value.split(",")]
    return [one for one in found if one is not None] or ([UUID(int=0)] if found else [])


def is_named(ask: Ask, names: Sequence[str]) -> bool:
    """Tell whether one of these names fits: begins with what `name` asks, holds it, or is it."""
    begins = all(any(name.startswith(text) for name in names) for text in ask.all("name"))
    holds = all(any(text in name for name in names) for text in ask.all("name:contains"))
    return begins and holds and all(text in names for text in ask.all("name:exact"))


def _has_status(ask: Ask, *, active: bool) -> bool:
    wanted = {read_token(one).value for value in ask.all("status") for one in value.split(",")}
    return not wanted or ("active" if active else "inactive") in wanted


def _is_active(ask: Ask, *, active: bool) -> bool:
    wanted = ask.one("active")
    return wanted not in ("true", "false") or active == (wanted == "true")


def _among(ask: Ask, found: Sequence[tuple[UUID, str]]) -> list[Found]:
    ids = set(ids_of(ask))
    return [Found(one, {"_id": str(one), "name": name}) for one, name in found if not ids or one in ids]
