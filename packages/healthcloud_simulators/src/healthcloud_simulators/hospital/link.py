"""The wire to the city: what is sent is remembered, a platform that is down is told from one that refuses."""

import secrets
import time
from dataclasses import asdict, dataclass, field
from typing import Any

import httpx

DOWN = (502, 503, 504)
SECONDS = 15.0


class Away(Exception):
    """No answer, or one that says the platform is down: keep it and send it later."""


class Refused(Exception):
    """The platform answered no: its code and sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code} {sentence}")
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Sent:
    """One request and its answer, as they were on the wire."""

    method: str
    url: str
    headers: dict[str, str]
    body: str
    signed: str
    status: int
    answer: str


@dataclass(slots=True)
class Broken:
    """
    Which rules this hospital breaks; each of `NAMES`.

    `skew_seconds` is by how much its clock is wrong where `wrong-clock` is set.
    """

    names: set[str] = field(default_factory=set)
    skew_seconds: int = 600

    def __contains__(self, name: object) -> bool:
        """Tell whether a rule is broken."""
        return name in self.names


NAMES = {
    "does-not-bind": "links no patient number of its own to a card",
    "reuses-nonce": "sends every request with the same nonce",
    "wrong-person-at-twins": "takes the first who has the name and birthday",
    "drops-usage": "uploads every second use only",
    "uploads-yesterday": "uploads uses a day late",
    "ignores-refusal": "goes on as if a refusal were a yes",
    "wrong-clock": "its clock is wrong",
    "sends-twice": "sends each write twice, with new numbers of its own",
    "loses-queue": "forgets what could not be sent while the platform was down",
    "wrong-signature": "signs with a wrong secret",
    "signs-before-encoding": "signs a body it then writes anew",
    "defaults-ethnicity": "says everybody is Han",
    "changes-card": "asks for a new card at a correction, instead of changing the old one",
    "ignores-second-scan": "scans at the window only",
    "registers-newborn-as-mother": "files a newborn under its mother",
}


@dataclass(slots=True)
class Link:
    """One connection pool to the city."""

    city: str
    broken: Broken = field(default_factory=Broken)
    sent: list[Sent] = field(default_factory=list)
    down: bool = False  # a cable that is unplugged, for trying the queue
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=SECONDS, trust_env=False))
    _nonce: str = "0123456789abcdef0123456789abcdef"

    def now(self) -> float:
        """Return the time by this hospital's clock, in Unix seconds."""
        return time.time() + (self.broken.skew_seconds if "wrong-clock" in self.broken else 0)

    def nonce(self) -> str:
        """Return a new nonce."""
        return self._nonce if "reuses-nonce" in self.broken else secrets.token_hex(16)

    def secret(self, secret: str) -> str:
        """Return the secret to sign with."""
        return secret[::-1] if "wrong-signature" in self.broken and "=" not in secret else secret

    def send(
        self, method: str, path: str, body: bytes, headers: dict[str, str] | None = None, *, signed: str = ""
    ) -> httpx.Response:
        """Send one request; raise Away."""
        if self.down:
            raise Away("unplugged")
        try:
            answer = self.client.request(method, f"{self.city}{path}", content=body or None, headers=headers)
        except httpx.HTTPError as error:
            raise Away(type(error).__name__) from None
        told = dict(answer.request.headers.items())
        self.sent.append(
            Sent(method, path, told, body.decode("utf-8", "replace"), signed, answer.status_code, answer.text)
        )
        if answer.status_code in DOWN:
            raise Away(str(answer.status_code))
        return answer

    def take_sent(self) -> list[dict[str, Any]]:
        """Return what was sent since the last time."""
        taken, self.sent = self.sent, []
        return [asdict(one) for one in taken]
