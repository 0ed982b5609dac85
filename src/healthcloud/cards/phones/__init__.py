"""Phones: a card's own devices that make its codes with no network, each in a slot that can be taken away."""

from healthcloud.cards.phones.actions import (
    enrol_phone,
    remove_phone,
    remove_phones_where,
    restore_phones,
    retire_phones,
)
from healthcloud.cards.phones.certificates import PhoneCertificate, certify_phone
from healthcloud.cards.phones.jobs import RECURRING
from healthcloud.cards.phones.model import Phone
from healthcloud.cards.phones.reads import my_phones, my_secrets
from healthcloud.cards.phones.secrets import PhoneSecrets

__all__ = [
    "RECURRING",
    "Phone",
    "PhoneCertificate",
    "PhoneSecrets",
    "certify_phone",
    "enrol_phone",
    "my_phones",
    "my_secrets",
    "remove_phone",
    "remove_phones_where",
    "restore_phones",
    "retire_phones",
]
