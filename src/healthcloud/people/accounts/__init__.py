"""Accounts: the one own person of a resident's account, claimed on line or tied at a counter."""

from healthcloud.people.accounts.actions import (
    attach_account,
    claim_own_person,
    detach_account,
    person_of_account,
    persons_of_accounts,
)

__all__ = ["attach_account", "claim_own_person", "detach_account", "person_of_account", "persons_of_accounts"]
