"""
The helpers of a hospital's front box (前置机), at the addresses they have there, for a vendor to compare with.

They use the secret that is sent and no key of the city, so they are no way to another's signature.
"""

import json
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field, JsonValue

from healthcloud import gateway
from healthcloud.core.errors import Unauthenticated
from healthcloud.core.http import BrokenRule, Wish, needs_nothing, problems
from healthcloud.sandbox.errors import NotDeciphered

OPEN = needs_nothing("a sandbox's arithmetic over what is sent, with no key of the city")
router = APIRouter(prefix="/api", include_in_schema=False, dependencies=[OPEN])


def _whole(body: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Refuse half a character (a lone surrogate, which JSON can escape): it has no bytes to sign or encrypt."""
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise BrokenRule(en="holds half a character", zh="含有不完整的字符") from None
    return body


# SM4's key are the secret's sixteen ASCII bytes.
Secret = Annotated[str, Field(pattern=r"^[!-~]{16}$")]
Word = Annotated[str, Field(max_length=256)]
Body = Annotated[dict[str, JsonValue], AfterValidator(_whole)]


class SignWish(Wish):
    """A request of `/api/do` as it is to be sent, its starred fields encrypted; what is not signed is left out."""

    secret: Secret
    appId: Word  # noqa: N815 - the interface's name
    nonceStr: Word  # noqa: N815 - the interface's name
    timestamp: Word
    version: Word
    body: Body


class EncryptWish(Wish):
    """A body in the clear."""

    secret: Secret
    body: Body
    spelling: gateway.Spelling = gateway.Spelling.HEX


class DecipherWish(Wish):
    """A body as it was sent or answered."""

    secret: Secret
    body: Body


class SignTold(BaseModel):
    """Both signatures, and what they are over but for `&key=<secret>` at the end."""

    headSign: str  # noqa: N815 - the interface's name
    bodySign: str  # noqa: N815 - the interface's name
    headString: str  # noqa: N815 - beside headSign
    bodyString: str  # noqa: N815 - beside bodySign


class BodyTold(BaseModel):
    """A body, its starred fields encrypted or in the clear."""

    body: dict[str, Any]


@router.post("/sign")
async def sign(wish: SignWish) -> SignTold:
    """Sign a request's head and body."""
    head = wish.model_dump(include={"appId", "nonceStr", "timestamp", "version"})
    found = gateway.front_box.signatures_of(head, wish.body, wish.secret)
    return SignTold(
        headSign=found.head_sign,
        bodySign=found.body_sign,
        headString=found.head_string,
        bodyString=found.body_string,
    )


@router.post("/encrypt")
async def encrypt(wish: EncryptWish) -> BodyTold:
    """Encrypt a body's starred fields."""
    return BodyTold(body=gateway.front_box.encrypted(wish.body, wish.secret, wish.spelling))


@router.post("/deciphering", responses=problems(NotDeciphered))
async def decipher(wish: DecipherWish) -> BodyTold:
    """Decipher a body's starred fields, of a request or an answer."""
    try:
        return BodyTold(body=gateway.front_box.deciphered(wish.body, wish.secret))
    except Unauthenticated:
        raise NotDeciphered from None
