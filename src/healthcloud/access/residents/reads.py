"""What a resident sees of his own account."""

from healthcloud import channels
from healthcloud.access.residents import phones, store
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read


async def masked_phone(read: Read, caller: Caller) -> str | None:
    """Return the number the caller signs in with as it may be shown, or None for who has none."""
    account = await store.account(read, caller.account_id)
    if account is None:
        return None
    return channels.masked_number(phones.open_number(read.vault, account.id, account.phone_sealed))


async def own_phone(read: Read, caller: Caller) -> str | None:
    """Return the whole number a resident proved to sign in, for what they do about themself; None for anybody else."""
    account = await store.account(read, caller.account_id)
    return None if account is None else phones.open_number(read.vault, account.id, account.phone_sealed)
