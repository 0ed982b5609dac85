"""The FHIR R4 face of the person index: Patient, $match (PDQm), $ihe-pix (PIXm), for the programs of institutions."""

from healthcloud.fhir.api import router
from healthcloud.fhir.face import as_outcomes, tell_problem
from healthcloud.fhir.model import PREFIX
from healthcloud.fhir.subscriptions import REACTIONS

__all__ = ["PREFIX", "REACTIONS", "as_outcomes", "router", "tell_problem"]
