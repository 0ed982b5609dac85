"""What can go wrong with a patient file as a whole; what is wrong with a row is told in that row."""

from typing import ClassVar, Self

from healthcloud.core.errors import Conflict, FieldFault, NotFound, TooMany, Unacceptable, WhoActs


class ImportNotFound(NotFound):
    """There is no such import of your institution."""

    code = "index-import-not-found"
    zh = "没有找到本机构的这次导入。"
    who_acts: ClassVar[WhoActs] = "institution"


class FileUnreadable(Unacceptable):
    """This file is no table of patients that can be read; see errors for what it is."""

    code = "index-file-unreadable"
    zh = "该文件不是可以读取的患者表，请看 errors 中的说明。"
    who_acts: ClassVar[WhoActs] = "institution"

    @classmethod
    def because(cls, en: str, zh: str) -> Self:
        """Say what is wrong with the file."""
        return cls(en, faults=(FieldFault("#/file", en, zh),))


class FileIncomplete(Conflict):
    """What arrived is not the file that was announced; send the portions that are missing or differ."""

    code = "index-file-incomplete"
    zh = "收到的内容与所声明的文件不一致：请补传缺少或不同的分片。"
    who_acts: ClassVar[WhoActs] = "institution"


class MappingWrong(Unacceptable):
    """These columns are not enough, or a column was named twice; see errors."""

    code = "index-mapping-wrong"
    zh = "列对应不完整，或同一列被指定了两次，请看 errors。"
    who_acts: ClassVar[WhoActs] = "institution"


class ImportNotReady(Conflict):
    """This import is not at that step; look at its state."""

    code = "index-import-not-ready"
    zh = "这次导入还不能进行该步骤，请看其状态。"
    who_acts: ClassVar[WhoActs] = "institution"


class ImportForgotten(Conflict):
    """The rows of this import are kept no longer; its counts are."""

    code = "index-import-forgotten"
    zh = "这次导入的行已过保存期，仅保留统计。"
    who_acts: ClassVar[WhoActs] = "nobody"


class TooManyImports(TooMany):
    """This institution has too many imports that have not ended; end or cancel one first."""

    code = "index-too-many-imports"
    zh = "本机构未结束的导入过多：请先完成或取消其中一项。"
    who_acts: ClassVar[WhoActs] = "institution"
