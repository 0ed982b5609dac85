"""Idempotency: the same request with the same key is carried out once, and answered alike for a day."""

from healthcloud.core.idempotency.actions import forget_expired, once
from healthcloud.core.idempotency.api import AskedIn, IdempotencyKey, Once, OnceIn, once_problems, response_of
from healthcloud.core.idempotency.each import Asked, once_each
from healthcloud.core.idempotency.errors import KeyMissing, KeyReused, KeyUnusable
from healthcloud.core.idempotency.model import PURPOSES, Answer, read_key

__all__ = [
    "PURPOSES",
    "Answer",
    "Asked",
    "AskedIn",
    "IdempotencyKey",
    "KeyMissing",
    "KeyReused",
    "KeyUnusable",
    "Once",
    "OnceIn",
    "forget_expired",
    "once",
    "once_each",
    "once_problems",
    "read_key",
    "response_of",
]
