"""The lists that travel ahead, over HTTP: for anybody, so that caches may keep them and readers need no secret."""

from dataclasses import dataclass
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request, Response

from healthcloud.cards.offline import kept
from healthcloud.cards.offline.errors import ListsMissing
from healthcloud.core.http import DatabaseIn, needs_nothing, problems

router = APIRouter(prefix="/offline", tags=["offline"])

PUBLIC = "signed lists that name nobody, for readers with no network and caches between"
TRUST_CACHE = "public, max-age=300"
REVOCATION_CACHE = "public, max-age=15"
After = Annotated[int | None, Query(ge=0, le=2**63 - 1, description="The last number you have. 已有的最大编号。")]


@dataclass(frozen=True, slots=True)
class ListSignature:
    """One signature: its protected header (alg, kid, typ) and its bytes, both base64url."""

    protected: str
    signature: str


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list in JWS general JSON serialization (RFC 7515 section 7.2.1)."""

    payload: str
    signatures: list[ListSignature]


@dataclass(frozen=True, slots=True)
class Revoked:
    """What is void: deltas in their order, after a snapshot where the reader was too far behind."""

    deltas: list[SignedList]
    snapshot: SignedList | None


@router.get(
    "/trust",
    dependencies=[needs_nothing(PUBLIC)],
    response_model=SignedList,
    responses=problems(ListsMissing) | {304: {"description": "Unchanged 未变"}},
)
async def trust(request: Request, database: DatabaseIn) -> Response:
    """Return the city's signing keys and the policy for lists that grow old 信任名单, signed."""
    number, body = await kept.trust_list(database)
    return _answered(body.encode(), f'"trust-{number}"', request, TRUST_CACHE)


@router.get(
    "/revocations",
    dependencies=[needs_nothing(PUBLIC)],
    response_model=Revoked,
    responses=problems(ListsMissing) | {304: {"description": "Unchanged 未变"}},
)
async def revocations(request: Request, database: DatabaseIn, after: After = None) -> Response:
    """Return what a reader lacks of the revocation lists 吊销名单: up to 120 deltas, or a snapshot and what follows."""
    found = await kept.revocations_after(database, after)
    body = {
        "deltas": [msgspec.Raw(one.body.encode()) for one in found.deltas],
        "snapshot": None if found.snapshot is None else msgspec.Raw(found.snapshot.body.encode()),
    }
    begins = "s" if found.snapshot is not None else str(after)
    return _answered(msgspec.json.encode(body), f'"{begins}-{found.newest}"', request, REVOCATION_CACHE)


def _answered(body: bytes, etag: str, request: Request, cache: str) -> Response:
    headers = {"ETag": etag, "Cache-Control": cache}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
