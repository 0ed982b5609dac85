"""What can be wrong with asking for a kept message."""

from healthcloud.core.errors import NotFound


class HeldNotFound(NotFound):
    """There is no such kept message."""

    code = "held-not-found"
    zh = "没有这条暂存的报文。"
