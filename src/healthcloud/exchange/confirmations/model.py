"""A confirmation: what is asked, of whom, where the browser may be sent back to, and how it stands; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from urllib.parse import quote, urlsplit
from uuid import UUID

from healthcloud.core.crypto import Purpose, Use
from healthcloud.core.errors import FieldFault
from healthcloud.core.settings import Settings

BODY, CODE = "exchange.confirmation", "exchange.confirmation-code"
PURPOSES = (Purpose(BODY, Use.SEAL), Purpose(CODE, Use.FINGERPRINT))
# The open platform's: wechatCode, healthCode, regInfoCode and authCode are good once, for thirty minutes.
LIVES = timedelta(minutes=30)
KEPT_FOR = timedelta(days=1)
ASK, HOSTS = "people.register", "access.manage-clients"
LONGEST_URL, MOST_HOSTS = 500, 20
TOKEN_BYTES = 16
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[1-9][0-9]{0,4})?", re.ASCII)
_ID = re.compile(r"[0-9a-fA-F]{32}", re.ASCII)
_TOKEN = re.compile(r"[0-9a-f]{64}", re.ASCII)


class State(StrEnum):
    """What the citizen said."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Carried:
    """What is asked, sealed at rest; `code` is there once it is decided."""

    name: str
    scene: str
    department: str | None
    success_url: str
    fail_url: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A confirmation that was asked for: its id for the hospital, and the last part of its page's address."""

    id: UUID
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A confirmation as whom it is about sees it; `way` is where their browser goes back to, empty until decided."""

    id: UUID
    institution_id: UUID
    person_id: UUID
    state: State
    carried: Carried = field(repr=False)
    ends_at: datetime
    is_over: bool
    way: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hospital learns by the code."""

    person_id: UUID
    agreed: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What an installation asks of addresses: in production https."""

    production: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read them from the settings."""
        return cls(settings.production)


def host_faults(hosts: Iterable[str]) -> tuple[FieldFault, ...]:
    """Return what is wrong with hosts to be registered: `his.example.cn` or with `:8443`."""
    wrong = [one for one in hosts if not _HOST.fullmatch(one)]
    if not wrong:
        return ()
    return (FieldFault("#/hosts", "must be host names, with a port where it is no usual one", "应为主机名，可带端口"),)


def redirect_faults(name: str, url: str, hosts: Iterable[str], terms: Terms) -> tuple[FieldFault, ...]:
    """Return why a browser may not be sent there: only plain addresses on registered hosts, exactly as registered."""
    place = f"#/{name}"
    refusal = (FieldFault(place, "is on no host registered for this client", "不在该接入程序登记的回跳主机上"),)
    if not url.isascii() or not url.isprintable() or len(url) > LONGEST_URL or any(one in url for one in ' \\"<>'):
        return (FieldFault(place, "is no plain address", "不是可用的地址"),)
    try:
        parts = urlsplit(url)
        told = parts.netloc.lower()
        is_plain = (parts.port or 1) > 0 and "@" not in told and not parts.fragment
    except ValueError:
        return refusal
    if not is_plain or parts.scheme not in ("https", "http") or (terms.production and parts.scheme != "https"):
        return (FieldFault(place, "must be an https address without user and #", "应为不含用户名和 # 的 https 地址"),)
    return () if told in set(hosts) else refusal


def way_back(carried: Carried, state: State) -> str:
    """Return where a browser goes once it is decided, the code in `registerOrderId`."""
    if state is State.ASKED or not carried.code:
        return ""
    url = carried.success_url if state is State.AGREED else carried.fail_url
    return f"{url}{'&' if '?' in url else '?'}registerOrderId={quote(carried.code)}"


def token_of(confirmation_id: UUID, secret: str) -> str:
    """Return what a page's address or a code carries: whose it is, and 128 bits nobody guesses."""
    return confirmation_id.hex + secret


def read_token(token: str) -> tuple[UUID, str] | None:
    """Return the id and the secret in it; None for what was never made here."""
    if not _TOKEN.fullmatch(token):
        return None
    return UUID(token[:32]), token[32:]


def id_of(text: str) -> UUID | None:
    """Return the id a hospital was told; None for what is none."""
    return UUID(text) if _ID.fullmatch(text) else None
