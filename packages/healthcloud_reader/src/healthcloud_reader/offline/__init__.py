"""The reader of a terminal with no network: it judges codes by lists that came before, and tells its uses later."""

from healthcloud_reader.offline.answers import Answer, Holder
from healthcloud_reader.offline.clock import Clock
from healthcloud_reader.offline.folder import Folder, FolderBusy, FolderUnusable, SetUp
from healthcloud_reader.offline.journal import Aside, JournalFull, Use
from healthcloud_reader.offline.link import NoKey, NoNetwork, Refused, Uploaded, ask, sync, upload
from healthcloud_reader.offline.policy import Leave, Policy, leave_for
from healthcloud_reader.offline.reader import Reader, Status
from healthcloud_reader.offline.sealing import FileKeyHolder, KeyHolder
from healthcloud_reader.offline.words import Caution, Outcome, Refusal, age_in_words

__all__ = [
    "Answer",
    "Aside",
    "Caution",
    "Clock",
    "FileKeyHolder",
    "Folder",
    "FolderBusy",
    "FolderUnusable",
    "Holder",
    "JournalFull",
    "KeyHolder",
    "Leave",
    "NoKey",
    "NoNetwork",
    "Outcome",
    "Policy",
    "Reader",
    "Refusal",
    "Refused",
    "SetUp",
    "Status",
    "Uploaded",
    "Use",
    "age_in_words",
    "ask",
    "leave_for",
    "sync",
    "upload",
]
