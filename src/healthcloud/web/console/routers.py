"""Every router of the consoles."""

from healthcloud.web.console.audit import router as audit
from healthcloud.web.console.batches import router as batches
from healthcloud.web.console.cards import router as cards
from healthcloud.web.console.client_addresses import router as client_addresses
from healthcloud.web.console.clients import router as clients
from healthcloud.web.console.correcting import router as correcting
from healthcloud.web.console.figures import ROUTERS as FIGURES
from healthcloud.web.console.import_columns import router as import_columns
from healthcloud.web.console.import_files import router as import_files
from healthcloud.web.console.import_intake import router as import_intake
from healthcloud.web.console.imports import router as imports
from healthcloud.web.console.index_persons import router as index_persons
from healthcloud.web.console.index_quality import router as index_quality
from healthcloud.web.console.institutions import ROUTERS as INSTITUTIONS
from healthcloud.web.console.jobs import router as jobs
from healthcloud.web.console.onboarding import router as onboarding
from healthcloud.web.console.onboarding_acts import router as onboarding_acts
from healthcloud.web.console.outward import router as outward
from healthcloud.web.console.province import router as province
from healthcloud.web.console.question_history import router as question_history
from healthcloud.web.console.question_sample import router as question_sample
from healthcloud.web.console.questions import router as questions
from healthcloud.web.console.requests import router as requests
from healthcloud.web.console.staff import ROUTERS as STAFF
from healthcloud.web.console.start import router as start
from healthcloud.web.console.system import router as system

ROUTERS = (
    start,
    *FIGURES,
    *INSTITUTIONS,
    *(onboarding, onboarding_acts),
    *(clients, client_addresses),
    *STAFF,
    *(batches, cards, requests, correcting),
    *(import_intake, import_columns, import_files, imports),
    *(question_history, question_sample, questions, index_persons, index_quality),
    *(audit, jobs, outward, system, province),
)
