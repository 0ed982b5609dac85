"""The report of a run: written one way only, and signed by the city that saw it."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from healthcloud.conformance.model import Outcome, Verdict
from healthcloud.core.crypto import Purpose, Use, Vault
from healthcloud_reader.conformance import FORMAT, signed_bytes

REPORTS = "conformance.report"
PURPOSES = (Purpose(REPORTS, Use.SIGN),)


def line_of(outcome: Outcome) -> dict[str, Any]:
    """Return what a report says of a case."""
    case = outcome.case
    return {
        "id": case.id,
        "chapter": case.chapter,
        "zh": case.zh,
        "en": case.en,
        "verdict": str(outcome.verdict),
        "applies": outcome.applies,
        "why": {"zh": outcome.why.zh, "en": outcome.why.en},
        "who_acts": str(outcome.who),
        "expectations": [
            {"zh": one.zh, "en": one.en, "met": one.met, "evidence": list(one.evidence)} for one in outcome.expectations
        ],
    }


def is_whole(outcomes: Sequence[Outcome]) -> bool:
    """Tell whether every case that there is on the face has passed."""
    applying = [one for one in outcomes if one.applies]
    return bool(applying) and all(one.verdict is Verdict.PASSED for one in applying)


def signed_report(vault: Vault, report: dict[str, Any]) -> dict[str, Any]:
    """Return the report with the city's signature, the algorithm and the public key named."""
    signature = vault.sign(REPORTS, signed_bytes(report))
    public = next(one.public for one in vault.trust_list(REPORTS) if one.public.id == signature.key)
    return {
        "format": FORMAT,
        "report": report,
        "signature": {
            "algorithm": str(signature.algorithm),
            "key": signature.key,
            "value": b64encode(signature.value).decode(),
            "public": public.pem(),
        },
    }
