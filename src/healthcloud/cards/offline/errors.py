"""What can go wrong with the lists that travel ahead."""

from typing import ClassVar

from healthcloud.core.errors import Unavailable, WhoActs


class ListsMissing(Unavailable):
    """No list for offline readers has been published yet; the first follows within a minute of the city's start."""

    code = "offline-lists-missing"
    zh = "离线验码名单尚未发布，平台启动后一分钟内会发布第一份。"
    who_acts: ClassVar[WhoActs] = "administrator"
