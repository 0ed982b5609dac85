"""The province over HTTP: `ehc.ehealthcode.usecarddate` of family C. Success is code `10`, anything else is not."""

from collections.abc import Sequence
from typing import Self

import httpx
import msgspec

from healthcloud.core.clock import REAL_CLOCK, Clock
from healthcloud.core.partner import SIMULATOR
from healthcloud.province.protocol import envelope
from healthcloud.province.uploading import ProvinceAway, ProvinceRefused

PATH = "/erhc/ehealthcard/business.do"
METHOD = "ehc.ehealthcode.usecarddate"
TAKEN = "10"


class _Answer(msgspec.Struct):
    code: str
    msg: str = ""


class HttpProvince:
    """`Province` over HTTP; simulators are refused unless `allow_simulator`."""

    def __init__(
        self, url: str, *, timeout_seconds: float = 5, allow_simulator: bool = False, clock: Clock = REAL_CLOCK
    ) -> None:
        self._url = url
        self._timeout_seconds = timeout_seconds
        self._client: httpx.AsyncClient | None = None
        self._allow_simulator = allow_simulator
        self._clock = clock

    async def __aenter__(self) -> Self:
        """Use it within a block that closes it."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close its connections."""
        if self._client is not None:
            await self._client.aclose()

    async def upload(self, app_id: str, secret: str, upload_no: str, rows: Sequence[dict[str, str]]) -> None:
        """Hand a batch over; see Province."""
        content = msgspec.json.encode({"upload_no": upload_no, "data": list(rows)})
        fields = envelope(app_id, secret, METHOD, content, self._clock.now())
        try:
            answer = await self._connected().post(PATH, json=fields)
        except httpx.HTTPError as error:
            raise ProvinceAway(type(error).__name__) from None
        if SIMULATOR in answer.headers and not self._allow_simulator:
            raise ProvinceAway("a simulator answered")
        if answer.status_code != httpx.codes.OK:
            raise ProvinceAway(str(answer.status_code))
        try:
            told = msgspec.json.decode(answer.content, type=_Answer)
        except msgspec.MsgspecError:
            raise ProvinceAway("unreadable") from None
        if told.code != TAKEN:
            raise ProvinceRefused(told.code, told.msg)

    def _connected(self) -> httpx.AsyncClient:
        """Return the client, made when something first goes up: of many processes one uploads."""
        if self._client is None:
            self._client = httpx.AsyncClient(
                base_url=self._url, timeout=self._timeout_seconds, follow_redirects=False, trust_env=False
            )
        return self._client
