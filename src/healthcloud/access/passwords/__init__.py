"""Passwords: which ones are good enough, and how they are kept (Argon2id, RFC 9106)."""

from healthcloud.access.passwords.hashing import PasswordCost, Passwords, passwords_at
from healthcloud.access.passwords.model import PAST_KEPT, password_faults

__all__ = ["PAST_KEPT", "PasswordCost", "Passwords", "password_faults", "passwords_at"]
