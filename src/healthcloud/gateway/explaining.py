"""
What a request's signature is over, as each face computes it, for whoever asks why a signature is wrong.

Right or wrong, nothing is proven here and no nonce is spent; the text ends in the secret, so it is for a sandbox alone.
"""

from base64 import urlsafe_b64decode
from typing import NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

from healthcloud.core.errors import Problem
from healthcloud.gateway import sm4, tencent
from healthcloud.gateway.family_b import joined
from healthcloud.gateway.family_b.envelope import read as read_family_b
from healthcloud.gateway.family_c import string_to_sign
from healthcloud.gateway.fields import read_object
from healthcloud.gateway.serving import FaceKeys
from healthcloud.gateway.tencent.envelope import read as read_tencent


class SignedText(NamedTuple):
    """The exact text, whose app's it is, and the secret at its end."""

    text: str
    app_id: str
    secret: str


async def explain_family_b(keys: FaceKeys, body: bytes) -> SignedText | None:
    """Return what bodySign is over; None where the request cannot be read or its app is unknown."""
    try:
        asked = read_family_b(body)
    except Problem:
        return None
    secret = await _secret(keys, asked.head["appId"])
    text = joined(asked.body) + b"&key=" + secret.encode()
    return SignedText(text.decode("utf-8", "replace"), asked.head["appId"], secret)


async def explain_family_c(keys: FaceKeys, body: bytes) -> SignedText | None:
    """Return what digest is over, biz_content in the clear; None where the request cannot be read."""
    try:
        given = read_object(body)
    except Problem:
        given = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    fields = {name: str(value) for name, value in given.items() if value is not None}
    app_id = fields.get("app_id")
    if app_id is None:
        return None
    secret = await _secret(keys, app_id)
    content = fields.get("biz_content", "").encode()
    if fields.get("enc_type") and secret:
        try:
            content = sm4.read(secret.encode(), fields.get("biz_content", ""))[0]
        except sm4.NotCiphertext:
            content = b""
    text = string_to_sign(fields, content) + b"&app_secret=" + secret.encode()
    return SignedText(text.decode("utf-8", "replace"), app_id, secret)


def opened_family_c(secret: str, content: str) -> bytes:
    """Return the clear content of a family C message sealed under an app's secret; raises ValueError."""
    return sm4.read(secret.encode(), content)[0]


async def explain_tencent(keys: FaceKeys, body: bytes) -> SignedText | None:
    """Return what sign is over; the app is named by getAppToken itself, later by the token's first bytes."""
    try:
        asked = read_tencent(body)
    except Problem:
        return None
    app_id = asked.fields.text("appId") or _app_of(str(asked.common.get("appToken", "")))
    secret = await _secret(keys, app_id)
    return SignedText(tencent.string_to_sign({**asked.common, **asked.wish}, secret), app_id, secret)


def _app_of(token: str) -> str:
    """Return whose token this says it is, unproven; empty where it says nothing."""
    try:
        return UUID(bytes=urlsafe_b64decode(token)[:16]).hex
    except ValueError:
        return ""


async def _secret(keys: FaceKeys, app_id: str) -> str:
    """Return an app's secret; empty where there is no such app."""
    try:
        return (await keys.app_key(app_id)).secret
    except Problem:
        return ""
