"""The person index (人员主索引): what every institution says of its patients, brought together to one person each."""

from healthcloud.index.errors import NotYourInstitution
from healthcloud.index.matching import SAME_NUMBER, Content, Decision, Written, read_content
from healthcloud.index.model import CITY, PURPOSES
from healthcloud.index.placing.actions import place
from healthcloud.index.placing.registering import register_records
from healthcloud.index.records.model import Answer, Candidate, Outcome, Placed, Received, Record, RecordIn, RecordState
from healthcloud.index.records.reads import candidates, find_record, records_by_id, records_of
from healthcloud.index.records.receiving import receive
from healthcloud.index.records.versions.reads import Version, versions_of

__all__ = [
    "CITY",
    "PURPOSES",
    "SAME_NUMBER",
    "Answer",
    "Candidate",
    "Content",
    "Decision",
    "NotYourInstitution",
    "Outcome",
    "Placed",
    "Received",
    "Record",
    "RecordIn",
    "RecordState",
    "Version",
    "Written",
    "candidates",
    "find_record",
    "place",
    "read_content",
    "receive",
    "records_by_id",
    "records_of",
    "register_records",
    "versions_of",
]
