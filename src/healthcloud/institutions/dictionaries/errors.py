"""What can go wrong with a dictionary."""

from healthcloud.core.errors import NotFound, Unacceptable


class DictionaryUnknown(NotFound):
    """There is no dictionary of this name; the list of dictionaries names each."""

    code = "dictionary-unknown"
    zh = "没有这个字典，名称见字典列表。"
    who_acts = "developer"


class MappingUnknown(NotFound):
    """This institution has no mapping for this code."""

    code = "dictionary-mapping-unknown"
    zh = "该机构没有这个编码的对照。"
    who_acts = "clerk"


class MappingWrong(Unacceptable):
    """A mapping is not right; nothing was changed, see errors for each."""

    code = "dictionary-mapping-wrong"
    zh = "对照有误，没有任何改动，逐项原因见 errors。"
    who_acts = "clerk"


class MappingSheetUnreadable(Unacceptable):
    """The file must be CSV in UTF-8 or GB18030 whose first line names the columns `theirs` and `ours`."""

    code = "dictionary-sheet-unreadable"
    zh = "文件须为 UTF-8 或 GB18030 编码的 CSV，首行须有“本院编码”(theirs)和“标准编码”(ours)两列。"
    who_acts = "clerk"
