"""Institutions, as card platforms ask for them; public facts, so anybody may ask who may scan."""

from healthcloud import institutions
from healthcloud.core.errors import NotFound
from healthcloud.gateway.neutral.core import Core
from healthcloud.gateway.neutral.model import Organisation


class OrganisationUnknown(NotFound):
    """No institution here has this number."""

    code = "organisation-unknown"
    zh = "没有使用该编号的机构。"
    who_acts = "institution"


async def organisation(core: Core, number: str) -> Organisation:
    """Return the institution known by an outside number in any spelling; raise OrganisationUnknown."""
    async with core.database.read() as read:
        found = await institutions.institution_named(read, number)
    if found is None:
        raise OrganisationUnknown
    return Organisation(
        id=found.id,
        number=number,
        name=found.name,
        class_code=found.class_code,
        level_code=found.level_code,
        district_code=found.district_code,
        address=found.address,
        is_open=found.state == "open",
    )
