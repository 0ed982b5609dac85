"""The short way to the card: its page, and what the page is told; everybody in every queue asks for these two."""

from collections.abc import Mapping

from healthcloud import access
from healthcloud.core.caller import Credentials
from healthcloud.core.http import HotLook, Looked, security_headers
from healthcloud.core.settings import Settings
from healthcloud.web.page import SEE_OTHER
from healthcloud.web.resident.card import CARD, SIGN_IN_FIRST
from healthcloud.web.resident.card_gathered import GatheredLooks
from healthcloud.web.resident.shells import sent_shell

_COOKIE = access.sessions.SESSION_COOKIE


def card_looks(gathered: GatheredLooks, settings: Settings) -> tuple[HotLook, ...]:
    """Return GET /card and GET /card/now, which their routes answer alike."""
    usual = security_headers(settings)
    told = _lines(usual | {"Content-Type": "application/json"})
    to_sign_in = Looked(SEE_OTHER, _lines(usual | {"Location": SIGN_IN_FIRST}), b"")

    async def card(asked: Credentials) -> Looked:
        if _COOKIE not in asked.cookies:
            return to_sign_in
        status, headers, body = sent_shell(CARD, asked.cookies, asked.headers)
        return Looked(status, _lines(usual | headers), body)

    async def now(asked: Credentials) -> Looked:
        status, body = await gathered.tell(asked.cookies.get(_COOKIE, ""))
        return Looked(status, told, body)

    return HotLook(CARD.path, card, settings), HotLook(f"{CARD.path}/now", now, settings)


def _lines(headers: Mapping[str, str]) -> bytes:
    return "".join(f"{name.lower()}: {value}\r\n" for name, value in headers.items()).encode("latin-1")
