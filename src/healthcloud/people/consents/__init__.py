"""Consents: what a person agreed to, for what purpose, in which words, until when; withdrawn at the next read."""

from healthcloud.people.consents.actions import consented, consents_of, give_consent, withdraw_consent
from healthcloud.people.consents.model import Consent, ConsentWish

__all__ = ["Consent", "ConsentWish", "consented", "consents_of", "give_consent", "withdraw_consent"]
