"""Why a process takes no traffic."""

from typing import ClassVar

from healthcloud.core.errors import Unavailable, WhoActs


class NotReady(Unavailable):
    """This process is not ready to serve; errors says what is missing."""

    code = "not-ready"
    zh = "本进程尚不能提供服务，原因见 errors。"
    who_acts: ClassVar[WhoActs] = "administrator"
