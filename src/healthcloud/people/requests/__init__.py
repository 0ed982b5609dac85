"""Requests: what residents ask to be done about their own data, its state, and what was answered."""

from healthcloud.people.requests.actions import answer_request, ask, withdraw_request
from healthcloud.people.requests.model import Asked, Request, RequestKind, RequestState, WaitingRequest
from healthcloud.people.requests.reads import own_request, own_requests, waiting_requests

__all__ = [
    "Asked",
    "Request",
    "RequestKind",
    "RequestState",
    "WaitingRequest",
    "answer_request",
    "ask",
    "own_request",
    "own_requests",
    "waiting_requests",
    "withdraw_request",
]
