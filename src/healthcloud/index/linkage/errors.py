"""What can go wrong with a batch over the index."""

from typing import ClassVar

from healthcloud.core.errors import Conflict, Unavailable, WhoActs


class LinkageFailed(Unavailable):
    """The batch over the index ended before it was through, and nothing was proposed; detail says what it said last."""

    code = "index-linkage-failed"
    zh = "全量比对未能完成，未提出任何建议；detail 为其最后的输出。"
    who_acts: ClassVar[WhoActs] = "administrator"


class LinkageMissing(Unavailable):
    """The extra `linkage` is not installed: `pip install -r requirements-linkage.txt`; for Spark, pyspark as well."""

    code = "index-linkage-missing"
    zh = "未安装扩展 linkage：请执行 pip install -r requirements-linkage.txt；使用 Spark 还需安装 pyspark。"
    who_acts: ClassVar[WhoActs] = "administrator"


class LinkageEmpty(Conflict):
    """There are too few records to learn from."""

    code = "index-linkage-empty"
    zh = "档案太少，无法学习。"
    who_acts: ClassVar[WhoActs] = "administrator"
