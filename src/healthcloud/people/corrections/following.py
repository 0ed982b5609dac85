"""An unverified person's face follows what institutions say; a verified one never changes by itself."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from healthcloud import audit
from healthcloud.core.caller import SYSTEM
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Unacceptable
from healthcloud.people import deeds
from healthcloud.people.corrections import store
from healthcloud.people.corrections.actions import history_row, write_face
from healthcloud.people.corrections.model import CorrectionForm, read_correction
from healthcloud.people.events import PersonCorrected
from healthcloud.people.holding import hold
from healthcloud.people.model import Level, PersonState

FOLLOWING = "依各医院登记的一致信息自动更新"


async def follow_sources(
    tx: Transaction, person_id: UUID, form: CorrectionForm, sources: Mapping[str, str]
) -> int | None:
    """
    Have an unverified person's name, sex, birth date, ethnicity and nationality be what sources say; the new version.

    None where nothing changes: a verified person, one no longer alive, values the document contradicts. The document
    never follows; the evidence is always FOLLOWING. `sources` says for each field the rule and source it follows, for
    the audit. Whoever a clerk has corrected is verified, so nothing is taken back from people here.
    """
    held = await hold(tx, person_id)
    if held.row.level > Level.DECLARED or held.row.state != PersonState.ALIVE:
        return None
    wanted = replace(form, evidence=FOLLOWING, document=None, version=None)
    try:
        correction = read_correction(wanted, held.face, tx.clock.now().astimezone(SHANGHAI).date())
    except Unacceptable:
        # All is so already, or what sources say cannot stand beside the document: it is shown, not written.
        return None
    version = await write_face(tx, held, correction.face, held.row.level)
    row = history_row(tx, SYSTEM, held, correction.face, version)
    await store.add_correction(tx, replace(row, fields=list(correction.fields), evidence=FOLLOWING))
    fields = ",".join(correction.fields)
    followed = {field: sources[field] for field in correction.fields if field in sources}
    detail: audit.Detail = {"fields": fields, "version": version, **followed}
    await audit.record(tx, SYSTEM, deeds.FOLLOWED, held.id, reason=FOLLOWING, detail=detail)
    await tx.announce(PersonCorrected(held.id, fields, version))
    return version
