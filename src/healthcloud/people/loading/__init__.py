"""Loading: many synthetic residents by COPY, for demonstrations and measurements; nobody here is registered twice."""

from healthcloud.people.loading.actions import load_residents
from healthcloud.people.loading.model import ResidentRows, prepare_residents
from healthcloud.people.loading.reading import in_one_spelling
from healthcloud.people.loading.walking import faces_between, last_of

__all__ = [
    "ResidentRows",
    "faces_between",
    "in_one_spelling",
    "last_of",
    "load_residents",
    "prepare_residents",
]
