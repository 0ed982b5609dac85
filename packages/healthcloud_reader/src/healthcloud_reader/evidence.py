"""
Evidence of one message, proven by anyone with no network: its Merkle path, and the signed chain that holds it.

A message is a record: four bytes of length, that much JSON about it, the request, the answer. Digests are SM3; a leaf
is `SM3(00 ‖ record)`, a node `SM3(01 ‖ left ‖ right)`, a last one without a partner moves up (RFC 6962 section 2.1). A
batch's leaf in its block is `SM3(00 ‖ batch's id ‖ its root)`, the block's head
`SM3(02 ‖ head before ‖ number, 8 bytes ‖ time as written ‖ the block's root)`; the city signs the head.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from healthcloud_reader.digests import sm3
from healthcloud_reader.keys import KeyFault, PublicKey

FORMAT = "healthcloud-evidence-1"
_LENGTH = 4
_LEFT, _RIGHT = "L", "R"


class EvidenceWrong(Exception):
    """This is no evidence of what it says; the text tells where it breaks."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A message that was proven, when its block was sealed, and under which key; compare that with the city's list."""

    about: Mapping[str, Any]
    request: bytes = field(repr=False)
    answer: bytes = field(repr=False)
    seq: int
    sealed_at: str
    key: PublicKey


def pack(about: bytes, request: bytes, answer: bytes) -> bytes:
    """Return the record of a message; `about` is a JSON object with the lengths `request` and `answer`."""
    return b"".join((len(about).to_bytes(_LENGTH, "big"), about, request, answer))


def unpack(record: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """Return what is said about a message, its request and its answer; raise EvidenceWrong."""
    length = int.from_bytes(record[:_LENGTH], "big")
    try:
        about = json.loads(record[_LENGTH : _LENGTH + length])
        asked, answered = int(about["request"]), int(about["answer"])
    except (ValueError, KeyError, TypeError) as fault:
        raise EvidenceWrong("the record cannot be read") from fault
    rest = record[_LENGTH + length :]
    if asked < 0 or answered < 0 or len(rest) != asked + answered:
        raise EvidenceWrong("the record is not as long as it says")
    return about, rest[:asked], rest[asked:]


def leaf(data: bytes) -> bytes:
    """Return the digest of what stands in a tree."""
    return sm3(b"\0" + data)


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = range(0, len(level) - 1, 2)
    above = [sm3(b"\1" + level[at] + level[at + 1]) for at in pairs]
    return [*above, level[-1]] if len(level) % 2 else above


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over at least one leaf."""
    level: Sequence[bytes] = leaves
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path_of(leaves: Sequence[bytes], place: int) -> list[str]:
    """Return what is needed beside one leaf to come to the root: for each step the side and digest of the other."""
    path, level = [], leaves
    while len(level) > 1:
        other = place ^ 1
        if other < len(level):
            path.append((_LEFT if other < place else _RIGHT) + level[other].hex())
        level, place = _above(level), place // 2
    return path


def root_by(digest: bytes, path: Iterable[str]) -> bytes:
    """Return the root a leaf comes to by its path; raise EvidenceWrong for a path that is none."""
    for step in path:
        try:
            other = bytes.fromhex(step[1:])
        except (ValueError, TypeError) as fault:
            raise EvidenceWrong("a step of a path cannot be read") from fault
        if step[:1] not in (_LEFT, _RIGHT) or len(other) != len(digest):
            raise EvidenceWrong("a step of a path cannot be read")
        digest = sm3(b"\1" + (other + digest if step[0] == _LEFT else digest + other))
    return digest


def batch_leaf(batch_id: bytes, root: bytes) -> bytes:
    """Return a batch's leaf in its block."""
    return leaf(batch_id + root)


def block_head(previous: bytes, seq: int, sealed_at: str, root: bytes) -> bytes:
    """Return the head of the chain after this block."""
    return sm3(b"\2" + previous + seq.to_bytes(8, "big") + sealed_at.encode() + root)


def head_message(seq: int, head: bytes, sealed_at: str) -> bytes:
    """Return the text a head's signature covers."""
    return f"healthcloud evidence head\n{seq}\n{head.hex()}\n{sealed_at}\n".encode()


@dataclass(frozen=True, slots=True)
class Parts:
    """What an export is made of."""

    record: bytes
    path: list[str]
    batch_id: bytes
    batch_path: list[str]
    previous: bytes
    seq: int
    sealed_at: str
    signature: bytes
    key: PublicKey


def write_export(parts: Parts) -> bytes:
    """Return an export: JSON that people can read, and `verify_export` proves."""
    return json.dumps(
        {
            "format": FORMAT,
            "message": b64encode(parts.record).decode(),
            "path": parts.path,
            "batch": {"id": parts.batch_id.hex(), "path": parts.batch_path},
            "block": {"seq": parts.seq, "sealed_at": parts.sealed_at, "previous": parts.previous.hex()},
            "signature": {"value": parts.signature.hex(), "key": parts.key.pem()},
        },
        indent=1,
    ).encode()


def verify_export(export: bytes, is_trusted: Callable[[PublicKey], bool] = lambda _: True) -> Proven:
    """Return the message an export proves; raise EvidenceWrong. Without `is_trusted`, look at the key yourself."""
    parts = _read(export)
    about, request, answer = unpack(parts.record)
    root = root_by(leaf(parts.record), parts.path)
    block = root_by(batch_leaf(parts.batch_id, root), parts.batch_path)
    head = block_head(parts.previous, parts.seq, parts.sealed_at, block)
    try:
        signed = parts.key.verifies(head_message(parts.seq, head, parts.sealed_at), parts.signature)
    except KeyFault as fault:
        raise EvidenceWrong("the key cannot be read") from fault
    if not signed:
        raise EvidenceWrong("the signature does not cover this message")
    if not is_trusted(parts.key):
        raise EvidenceWrong(f"signed by the key {parts.key.id}, which is not trusted")
    return Proven(about, request, answer, parts.seq, parts.sealed_at, parts.key)


def _read(export: bytes) -> Parts:
    try:
        told = json.loads(export)
        if told["format"] != FORMAT:
            raise EvidenceWrong("another format")
        block = told["block"]
        return Parts(
            record=b64decode(told["message"], validate=True),
            path=[str(step) for step in told["path"]],
            batch_id=bytes.fromhex(told["batch"]["id"]),
            batch_path=[str(step) for step in told["batch"]["path"]],
            previous=bytes.fromhex(block["previous"]),
            seq=int(block["seq"]),
            sealed_at=str(block["sealed_at"]),
            signature=bytes.fromhex(told["signature"]["value"]),
            key=PublicKey.from_pem(told["signature"]["key"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, NotBase64, KeyFault) as fault:
        raise EvidenceWrong("this is no export of evidence") from fault
