"""What the golden record does behind the requests: faces that follow it, and the word to whoever was corrected."""

from typing import Any
from uuid import UUID

from healthcloud import channels, people
from healthcloud.core.background import Body, JobKind, Reaction
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.core.wording import CHINESE, words_in
from healthcloud.index.golden.actions import FOLLOW, follow_all

_TOLD = frozenset({"name", "sex", "birth_date", "document_number"})


async def _follow(tx: Transaction, body: Body) -> None:
    await follow_all(tx, [UUID(str(one)) for one in body["person_ids"]])


async def tell_of_correction(tx: Transaction, event: people.events.PersonCorrected) -> None:
    """
    Send a text to whose name, sex, birth date or number somebody set right: what and why they read under their deeds.

    A face that followed sources is a deed to be read and no text: an import would write to half a city.
    """
    if _TOLD.isdisjoint(event.fields.split(",")) or await _followed(tx, event):
        return
    seen = (await people.faces(tx, None, [event.person_id])).get(event.person_id)
    number = None if seen is None or seen.state is not people.PersonState.ALIVE else seen.face.phone
    if number is not None and channels.mobile_number(number) is not None:
        text = words_in(CHINESE)("texts.corrected")
        await channels.send_text(tx, channels.Channel.SMS, number, text, reference=new_id())


async def _followed(tx: Transaction, event: people.events.PersonCorrected) -> bool:
    lines = await people.corrections.corrections_of(tx, event.person_id)
    evidence = {one.evidence for one in lines if one.version == event.version}  # of all who resolve to one
    return evidence == {people.corrections.FOLLOWING}


JOBS = (JobKind(FOLLOW, _follow),)
REACTIONS: tuple[Reaction[Any], ...] = (
    Reaction(people.events.PersonCorrected, "index.tell-of-correction", tell_of_correction),
)
