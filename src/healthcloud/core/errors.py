"""
Errors a caller can act on, told as RFC 9457 problems.

    Problem
    ├── Malformed 400          the request cannot be read
    │   └── Unacceptable 422   it can be read, and its content breaks a rule
    ├── Unauthenticated 401    we do not know who asks
    ├── Forbidden 403          we know, and the answer is no
    ├── NotFound 404           nothing here for this caller; a miss and a refusal look alike
    ├── Conflict 409           the request clashes with the present state
    ├── TooMany 429            slow down
    └── Unavailable 503        not now; come back after `retry_after`
        └── OutcomeUnknown     the COMMIT's answer was lost; the same request with the same key is safe

A class's docstring is the English sentence people read, `zh` the Chinese one, `who_acts` who must do something.
The reference page of problems is generated from these classes.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

WhoActs = Literal["resident", "clerk", "institution", "administrator", "developer", "nobody"]


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field of the request and what is wrong with it, as RFC 9457 section 3.2's `errors` extension."""

    pointer: str
    en: str
    zh: str


class Problem(Exception):
    """Something went wrong on our side; nothing was changed."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal-error"
    zh: ClassVar[str] = "系统内部出错，没有任何改动。"
    who_acts: ClassVar[WhoActs] = "administrator"

    def __init__(
        self,
        detail: str | None = None,
        *,
        faults: tuple[FieldFault, ...] = (),
        retry_after: int | None = None,
        **facts: str | int | bool | None,
    ) -> None:
        """Say what happened: `detail` for developers, `facts` as extension members; neither may hold personal data."""
        super().__init__(detail or self.code)
        self.detail = detail
        self.faults = faults
        self.retry_after = retry_after
        self.facts = facts

    @property
    def sentence(self) -> str:
        """The English sentence: the class docstring on one line."""
        return " ".join((type(self).__doc__ or "").split())

    def body(self) -> dict[str, object]:
        """Return the problem as an RFC 9457 object, with both languages and who must act."""
        body: dict[str, object] = {
            "type": f"/problems/{self.code}",
            "title": self.sentence,
            "title_zh": self.zh,
            "status": self.status,
            "code": self.code,
            "who_acts": self.who_acts,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.faults:
            body["errors"] = [{"pointer": f.pointer, "en": f.en, "zh": f.zh} for f in self.faults]
        return body | {name: value for name, value in self.facts.items() if value is not None}


class Malformed(Problem):
    """The request cannot be read; see errors for the place."""

    status = 400
    code = "malformed"
    zh = "请求无法解析，请看 errors 中的位置。"
    who_acts: ClassVar[WhoActs] = "developer"


class Unacceptable(Malformed):
    """The request can be read, but a value in it breaks a rule; see errors for which."""

    status = 422
    code = "unacceptable"
    zh = "请求内容不合规则，请看 errors 中的字段。"


class Unauthenticated(Problem):
    """Sign in first."""

    status = 401
    code = "unauthenticated"
    zh = "请先登录。"
    who_acts: ClassVar[WhoActs] = "resident"


class Forbidden(Problem):
    """You are signed in, but you may not do this."""

    status = 403
    code = "forbidden"
    zh = "您没有这项操作的权限。"
    who_acts: ClassVar[WhoActs] = "administrator"


class NotFound(Problem):
    """There is nothing here for you."""

    status = 404
    code = "not-found"
    zh = "没有找到您可以查看的内容。"
    who_acts: ClassVar[WhoActs] = "nobody"


class Conflict(Problem):
    """The request clashes with the present state of things."""

    status = 409
    code = "conflict"
    zh = "请求与当前状态冲突。"
    who_acts: ClassVar[WhoActs] = "clerk"


class TooMany(Problem):
    """Too many tries in too short a time; wait and try again."""

    status = 429
    code = "too-many"
    zh = "操作过于频繁，请稍后再试。"
    who_acts: ClassVar[WhoActs] = "nobody"


class Unavailable(Problem):
    """The service is too busy just now; nothing was changed, try again shortly."""

    status = 503
    code = "unavailable"
    zh = "系统繁忙，没有任何改动，请稍后再试。"
    who_acts: ClassVar[WhoActs] = "nobody"


class OutcomeUnknown(Unavailable):
    """The connection was lost at the very moment of saving; send the same request again with the same key."""

    code = "outcome-unknown"
    zh = "保存的瞬间连接中断，请用同一幂等键重发同一请求，不会重复。"
    who_acts: ClassVar[WhoActs] = "developer"
