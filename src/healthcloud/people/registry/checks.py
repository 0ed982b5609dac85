"""Verifying a registration before it is made: the registry is asked while no transaction is open."""

from healthcloud.people.documents.model import Document
from healthcloud.people.errors import DeceasedInRegistry, RegistryMismatch, RegistryUnavailable
from healthcloud.people.model import Level
from healthcloud.people.registration.model import Registration, Verification
from healthcloud.people.registry.ports import Claim, PopulationRegistry, Verdict

METHOD = "registry"
SEEN = "document-seen"


async def verify_registration(
    registry: PopulationRegistry | None, registration: Registration, *, seen: bool, evidence: str | None = None
) -> Verification:
    """
    Return how far a registration is verified: by a clerk who saw the document, by the registry, or declared only.

    Only resident numbers are asked about. When the registry is down the registration goes on, to be checked later.
    Raises RegistryMismatch and DeceasedInRegistry, also where a clerk saw the document: then a number was mistyped.
    """
    verdict, recheck = await _verdict(registry, registration)
    if verdict is Verdict.MISMATCH:
        raise RegistryMismatch
    if verdict is Verdict.DECEASED:
        raise DeceasedInRegistry
    if seen:
        return Verification(Level.FACE_TO_FACE, SEEN, evidence, recheck)
    if verdict is Verdict.MATCH:
        return Verification(Level.REGISTRY, METHOD)
    return Verification(recheck=recheck)


async def _verdict(registry: PopulationRegistry | None, registration: Registration) -> tuple[Verdict | None, bool]:
    document = checkable(registration.documents)
    if registry is None or document is None or registration.name is None:
        return None, False
    try:
        return await registry.check(Claim(registration.name, document.kind, document.number)), False
    except RegistryUnavailable:
        return None, True


def checkable(documents: tuple[Document, ...]) -> Document | None:
    """Return the first document that the registry may know: one with a resident number."""
    return next((document for document in documents if document.resident), None)
