"""Every router of people; what stands under a fixed word comes before what stands under a person's id."""

from fastapi import APIRouter

from healthcloud.people.accounts.api import router as accounts
from healthcloud.people.api import router as people
from healthcloud.people.consents.api import router as consents
from healthcloud.people.corrections.api import router as corrections
from healthcloud.people.counter.api import router as counter
from healthcloud.people.grants.api import router as grants
from healthcloud.people.grants.own_api import router as own_grants
from healthcloud.people.lives.api import router as lives
from healthcloud.people.looks.api import router as looks
from healthcloud.people.merging.api import router as merging
from healthcloud.people.patient_numbers.api import router as patient_numbers
from healthcloud.people.photos.api import router as photos
from healthcloud.people.proposals.api import router as proposals
from healthcloud.people.requests.api import router as requests

ROUTERS: tuple[APIRouter, ...] = (
    counter,
    accounts,
    looks,
    own_grants,
    grants,
    consents,
    requests,
    photos,
    proposals,
    patient_numbers,
    people,
    corrections,
    lives,
    merging,
)
