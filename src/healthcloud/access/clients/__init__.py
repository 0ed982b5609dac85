"""Clients: institutions' machines, their keys with at most two live at once, and the requests they sign."""

from healthcloud.access.clients.actions import (
    DEFAULT_QUOTA,
    NewClient,
    NewKey,
    add_client_key,
    change_client_addresses,
    create_client,
    revoke_client,
    revoke_client_key,
)
from healthcloud.access.clients.errors import NoSuchClient
from healthcloud.access.clients.faces import AppKey
from healthcloud.access.clients.keyring import Keyring
from healthcloud.access.clients.lines import Lines, ProvenLine
from healthcloud.access.clients.reads import ClientLine, KeyLine, client_of, clients_of, keys_of, live_keys
from healthcloud.access.clients.signature import Algorithm, read_header, sign_request, string_to_sign
from healthcloud.access.clients.store import forget_nonces

__all__ = [
    "DEFAULT_QUOTA",
    "Algorithm",
    "AppKey",
    "ClientLine",
    "KeyLine",
    "Keyring",
    "Lines",
    "NewClient",
    "NewKey",
    "NoSuchClient",
    "ProvenLine",
    "add_client_key",
    "change_client_addresses",
    "client_of",
    "clients_of",
    "create_client",
    "forget_nonces",
    "keys_of",
    "live_keys",
    "read_header",
    "revoke_client",
    "revoke_client_key",
    "sign_request",
    "string_to_sign",
]
