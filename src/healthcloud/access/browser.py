"""The browser somebody signs in with."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Browser:
    """Its network address, the device as people call it, and the session cookie it came with."""

    address: str
    device: str
    former: str | None = field(repr=False)
