"""The person index (人员主索引): what every institution says of its patients, brought together to one person each."""

from healthcloud.index.model import CITY, PURPOSES
from healthcloud.index.records.model import Answer, Candidate, Outcome, Placed, Received, Record, RecordIn, RecordState

__all__ = [
    "CITY",
    "PURPOSES",
    "Answer",
    "Candidate",
    "Outcome",
    "Placed",
    "Received",
    "Record",
    "RecordIn",
    "RecordState",
]
