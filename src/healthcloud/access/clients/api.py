"""Institutions' machines and their keys over HTTP; and what a developer tries a signature on."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from healthcloud.access.clients import (
    Algorithm,
    ClientLine,
    KeyLine,
    NewClient,
    NewKey,
    add_client_key,
    change_client_addresses,
    clients_of,
    create_client,
    keys_of,
    revoke_client,
    revoke_client_key,
)
from healthcloud.access.clients.actions import DEFAULT_QUOTA
from healthcloud.access.clients.addresses import MOST_ADDRESSES
from healthcloud.access.clients.errors import (
    AddressesUnreadable,
    AddressNotAllowed,
    NoSuchClient,
    PublicKeyUnreadable,
    QuotaExceeded,
    ScopeNotForClients,
    SignatureClock,
    SignatureKeyRevoked,
    SignatureKeyUnknown,
    SignatureMalformed,
    SignatureMissing,
    SignatureReplayed,
    SignatureWrong,
    TwoKeysLive,
)
from healthcloud.core.http import CallerIn, DatabaseIn, Moment, Wish, needs, problems, visit_of
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of

router = APIRouter(tags=["access"])
MANAGE = needs("access.manage-clients")
SIGNATURE_PROBLEMS = (
    SignatureMissing,
    SignatureMalformed,
    SignatureClock,
    SignatureKeyUnknown,
    SignatureWrong,
    SignatureKeyRevoked,
    SignatureReplayed,
    AddressNotAllowed,
    QuotaExceeded,
)
Addresses = Annotated[
    list[Annotated[str, Field(max_length=50)]],
    Field(max_length=MOST_ADDRESSES, description="Networks in CIDR form its requests may come from; none: anywhere."),
]


class ClientWish(Wish):
    """A machine to be admitted."""

    institution_id: UUID
    name: Annotated[str, Field(min_length=1, max_length=60)]
    scopes: Annotated[list[str], Field(max_length=20)]
    quota_per_second: Annotated[
        int, Field(ge=1, le=100_000, description="Signed requests a second; beyond it 429.")
    ] = DEFAULT_QUOTA
    addresses: Addresses = Field(default_factory=list)


class AddressesWish(Wish):
    """From where a machine's requests may come."""

    addresses: Addresses


class KeyWish(Wish):
    """A key to be made."""

    algorithm: Algorithm = Algorithm.SM3
    expires_at: Moment | None = None
    public_key: Annotated[
        str, Field(max_length=1000, description="Of an SM2 key only: PEM, or the point as 130 hexadecimal digits.")
    ] = ""


class ClientQuery(Wish):
    """Which page of the list."""

    institution_id: UUID | None = None
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


class SignedIn(Wish):
    """Whom a signature was accepted for, and of what."""

    client_id: UUID
    institution_id: UUID | None
    key_id: UUID | None
    scopes: list[str]
    body_bytes: int
    server_time: int = Field(description="Unix seconds")


@router.get("/clients", dependencies=[MANAGE], responses=problems(CursorUnreadable))
async def list_clients(
    database: DatabaseIn, caller: CallerIn, query: Annotated[ClientQuery, Query()]
) -> Page[ClientLine]:
    """List institutions' machines."""
    after = decode_cursor(query.cursor, tuple[UUID])[0] if query.cursor else UUID(int=0)
    async with database.read() as read:
        found = await clients_of(read, caller, query.institution_id, after=after, limit=query.limit + 1)
    return page_of(found, query.limit, lambda line: (line.id,))


@router.post(
    "/clients",
    status_code=201,
    response_model=NewClient,
    dependencies=[MANAGE],
    responses=problems(ScopeNotForClients, AddressesUnreadable, *once_problems),
)
async def post_client(wish: ClientWish, caller: CallerIn, once: OnceIn) -> Response:
    """Admit an institution's machine; it gets its key separately."""
    return await once(
        lambda tx: create_client(
            tx,
            caller,
            wish.institution_id,
            wish.name,
            wish.scopes,
            quota_per_second=wish.quota_per_second,
            addresses=wish.addresses,
        )
    )


@router.delete("/clients/{client_id}", status_code=204, dependencies=[MANAGE], responses=problems(NoSuchClient))
async def delete_client(client_id: UUID, database: DatabaseIn, caller: CallerIn) -> None:
    """Shut a machine out with all its keys, for good."""
    await database.transact(lambda tx: revoke_client(tx, caller, client_id))


@router.put(
    "/clients/{client_id}/addresses",
    status_code=204,
    dependencies=[MANAGE],
    responses=problems(NoSuchClient, AddressesUnreadable),
)
async def put_addresses(client_id: UUID, wish: AddressesWish, database: DatabaseIn, caller: CallerIn) -> None:
    """Let a machine's requests come from these networks only; none: from anywhere."""
    await database.transact(lambda tx: change_client_addresses(tx, caller, client_id, wish.addresses))


@router.get("/clients/{client_id}/keys", dependencies=[MANAGE])
async def list_keys(client_id: UUID, database: DatabaseIn, caller: CallerIn) -> list[KeyLine]:
    """List the keys a machine ever had; never a secret."""
    async with database.read() as read:
        return await keys_of(read, caller, client_id)


@router.post(
    "/clients/{client_id}/keys",
    status_code=201,
    response_model=NewKey,
    dependencies=[MANAGE],
    responses=problems(NoSuchClient, TwoKeysLive, PublicKeyUnreadable, *once_problems),
)
async def post_key(client_id: UUID, wish: KeyWish, caller: CallerIn, once: OnceIn) -> Response:
    """Make a key; its secret is in this answer and can never be shown again."""
    return await once(
        lambda tx: add_client_key(
            tx,
            caller,
            client_id,
            algorithm=wish.algorithm,
            expires_at=wish.expires_at,
            public_key=wish.public_key,
        )
    )


@router.delete(
    "/clients/{client_id}/keys/{key_id}", status_code=204, dependencies=[MANAGE], responses=problems(NoSuchClient)
)
async def delete_key(client_id: UUID, key_id: UUID, database: DatabaseIn, caller: CallerIn) -> None:
    """Revoke a key; its next request is refused."""
    await database.transact(lambda tx: revoke_client_key(tx, caller, client_id, key_id))


@router.get("/signature", dependencies=[needs("client")], responses=problems(*SIGNATURE_PROBLEMS))
async def try_signature(request: Request, database: DatabaseIn, caller: CallerIn) -> SignedIn:
    """Try a signed GET: answers who you are, or what is wrong with the signature."""
    return _signed_in(request, database, caller)


@router.post("/signature", dependencies=[needs("client")], responses=problems(*SIGNATURE_PROBLEMS))
async def try_signature_of_body(request: Request, database: DatabaseIn, caller: CallerIn) -> SignedIn:
    """Try a signed POST with any body: answers who you are, or what is wrong with the signature."""
    return _signed_in(request, database, caller)


def _signed_in(request: Request, database: DatabaseIn, caller: CallerIn) -> SignedIn:
    return SignedIn(
        client_id=caller.account_id,
        institution_id=caller.institution_id,
        key_id=caller.key_id,
        scopes=sorted(caller.scopes),
        body_bytes=len(visit_of(request.scope).body),
        server_time=int(database.clock.now().timestamp()),
    )
