"""What can be wrong with an idempotency key."""

from healthcloud.core.errors import Malformed, Unacceptable


class KeyMissing(Malformed):
    """This request needs an Idempotency-Key header, so that sending it twice does it once."""

    code = "idempotency-key-missing"
    zh = "该请求须带 Idempotency-Key 头，以保证重发不会重复办理。"


class KeyUnusable(Malformed):
    """An Idempotency-Key is 8 to 128 letters, digits or . _ : -, made at random, and never a person's number."""

    code = "idempotency-key-unusable"
    zh = "Idempotency-Key 应为 8 至 128 位随机的字母、数字或 . _ : -，不得使用个人号码。"


class KeyReused(Unacceptable):
    """This Idempotency-Key was used for another request; make a new key for a new request."""

    code = "idempotency-key-reused"
    zh = "该 Idempotency-Key 已用于另一请求，新请求请换新的键。"
