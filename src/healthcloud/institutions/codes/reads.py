"""Looking codes up: on a day, in the version in force."""

from collections.abc import Sequence
from datetime import date

from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Read
from healthcloud.core.errors import FieldFault
from healthcloud.institutions.codes import store
from healthcloud.institutions.codes.errors import CodeSetMissing, CodeSetUnknown, CodeUnknown
from healthcloud.institutions.codes.model import Code, CodeClaim, CodeSet, Scene

STEPS, TENCENT_SCENES = "med-step", "tencent-scene"
MAX_PAGE = 1000
_EVERY_SCENE = 10_000


def today(read: Read) -> date:
    """Return the day it is in the city."""
    return read.clock.now().astimezone(SHANGHAI).date()


async def sets_in_force(read: Read, on: date | None = None) -> list[CodeSet]:
    """Return of every set the version in force on a day, today by default."""
    return await store.sets_in_force(read, on or today(read))


async def set_in_force(read: Read, name: str, on: date | None = None) -> CodeSet:
    """Return a set's version in force, or raise CodeSetUnknown."""
    for one in await sets_in_force(read, on):
        if one.name == name:
            return one
    raise CodeSetUnknown


async def codes_of(read: Read, one: CodeSet, *, after: str = "", limit: int = 100) -> list[Code]:
    """Return codes of a version in their order; the next page starts after the last one's code."""
    return await store.codes_after(read, one.name, one.version, after, min(limit, MAX_PAGE))


async def every_code(read: Read, set_name: str) -> list[Code]:
    """Return all codes of a set in force today, in their order: what a form offers; none where the set is not there."""
    for one in await sets_in_force(read):
        if one.name == set_name:
            return await store.codes_after(read, one.name, one.version, "", _EVERY_SCENE)
    return []


async def find_code(read: Read, set_name: str, code: str, on: date | None = None) -> Code | None:
    """Return a code in force on a day, or None; raise CodeSetUnknown where the set itself is not there."""
    one = await set_in_force(read, set_name, on)
    found = await store.codes_among(read, one.name, one.version, [code])
    return found[0] if found else None


async def require_codes(read: Read, claims: Sequence[CodeClaim]) -> None:
    """Raise CodeUnknown naming every claim that does not hold today, CodeSetMissing where a set is not loaded."""
    versions = {one.name: one.version for one in await sets_in_force(read)}
    for claim in claims:
        if claim.set_name not in versions:
            raise CodeSetMissing(set=claim.set_name)
    pairs = sorted({(claim.set_name, claim.code) for claim in claims})
    true = await store.claims_in_force(
        read, [name for name, _ in pairs], [versions[name] for name, _ in pairs], [code for _, code in pairs]
    )
    held = {(claim.set_name, claim.code) for claim in true}
    faults = tuple(
        FieldFault(claim.pointer, f"is not in the code set {claim.set_name}", f"不在代码集 {claim.set_name} 中")
        for claim in claims
        if (claim.set_name, claim.code) not in held
    )
    if faults:
        raise CodeUnknown(faults=faults)


async def scenes(read: Read) -> dict[str, Scene]:
    """Return every scene by its code: the medStepCodes, their children, and Tencent's 7-digit scenes."""
    in_force = {one.name: one for one in await sets_in_force(read)}
    found: dict[str, Scene] = {}
    for name in (TENCENT_SCENES, STEPS):
        if name not in in_force:
            raise CodeSetMissing(set=name)
        for code in await store.codes_after(read, name, in_force[name].version, "", _EVERY_SCENE):
            step = code.parent or code.attributes.get("med_step") or code.code
            found[code.code] = Scene(code.code, code.label, code.label_en, step)
    return found


async def scene_exists(read: Read, code: str) -> bool:
    """Tell whether this is a scene's code as it is stored; see `plain_scene` for one without its leading zeros."""
    return code in await scenes(read)
