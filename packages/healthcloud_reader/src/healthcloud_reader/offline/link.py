"""
The reader's link to its city, when there is one: lists and time come down, uses go up; standard library only.

Uploads are signed as every institution's requests are (docs/reference/offline-format.md, "Uploading"). An item is told
again with its id until the city has answered for it; told twice it is kept once.
"""

import hashlib
import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import NamedTuple, Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from healthcloud_reader.digests import hmac_sha256, hmac_sm3, sm3
from healthcloud_reader.jws import read_json
from healthcloud_reader.offline.journal import Aside, Use
from healthcloud_reader.offline.reader import Reader
from healthcloud_reader.reasons import Unreadable

BATCH = 200
TRUST, REVOCATIONS, LATE = "/api/v1/offline/trust", "/api/v1/offline/revocations", "/api/v1/cards/uses/late"
_TIMEOUT = 20
_REFUSING = {*range(400, 500)} - {HTTPStatus.TOO_MANY_REQUESTS}
_SPOILED = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
_MOST_BYTES = 64 * 1024 * 1024
_SCHEMES = {"HMAC-SM3": "HC1-HMAC-SM3", "HMAC-SHA-256": "HC1-HMAC-SHA256"}
_MARKS = {
    "void": (
        "Kept by the city; card or phone had been stopped before. The holder was told.",
        "平台已记录；但当时此卡或手机已停用，已告知本人。",
    ),
    "elsewhere": (
        "Kept by the city; another institution took the same code. The holder was told.",
        "平台已记录；但同一个码在另一机构用过，已告知本人。",
    ),
}


class NoNetwork(Exception):
    """The city cannot be reached, or answers with an error of its own; nothing was changed."""

    zh = "无法连接平台，或平台暂时出错；未作任何更改。"


class Refused(Exception):
    """The city refuses this request; `code` says why, as in its reference of problems."""

    zh = "平台拒绝了此请求。"

    def __init__(self, code: str, status: int, title: str, title_zh: str) -> None:
        super().__init__(code)
        self.code, self.status, self.title, self.title_zh = code, status, title, title_zh


class NoKey(Exception):
    """No client key was given to this reader, so nothing can be uploaded; run init with --client-key."""

    zh = "本设备没有客户端密钥，不能上传；请用 --client-key 重新设置。"


class Response(NamedTuple):
    """An HTTP answer: status, the server's time in Unix seconds if it said, body."""

    status: int
    date: float | None
    body: bytes


class Http(Protocol):
    """Sends one request; raises NoNetwork where no answer comes."""

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        """Return the answer, whatever its status."""
        ...


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What came of an upload: how many uses the city took, and how many were put aside for a person."""

    settled: int
    aside: int


def ask(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
    """Send a request by the standard library."""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise NoNetwork
    request = Request(url, data=body, headers=dict(headers), method=method)  # noqa: S310 - the scheme is checked above
    try:
        with urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310 - as above
            return Response(answer.status, _date(answer.headers.get("Date")), answer.read(_MOST_BYTES))
    except HTTPError as error:
        with error:
            return Response(error.code, _date(error.headers.get("Date")), error.read(_MOST_BYTES))
    except (OSError, HTTPException) as error:
        raise NoNetwork from error


def sync(reader: Reader, http: Http = ask) -> None:
    """Fetch time, trust list and revocations; raise NoNetwork, or Unreadable for a list not to be believed."""
    trust = _fetched(reader, http, TRUST)
    reader.take_trust(trust)
    number = reader.list_number()
    if _take(reader, http, REVOCATIONS if number is None else f"{REVOCATIONS}?after={number}"):
        _take(reader, http, REVOCATIONS)


def upload(reader: Reader, http: Http = ask) -> Uploaded:
    """Tell the city the uses that wait, batch by batch; raise NoNetwork, Refused or NoKey."""
    done = by = 0
    while batch := reader.waiting(BATCH):
        settled, aside = _tell(reader, http, batch)
        reader.settle(settled, aside)
        done, by = done + len(settled), by + len(aside)
        if not settled and not aside:
            break
    return Uploaded(done, by)


def _tell(reader: Reader, http: Http, batch: list[Use]) -> tuple[list[str], list[Aside]]:
    """Tell a batch; an item that spoils it is found by halves and put aside, so that the others get there."""
    try:
        return _told(reader, http, batch)
    except Refused as fault:
        if fault.status not in _SPOILED:
            raise
        if len(batch) == 1:
            return [], [Aside(batch[0], fault.code, fault.title, fault.title_zh)]
    middle = len(batch) // 2
    first, second = _tell(reader, http, batch[:middle]), _tell(reader, http, batch[middle:])
    return first[0] + second[0], first[1] + second[1]


def _told(reader: Reader, http: Http, batch: list[Use]) -> tuple[list[str], list[Aside]]:
    body = json.dumps({"items": [_item(use) for use in batch]}, ensure_ascii=False).encode()
    headers = {"Authorization": _authorization(reader, "POST", LATE, body), "Content-Type": "application/json"}
    answer = http("POST", reader.set_up.city.rstrip("/") + LATE, headers, body)
    uses, settled, aside = {use.id: use for use in batch}, [], []
    match _read(reader, answer):
        case {"results": [*lines]}:
            for line in lines:
                match line:
                    case {"id": str(name), "outcome": "kept" | "repeat", "mark": str(mark)} if name in uses:
                        aside.append(Aside(uses[name], mark, *_MARKS.get(mark, (mark, mark))))
                    case {"id": str(name), "outcome": "kept" | "repeat"} if name in uses:
                        settled.append(name)
                    case {"id": str(name), "outcome": "refused", "problem": dict(problem)} if name in uses:
                        aside.append(_aside(uses[name], problem))
    return settled, aside


def _item(use: Use) -> dict[str, str]:
    scanned_at = datetime.fromtimestamp(use.at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "id": use.id,
        "terminal": use.terminal,
        "scene": use.scene,
        "scanned_at": scanned_at,
        "code": use.code,
        "seen": use.seen,
    }


def _aside(use: Use, problem: Mapping[str, object]) -> Aside:
    return Aside(use, str(problem.get("code", "")), str(problem.get("title", "")), str(problem.get("title_zh", "")))


def _take(reader: Reader, http: Http, target: str) -> bool:
    """Take what the city tells; return whether a delta between is missing."""
    match _fetched(reader, http, target):
        case {"deltas": [*deltas], "snapshot": snapshot}:
            return reader.take_revocations(snapshot, deltas)
    raise NoNetwork


def _fetched(reader: Reader, http: Http, target: str) -> object:
    answer = http("GET", reader.set_up.city.rstrip("/") + target, {"Accept": "application/json"}, None)
    return _read(reader, answer)


def _read(reader: Reader, answer: Response) -> object:
    """Return what an answer says, and learn the time from it; a network's sign-in page is no JSON and teaches none."""
    try:
        body = read_json(answer.body)
    except Unreadable as error:
        raise NoNetwork from error
    if answer.date is not None:
        reader.learn_time(answer.date)
    if answer.status == HTTPStatus.OK:
        return body
    match body:
        case {"code": str(code), **more} if answer.status in _REFUSING:
            raise Refused(code, answer.status, str(more.get("title", "")), str(more.get("title_zh", "")))
    raise NoNetwork


def _date(text: str | None) -> float | None:
    with suppress(ValueError):
        return parsedate_to_datetime(text).timestamp() if text else None
    return None


def _authorization(reader: Reader, method: str, target: str, body: bytes) -> str:
    secret, set_up = reader.keys.client_secret(), reader.set_up
    if secret is None or not set_up.client:
        raise NoKey
    is_sm3 = set_up.algorithm == "HMAC-SM3"
    at, once = str(int(reader.clock.now())), secrets.token_hex(16)
    digest = sm3(body).hex() if is_sm3 else hashlib.sha256(body).hexdigest()
    text = f"{method}\n{target}\n{at}\n{once}\n{digest}\n".encode()
    mac = (hmac_sm3 if is_sm3 else hmac_sha256)(secret, text)
    scheme = _SCHEMES[set_up.algorithm]
    signature = b64encode(mac).decode()
    return f'{scheme} key="{set_up.client}",timestamp="{at}",nonce="{once}",signature="{signature}"'
