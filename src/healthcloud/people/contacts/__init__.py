"""Contacts: the phone number a person can be reached at, and who else uses it."""
