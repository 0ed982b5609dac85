"""HTTP: what every route shares. Who calls, what a route needs, problems as RFC 9457, and the edge around them all."""

from healthcloud.core.http.access_line import template_of
from healthcloud.core.http.answers import answer_problem, install_problem_handlers, problem_response
from healthcloud.core.http.callers import (
    CallerIn,
    DatabaseIn,
    Need,
    SettingsIn,
    address_of,
    asks_caller,
    caller_of,
    credentials_of,
    needs,
    needs_here_or,
    needs_nothing,
    needs_of,
)
from healthcloud.core.http.decoding import decoded
from healthcloud.core.http.edge import SECURITY_HEADERS, Edge, security_headers
from healthcloud.core.http.faces import Face, FaceEndpoint, FaceReply, foreseen
from healthcloud.core.http.faults import BrokenRule
from healthcloud.core.http.hot import Answer, Asked, HotDocument, HotEndpoint, HotHandler, HotPath
from healthcloud.core.http.hot_look import HotLook, Looked, LookHandler
from healthcloud.core.http.policy import allow_on_page
from healthcloud.core.http.responses import problems
from healthcloud.core.http.visit import Visit, visit_of
from healthcloud.core.http.wishes import Day, Moment, Wish
from healthcloud.core.http.witness import Seen, Witness

__all__ = [
    "SECURITY_HEADERS",
    "Answer",
    "Asked",
    "BrokenRule",
    "CallerIn",
    "DatabaseIn",
    "Day",
    "Edge",
    "Face",
    "FaceEndpoint",
    "FaceReply",
    "HotDocument",
    "HotEndpoint",
    "HotHandler",
    "HotLook",
    "HotPath",
    "LookHandler",
    "Looked",
    "Moment",
    "Need",
    "Seen",
    "SettingsIn",
    "Visit",
    "Wish",
    "Witness",
    "address_of",
    "allow_on_page",
    "answer_problem",
    "asks_caller",
    "caller_of",
    "credentials_of",
    "decoded",
    "foreseen",
    "install_problem_handlers",
    "needs",
    "needs_here_or",
    "needs_nothing",
    "needs_of",
    "problem_response",
    "problems",
    "security_headers",
    "template_of",
    "visit_of",
]
