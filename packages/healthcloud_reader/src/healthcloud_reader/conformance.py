"""
A conformance report, verified by anyone with no network.

Signed is `healthcloud-conformance-1`, a line feed, and the report as JSON in UTF-8 with names in order and no blanks.
"""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any

from healthcloud_reader.keys import KeyFault, PublicKey

FORMAT = "healthcloud-conformance-1"


class ReportWrong(Exception):
    """This is no report a city signed; the text tells where it breaks."""


def signed_bytes(report: Mapping[str, Any]) -> bytes:
    """Return what the signature of a report is over."""
    text = json.dumps(report, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{FORMAT}\n{text}".encode()


def verify_report(file: bytes, trusted: PublicKey | None = None) -> tuple[dict[str, Any], PublicKey]:
    """
    Return the report and the key that signed it; raise ReportWrong.

    Without `trusted` any key will do: compare its id with what the city publishes.
    """
    try:
        content = json.loads(file)
        report, signature = content["report"], content["signature"]
        key = PublicKey.from_pem(signature["public"])
        value = b64decode(signature["value"], validate=True)
        message = signed_bytes(report)
        is_named = (content["format"], signature["algorithm"], signature["key"]) == (FORMAT, key.algorithm, key.id)
    except (ValueError, KeyError, TypeError, RecursionError, NotBase64, KeyFault) as fault:
        raise ReportWrong("it cannot be read as a report") from fault
    if not is_named:
        raise ReportWrong("format, algorithm or key are not those it names")
    if trusted is not None and trusted != key:
        raise ReportWrong("signed by another key than the one trusted")
    if not key.verifies(message, value):
        raise ReportWrong("it was altered after it was signed")
    if not isinstance(report, dict):
        raise ReportWrong("the report is no object")
    return report, key
