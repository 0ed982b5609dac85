"""What can go wrong with codes, their sets and the files they come from."""

from healthcloud.core.errors import Conflict, NotFound, Unacceptable, Unavailable


class CodeUnknown(Unacceptable):
    """A code is not in force in its code set; see errors for which."""

    code = "code-unknown"
    zh = "编码不在现行代码集中，请看 errors 中的字段。"
    who_acts = "clerk"


class CodeSetMissing(Unavailable):
    """A code set this needs has not been loaded yet; run `healthcloud codes load`."""

    code = "code-set-missing"
    zh = "所需代码集尚未导入，请先运行 healthcloud codes load。"
    who_acts = "administrator"


class CodeSetUnknown(NotFound):
    """There is no such code set or code in force."""

    code = "code-set-unknown"
    zh = "没有该代码集，或其中没有现行的该编码。"
    who_acts = "developer"


class CodeSetNameWrong(Unacceptable):
    """A code set's name is lower-case letters, digits and hyphens, 64 at most, and its version is not empty."""

    code = "code-set-name-wrong"
    zh = "代码集名称只能用小写字母、数字和连字符，最多64个字符；版本不能为空。"
    who_acts = "administrator"


class SheetUnreadable(Unacceptable):
    """This file can't be read as CSV in UTF-8 or GB18030; see the detail for the place."""

    code = "sheet-unreadable"
    zh = "无法按 UTF-8 或 GB18030 编码的 CSV 读取该文件，位置见 detail。"
    who_acts = "administrator"


class SheetHeaderUnknown(Unacceptable):
    """The file's first line must name a column `code` and a column `name`."""

    code = "sheet-header-unknown"
    zh = "文件首行须有“编码”(code)列和“名称”(name)列。"
    who_acts = "administrator"


class NothingToImport(Unacceptable):
    """No row of this file can be imported; nothing was put in force."""

    code = "nothing-to-import"
    zh = "文件中没有一行可以导入，代码集未生效。"
    who_acts = "administrator"


class ImportOvertaken(Conflict):
    """Another file for the same version of this code set is being imported; this import has stopped."""

    code = "import-overtaken"
    zh = "同一代码集同一版本正在导入另一个文件，本次导入已停止。"
    who_acts = "administrator"


class RejectedUnwritable(Unacceptable):
    """The file for rejected rows can't be written where it should be; say where it may be."""

    code = "rejected-rows-unwritable"
    zh = "无法写入拒绝行文件，请指定可写的位置。"
    who_acts = "administrator"
