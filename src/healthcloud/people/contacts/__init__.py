"""Contacts: the phone number a person can be reached at, and who else uses it."""

from healthcloud.people.contacts.actions import change_phone, persons_of_phone

__all__ = ["change_phone", "persons_of_phone"]
