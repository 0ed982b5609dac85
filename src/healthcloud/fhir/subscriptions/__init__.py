"""Subscriptions (FHIR R4, 2.46): an institution hears at its registered endpoint that a patient of its changed."""

from healthcloud.fhir.subscriptions.actions import create, read_one, remove, search
from healthcloud.fhir.subscriptions.reactions import NOTICE, REACTIONS

__all__ = ["NOTICE", "REACTIONS", "create", "read_one", "remove", "search"]
