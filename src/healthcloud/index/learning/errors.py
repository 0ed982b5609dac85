"""What can go wrong with versions of the model."""

from typing import ClassVar

from healthcloud.core.errors import Conflict, NotFound, WhoActs


class ModelVersionUnknown(NotFound):
    """There is no such version of the index's model."""

    code = "index-model-unknown"
    zh = "没有这一版比对模型。"
    who_acts: ClassVar[WhoActs] = "administrator"


class ModelVersionLive(Conflict):
    """This version of the model is the live one already."""

    code = "index-model-live"
    zh = "这一版比对模型已在使用中。"
    who_acts: ClassVar[WhoActs] = "administrator"


class ModelChanged(Conflict):
    """Another model was proposed or adopted at this moment: look at the versions and try again."""

    code = "index-model-changed"
    zh = "比对模型刚被他人更改，请查看各版本后重试。"
    who_acts: ClassVar[WhoActs] = "administrator"
