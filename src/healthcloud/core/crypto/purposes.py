"""What a key is for: a feature declares purposes, never algorithms' details."""

import re
from dataclasses import dataclass
from enum import StrEnum

from healthcloud_reader.keys import Algorithm

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*", re.ASCII)
_LONGEST_NAME = 64


class Use(StrEnum):
    """The one thing keys of a purpose do; a purpose never does two."""

    SEAL = "seal"
    FINGERPRINT = "fingerprint"
    DERIVE = "derive"
    SIGN = "sign"


class KeyState(StrEnum):
    """Where a key stands in its life; NEXT, CURRENT and PREVIOUS are live."""

    NEXT = "next"  # accepted and claimed, not yet used first
    CURRENT = "current"
    PREVIOUS = "previous"  # accepted only
    RETIRED = "retired"  # refused; kept so that an old backup can be opened after readmitting it


ALGORITHMS: dict[Use, tuple[Algorithm, ...]] = {
    Use.SEAL: (Algorithm.SM4_GCM,),
    Use.FINGERPRINT: (Algorithm.HMAC_SM3,),
    Use.DERIVE: (Algorithm.HMAC_SM3,),
    Use.SIGN: (Algorithm.SM2_SM3, Algorithm.P256_SHA256, Algorithm.ED25519),
}


@dataclass(frozen=True, slots=True)
class Purpose:
    """
    A purpose as its feature declares it: `Purpose("people.face", Use.SEAL)`.

    `name` is `<feature>.<what>` in lower case; `algorithm` is that of the first key, by default the use's first in
    ALGORITHMS. Raises ValueError where name or algorithm do not fit.
    """

    name: str
    use: Use
    algorithm: Algorithm | None = None

    def __post_init__(self) -> None:
        """Check name and algorithm."""
        if not is_purpose_name(self.name):
            message = f"{self.name!r} is no purpose name"
            raise ValueError(message)
        if self.algorithm is not None and self.algorithm not in ALGORITHMS[self.use]:
            message = f"{self.algorithm} does not {self.use}"
            raise ValueError(message)

    @property
    def first_algorithm(self) -> Algorithm:
        """The algorithm of the purpose's first key."""
        return self.algorithm or ALGORITHMS[self.use][0]


def is_purpose_name(name: str) -> bool:
    """Tell whether this may name a purpose: lower-case ASCII words joined by `.` or `-`, at most 64 characters."""
    return len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None
