"""Contacts: the phone number a person can be reached at, and who else uses it."""

from healthcloud.people.contacts.actions import change_phone
from healthcloud.people.contacts.lookup import find_by_phone

__all__ = ["change_phone", "find_by_phone"]
