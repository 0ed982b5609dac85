"""Certifying the key a phone signs its codes with: what a reader without network is to believe, for a week."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from healthcloud import audit, people
from healthcloud.cards import deeds
from healthcloud.cards.changes import hold_card
from healthcloud.cards.errors import CardNotFound, CardNotUsable, RealNameNeeded
from healthcloud.cards.model import CITY_SIGNATURE, REAL_NAME_LEVEL, Card, CardStatus
from healthcloud.cards.offline.model import from_minute, minute_of
from healthcloud.cards.offline.store import void_before
from healthcloud.cards.phones import store
from healthcloud.cards.phones.errors import PhoneKeyTaken, PhoneKeyUnusable, PhoneNotFound, PhoneProofWrong
from healthcloud.cards.phones.model import Phone
from healthcloud.cards.subject import subject_of
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.crypto import Algorithm, PublicKey
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Forbidden
from healthcloud_reader import Certificate, KeyFault, certificate_message, key_proof_message
from healthcloud_reader.certificates import MAX_NAME
from healthcloud_reader.jws import to_base64url

MANAGE = "cards.manage"
LIFETIME = timedelta(days=7)
RENEW_AFTER = timedelta(days=3)
PROOF_MINUTES = 5
POINT_LENGTH = 65


@dataclass(frozen=True, slots=True)
class PhoneCertificate:
    """
    A certificate (base64url of body and city signature) and when it begins and ends.

    Ask for the next at `renew_at`, from when on there is still time to be off line; `server_time` tells the phone how
    far its clock is off.
    """

    certificate: str = field(repr=False)
    issued_at: datetime = field()
    expires_at: datetime = field()
    renew_at: datetime = field()
    server_time: datetime = field()


async def certify_phone(
    tx: Transaction,
    caller: Caller,
    person_id: UUID | None,
    phone_id: UUID,
    public_key: bytes,
    minutes: int,
    proof: bytes,
    *,
    lifetime: timedelta = LIFETIME,
) -> PhoneCertificate:
    """
    Certify the key of an enrolled phone for a week, anew as often as it asks; only for the account that enrolled it.

    `public_key` is 04‖x‖y, 65 bytes; `proof` the 64 bytes it signs over the phone's id and the minute since 1970.
    Raises PhoneNotFound, CardNotUsable, RealNameNeeded, PhoneKeyUnusable (no point of P-256), PhoneProofWrong and
    PhoneKeyTaken (the key is another phone's). A temporary card's certificate ends with the card.
    """
    card, phone, now = *(await _held(tx, caller, person_id, phone_id)), tx.clock.now()
    seen = (await people.faces(tx, None, [card.person_id]))[card.person_id]
    if seen.level < REAL_NAME_LEVEL:
        raise RealNameNeeded(level=int(seen.level))
    key = proven_key(phone_id, public_key, minutes, proof, now)
    await _claim_key(tx, key, phone_id, now)
    # Not before what is void: a certificate asked for in the minute of a correction bears the next one's number.
    issued = max(minute_of(now), await void_before(tx, card.id, phone.slot) or 0)
    ends = now + lifetime if card.deadline is None else min(now + lifetime, card.deadline)
    certificate = _certificate(tx, phone, key, seen, (issued, max(minute_of(ends) - issued, 1)))
    signature = tx.vault.sign(CITY_SIGNATURE, certificate_message(certificate.body()))
    await audit.record(tx, caller, deeds.PHONE_CERTIFIED, card.person_id, detail={"phone": str(phone.id)})
    starts, expires = from_minute(issued), from_minute(certificate.expires)
    text = to_base64url(certificate.encode(signature.value))
    return PhoneCertificate(text, starts, expires, min(starts + RENEW_AFTER, expires), now)


def proven_key(phone_id: UUID, public_key: bytes, minutes: int, proof: bytes, now: datetime) -> PublicKey:
    """Return the key that signed this proof; raise PhoneKeyUnusable or PhoneProofWrong."""
    key = PublicKey(Algorithm.P256_SHA256, public_key)
    try:
        # from_encoded_point would take other forms of a point too, and one key must have one spelling.
        if len(public_key) != POINT_LENGTH:
            raise PhoneKeyUnusable
        verify = key.verifier()
    except KeyFault as error:
        raise PhoneKeyUnusable from error
    off = minutes - minute_of(now)
    if abs(off) > PROOF_MINUTES:
        raise PhoneProofWrong(minutes=off)
    if not verify(key_proof_message(phone_id.bytes, minutes), proof):
        raise PhoneProofWrong
    return key


def masked_within(name: str, most: int = MAX_NAME) -> str:
    """Return a masked name in at most so many bytes of UTF-8, cut between characters."""
    return name.encode()[:most].decode(errors="ignore")


async def _held(tx: Transaction, caller: Caller, person_id: UUID | None, phone_id: UUID) -> tuple[Card, Phone]:
    """Return a usable card, held still, and its phone that this account enrolled."""
    if caller.kind is not CallerKind.RESIDENT:
        raise Forbidden("only a resident's phone makes codes")
    card = await hold_card(tx, await subject_of(tx, caller, person_id, MANAGE))
    if card is None:
        raise CardNotFound
    if card.status != CardStatus.NORMAL:
        raise CardNotUsable(status=card.status, reason=card.reason)
    if card.has_ended(tx.clock.now()):
        raise CardNotUsable(status=card.status, reason="deadline")
    for phone in await store.phones_of(tx, card.id):
        if phone.id == phone_id and phone.account_id == caller.account_id and phone.removed_at is None:
            return card, phone
    raise PhoneNotFound


async def _claim_key(tx: Transaction, key: PublicKey, phone_id: UUID, now: datetime) -> None:
    if await store.claim_key(tx, sha256(key.compressed()).digest(), phone_id, now) != phone_id:
        raise PhoneKeyTaken


def _certificate(
    tx: Transaction, phone: Phone, key: PublicKey, seen: people.Seen, lived: tuple[int, int]
) -> Certificate:
    city, _ = tx.vault.signers(CITY_SIGNATURE)[0]
    face = people.masked(seen.face)
    return Certificate(
        algorithm=city.algorithm,
        city_key=city.id,
        card_id=phone.card_id,
        slot=phone.slot,
        epoch=phone.epoch,
        phone_key=key.compressed(),
        issued=lived[0],
        lifetime=lived[1],
        level=int(seen.level),
        sex=int(face.sex),
        birth_year=face.birth_year,
        name=masked_within(face.name),
    )
