"""What somebody announces: a file, for whom; and for whom they may."""

from dataclasses import dataclass
from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.index.errors import NotYourInstitution
from healthcloud.index.model import IMPORT


@dataclass(frozen=True, slots=True)
class ImportWish:
    """A file to be imported: its name, size in bytes, SHA-256; whose patients, one's own institution's if None."""

    name: str
    size: int
    digest: bytes
    institution_id: UUID | None = None


def institution_of(caller: Caller, wanted: UUID | None) -> UUID:
    """Return whose patients a caller may import (scope index.import): their institution's, any for the city's staff."""
    caller.must(IMPORT)
    own = caller.institution_id
    if own is not None and wanted not in (None, own):
        raise NotYourInstitution
    if (chosen := own or wanted) is None:
        raise Unacceptable(faults=(FieldFault("#/institution_id", "is required", "必填"),))
    return chosen
