"""The person index (人员主索引): what every institution says of its patients, brought together to one person each."""

from healthcloud.index import building, golden, imports, learning, linkage, quality, questions
from healthcloud.index.errors import NotYourInstitution, RecordVersionPassed
from healthcloud.index.golden.api import router as _golden_router
from healthcloud.index.imports.api import router as _imports_router
from healthcloud.index.matching import SAME_NUMBER, Content, Decision, Written, read_content
from healthcloud.index.model import CITY, PURPOSES
from healthcloud.index.placing.actions import place
from healthcloud.index.placing.api import router as _records_router
from healthcloud.index.placing.card_api import router as _card_batch_router
from healthcloud.index.placing.jobs import JOBS as PLACING_JOBS
from healthcloud.index.placing.jobs import RECURRING as PLACING_RECURRING
from healthcloud.index.placing.joining import JOBS as JOINING_JOBS
from healthcloud.index.placing.joining import join_numbers
from healthcloud.index.placing.looking_up import whose_number
from healthcloud.index.placing.reactions import REACTIONS as PLACING_REACTIONS
from healthcloud.index.placing.registering import register_records
from healthcloud.index.quality.api import router as _quality_router
from healthcloud.index.quality.reads import quality_of
from healthcloud.index.records.model import Answer, Candidate, Outcome, Placed, Received, Record, RecordIn, RecordState
from healthcloud.index.records.reads import candidates, find_record, records_by_id, records_of
from healthcloud.index.records.receiving import receive
from healthcloud.index.records.rotation import KINDS as ROTATION_JOBS
from healthcloud.index.records.rotation import follow_keys
from healthcloud.index.records.versions.reads import Version, versions_of
from healthcloud.index.reviewing.api import router as _questions_router

ROUTERS = (_records_router, _card_batch_router, _questions_router, _golden_router, _imports_router, _quality_router)
REACTIONS = (*PLACING_REACTIONS, *golden.REACTIONS)
RECURRING = (*PLACING_RECURRING, *quality.RECURRING)
JOBS = (*golden.JOBS, *PLACING_JOBS, *JOINING_JOBS, *ROTATION_JOBS)

__all__ = [
    "CITY",
    "JOBS",
    "PURPOSES",
    "REACTIONS",
    "RECURRING",
    "ROUTERS",
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
    "RecordVersionPassed",
    "Version",
    "Written",
    "building",
    "candidates",
    "find_record",
    "follow_keys",
    "golden",
    "imports",
    "join_numbers",
    "learning",
    "linkage",
    "place",
    "quality",
    "quality_of",
    "questions",
    "read_content",
    "receive",
    "records_by_id",
    "records_of",
    "register_records",
    "versions_of",
    "whose_number",
]
