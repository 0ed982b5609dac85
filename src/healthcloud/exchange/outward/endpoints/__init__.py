"""Endpoints: where an institution's own system takes what we send, which kinds, and the keys we sign with."""

from healthcloud.exchange.outward.endpoints.actions import (
    EndpointKey,
    put_endpoint,
    remove_endpoint,
    renew_key,
    use_next_key,
)
from healthcloud.exchange.outward.endpoints.model import Endpoint, EndpointWish, Terms
from healthcloud.exchange.outward.endpoints.reads import endpoint_of, endpoints

__all__ = [
    "Endpoint",
    "EndpointKey",
    "EndpointWish",
    "Terms",
    "endpoint_of",
    "endpoints",
    "put_endpoint",
    "remove_endpoint",
    "renew_key",
    "use_next_key",
]
