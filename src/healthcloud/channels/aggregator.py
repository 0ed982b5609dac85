"""The SMS aggregator (core.partner): `POST /v1/messages`. 2xx: taken. 429 and 5xx: later. Any other: never."""

import httpx
import msgspec

from healthcloud.channels.ports import TextRefused, TextUndelivered
from healthcloud.core.partner import Partner, PartnerAnswer, PartnerAway

PATH = "/v1/messages"
_LONGEST_CODE = 60


class SmsAggregator(Partner):
    """`SmsSender` over HTTP."""

    async def send(self, phone: str, text: str, reference: str) -> None:
        """Hand one text over; see SmsSender."""
        try:
            answer = await self.post(PATH, {"phone": phone, "text": text, "reference": reference})
        except PartnerAway as error:
            raise TextUndelivered(str(error)) from None
        if httpx.codes.is_success(answer.status):
            return
        if answer.status == httpx.codes.TOO_MANY_REQUESTS or httpx.codes.is_server_error(answer.status):
            raise TextUndelivered(str(answer.status))
        raise TextRefused(_code_of(answer))


class _Refusal(msgspec.Struct):
    code: str


def _code_of(answer: PartnerAnswer) -> str:
    """Return the partner's code for a refusal; its message may repeat the number and is left out."""
    try:
        code = msgspec.json.decode(answer.content, type=_Refusal).code
    except msgspec.MsgspecError:
        code = "unreadable"
    return f"{answer.status} {code[:_LONGEST_CODE]}"
