"""What every interaction of the FHIR face shares: what is asked, what is answered, what stays unsaid; pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from urllib.parse import parse_qsl

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Resource: TypeAlias = dict[str, Json]

FHIR_VERSION = "4.0.1"
PREFIX = "/fhir"
MEDIA_TYPE = "application/fhir+json"
SUBMIT, REGISTER, OPEN, DELIVER = "index.submit", "people.register", "people.open", "exchange.deliver"


@dataclass(frozen=True, slots=True)
class Ask:
    """
    One interaction: of the request itself, or of an entry of a batch.

    `path` follows the base, without a leading slash; `in_address` says that the parameters stood in a URL, where no
    identity may; `base` is this server's address as the client knows it.
    """

    method: str
    path: str
    base: str
    parameters: tuple[tuple[str, str], ...] = ()
    in_address: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    resource: object = None

    @property
    def kind(self) -> str:
        """The type of resource asked for."""
        return self.path.partition("/")[0]

    def all(self, *names: str) -> list[str]:
        """Return every value of these parameters."""
        return [value for name, value in self.parameters if name in names]

    def one(self, name: str) -> str | None:
        """Return a parameter's first value, if there is one."""
        return next(iter(self.all(name)), None)

    @property
    def is_strict(self) -> bool:
        """Tell whether parameters nobody knows are to be refused (`Prefer: handling=strict`)."""
        return "handling=strict" in self.headers.get("prefer", "").replace(" ", "").split(";")[0].split(",")

    @property
    def wants_body(self) -> bool:
        """Tell whether a write is answered with its resource (`Prefer: return=minimal` says no)."""
        return "return=minimal" not in self.headers.get("prefer", "").replace(" ", "")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: status, resource, and of a Patient its version, place and time."""

    status: int
    resource: Resource | None
    version: str | None = None
    location: str | None = None
    modified: datetime | None = None


def read_parameters(query: str) -> tuple[tuple[str, str], ...]:
    """Read a query or a form, percent-encoded UTF-8, in the order sent."""
    return tuple(parse_qsl(query, keep_blank_values=True, max_num_fields=64))


def etag(version: str) -> str:
    """Write a version as a weak entity tag."""
    return f'W/"{version}"'


def versions_named(header: str) -> frozenset[str]:
    """Read `If-Match` or `If-None-Match`: weak or strong tags, and bare versions that some clients send."""
    tags = (one.strip().removeprefix("W/").removeprefix("w/").strip('"') for one in header.split(","))
    return frozenset(tag for tag in tags if tag)
