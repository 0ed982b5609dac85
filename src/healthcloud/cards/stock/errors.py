"""What can go wrong with a batch of cards made ahead."""

from healthcloud.core.errors import NotFound


class BatchNotFound(NotFound):
    """There is no such batch of cards."""

    code = "card-batch-not-found"
    zh = "没有这个制卡批次。"
