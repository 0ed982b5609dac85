"""
Everything that happens behind the requests, on one page.

Who reacts to which event, which jobs there are, what recurs, and what one machine of many does alone.
"""

from dataclasses import replace
from datetime import timedelta

from healthcloud import (
    access,
    audit,
    cards,
    channels,
    encounters,
    exchange,
    fhir,
    figures,
    index,
    onboarding,
    people,
    province,
)
from healthcloud.core import partitions
from healthcloud.core.background import NoReaction, Recurring, Sole, Wiring, announced_events, in_portions
from healthcloud.core.db import Database, Transaction
from healthcloud.core.drafts import forget_expired_drafts
from healthcloud.core.idempotency import forget_expired
from healthcloud.core.leases import Lease
from healthcloud.server import notices
from healthcloud.server.composition import City
from healthcloud.server.partners import province_of
from healthcloud.server.places import heads_file

SEAL_EVERY = timedelta(milliseconds=200)
SEAL_EVIDENCE_EVERY = timedelta(seconds=1)


async def _forget_answers(tx: Transaction) -> int:
    """Forget some stored answers of a day ago and some drafts nobody confirmed."""
    return await forget_expired(tx) + await forget_expired_drafts(tx)


# What needs no city to be told; `wired` adds what does.
WIRING = Wiring(
    reactions=(*cards.REACTIONS, *index.REACTIONS, *notices.REACTIONS, *fhir.REACTIONS),
    no_reactions=(
        NoReaction(people.events.PersonFromRecords, "the index made them and has their records"),
        NoReaction(people.events.PersonVerified, "cards read the level at each application and scan"),
        NoReaction(people.events.PersonDoubted, "it stays on record; no card ends by a registry's word alone"),
        NoReaction(people.events.AccountAttached, "whose an account is, is looked up at each request"),
        NoReaction(people.events.GrantAsked, "the person sees what is asked when they look"),
        NoReaction(people.events.GrantAccepted, "who may act for whom is looked up at each act"),
        NoReaction(cards.events.CardIssued, "nothing above cards keeps what a card is"),
        NoReaction(cards.events.CardConverted, "as for CardIssued"),
        NoReaction(cards.events.PhoneRemoved, "its codes are refused at the next scan"),
    ),
    recurring=(
        *partitions.RECURRING,
        Recurring("core.forget-answers", timedelta(minutes=5), in_portions(_forget_answers)),
        *channels.RECURRING,
        *access.RECURRING,
        *cards.late.RECURRING,
        *cards.phones.RECURRING,
        *cards.reported.RECURRING,
        *exchange.outward.RECURRING,
        *people.RECURRING,
        *index.RECURRING,
        *province.RECURRING,
        *exchange.held.RECURRING,
        *exchange.confirmations.RECURRING,
        *onboarding.RECURRING,
    ),
)


def wired(city: City, sealer: audit.Sealer) -> Wiring:
    """Return everything for this city; raise WiringFault where an event has no reaction and no reason for none."""
    whole = replace(
        WIRING,
        jobs=(
            channels.sending(city.sms),
            *access.rotation.KINDS,
            *people.job_kinds(city.registry),
            *cards.stock.KINDS,
            *index.JOBS,
            *encounters.JOBS,
            *exchange.held.JOBS,
            *index.imports.kinds(people.Policy.of(city.settings)),
            *figures.JOBS,
            *exchange.evidence.KINDS,
        ),
        recurring=(
            *WIRING.recurring,
            audit.verifying(audit.HeadFile(heads_file(city.settings))),
            cards.offline.publishing(cards.offline.Policy.of(city.settings)),
            *index.imports.recurring(city.settings.import_days),
        ),
        soles=(
            _sealing(sealer),
            _sealing_evidence(city.evidence_sealer),
            city.outward.dispatching(),
            province.uploading(province_of(city.settings, city.database.clock)),
            figures.following(),
            onboarding.following(),
        ),
    )
    whole.check(announced_events())
    return whole


def _sealing(sealer: audit.Sealer) -> Sole:
    # Should two machines seal for a moment, the numbers of the blocks, a primary key, let one of them through.
    async def seal(_: Database, __: Lease) -> int:
        return await sealer.seal()

    return Sole("audit.sealer", SEAL_EVERY, seal)


def _sealing_evidence(sealer: exchange.EvidenceSealer) -> Sole:
    # As for audit: the numbers of the blocks let one of two through.
    async def seal(_: Database, __: Lease) -> int:
        return await sealer.seal()

    return Sole("exchange.evidence-sealer", SEAL_EVIDENCE_EVERY, seal)
