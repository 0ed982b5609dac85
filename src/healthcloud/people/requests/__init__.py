"""Requests: what residents ask to be done about their own data, its state, and what was answered."""

from healthcloud.people.requests.actions import answer_request, ask, withdraw_request
from healthcloud.people.requests.model import (
    CORRECTABLE,
    Asked,
    Request,
    RequestKind,
    RequestState,
    WaitingRequest,
    read_asked,
)
from healthcloud.people.requests.reads import own_request, own_requests, waiting_request, waiting_requests

__all__ = [
    "CORRECTABLE",
    "Asked",
    "Request",
    "RequestKind",
    "RequestState",
    "WaitingRequest",
    "answer_request",
    "ask",
    "own_request",
    "own_requests",
    "read_asked",
    "waiting_request",
    "waiting_requests",
    "withdraw_request",
]
