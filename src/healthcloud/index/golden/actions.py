"""The face of an unverified person follows the golden record; whoever is verified is shown the difference only."""

from collections.abc import Collection
from uuid import UUID

from healthcloud import people
from healthcloud.core.background import enqueue
from healthcloud.core.db import Transaction
from healthcloud.index.golden.model import Field, GoldenField, as_date
from healthcloud.index.golden.reads import read_golden

FOLLOW = "index.follow-golden"
# The city's own unverified word is nothing to follow.
_FOLLOWED = (Field.NAME, Field.SEX, Field.BIRTH_DATE, Field.ETHNICITY, Field.NATIONALITY)


async def follow_golden(tx: Transaction, person_id: UUID) -> int | None:
    """Have an unverified person's face say what the golden record shows; the new version, None where it does."""
    seen = (await people.faces(tx, None, [person_id])).get(person_id)
    if seen is None or seen.level > people.Level.DECLARED:
        return None
    golden = await read_golden(tx, seen)
    shown = {one.field: one for one in golden.fields if one.field in _FOLLOWED}
    form = people.CorrectionForm(
        evidence=people.corrections.FOLLOWING,
        name=_value(shown, Field.NAME),
        sex=_value(shown, Field.SEX),
        birth_date=as_date(_value(shown, Field.BIRTH_DATE)),
        ethnicity=_value(shown, Field.ETHNICITY),
        nationality=_value(shown, Field.NATIONALITY),
    )
    sources = {field.value: f"{one.rule} {one.source_id}" for field, one in shown.items()}
    return await people.follow_sources(tx, seen.canonical_id, form, sources)


async def follow_later(tx: Transaction, person_ids: Collection[UUID]) -> None:
    """Have faces follow once this transaction has committed: sources say something new of these persons."""
    if person_ids:
        await enqueue(tx, FOLLOW, {"person_ids": [str(one) for one in sorted(set(person_ids))]})


async def follow_all(tx: Transaction, person_ids: Collection[UUID]) -> int:
    """Have the faces of these persons follow; return how many changed. Who is verified is passed over unread."""
    seen = await people.faces(tx, None, person_ids)
    unverified = {one.canonical_id for one in seen.values() if one.level == people.Level.DECLARED}
    return len([one for one in sorted(unverified) if await follow_golden(tx, one) is not None])


def _value(shown: dict[Field, GoldenField], field: Field) -> str | None:
    return shown[field].value if field in shown else None
