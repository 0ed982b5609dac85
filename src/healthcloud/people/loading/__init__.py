"""Loading: many synthetic residents by COPY, for demonstrations and measurements; nobody here is registered twice."""

from healthcloud.people.loading.actions import load_residents
from healthcloud.people.loading.model import ResidentRows, prepare_residents
from healthcloud.people.loading.reading import in_one_spelling

__all__ = ["ResidentRows", "in_one_spelling", "load_residents", "prepare_residents"]
